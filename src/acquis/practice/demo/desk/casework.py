"""Cases in every state: new, in hand, late, at the second level, waiting, merged, closed, reopened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

from acquis.accounts.models import User
from acquis.desk.billing.models import Invoice, InvoiceDispute
from acquis.desk.cases.actions.ask_satisfaction import answer_satisfaction, ask_satisfaction
from acquis.desk.cases.actions.diagnose_case import diagnose_case
from acquis.desk.cases.actions.follow_case import close_case, comment_case
from acquis.desk.cases.actions.follow_procedure import begin_procedure, tick_step
from acquis.desk.cases.actions.handle_complaint import advance_complaint, weigh_case
from acquis.desk.cases.actions.handle_dispute import begin_dispute
from acquis.desk.cases.actions.intervene import (
    plan_intervention,
    report_intervention,
    tell_customer,
)
from acquis.desk.cases.actions.link_cases import link_cases, merge_cases
from acquis.desk.cases.actions.open_case import open_case
from acquis.desk.cases.actions.second_level import answer_second_level, ask_second_level
from acquis.desk.cases.actions.settle_case import agree, propose_option, write_consensus
from acquis.desk.cases.models import Case, CaseLink, Intervention, Opinion
from acquis.desk.cases.policy import complaints
from acquis.desk.conversations.models import Conversation
from acquis.desk.documents.actions.review_letter import submit_letter
from acquis.desk.shell import day_in_paris
from acquis.practice.demo.desk.stage import Stage

Kind, State = Case.Kind, Case.State
SECOND_LEVEL = "Assistance technique de niveau 2"


@dataclass(frozen=True)
class Matter:
    """A case as it is opened: of the customer of that rank, so long ago."""

    customer: int
    kind: str
    title: str
    said: str
    ago: timedelta
    reason: str
    urgency: int = 2
    impact: int = 2
    product: str = ""


def fill_cases(stage: Stage) -> Mapping[str, Case]:
    """Play the week of the cases; gives those that other scenes speak of, by a short name."""
    _new(stage)
    made = {"cold": _in_hand(stage)}
    _second_level(stage)
    _waiting_for_the_customer(stage)
    _late(stage)
    _merged_and_linked(stage, made["cold"])
    _closed(stage)
    _complaints(stage)
    made["difficult"] = _difficult(stage)
    _agreed(stage)
    made["unseen"] = _recurring(stage)
    _visited(stage)
    _disputed(stage)
    return made


def _open(stage: Stage, matter: Matter, *, to: User | None = None, by: User | None = None) -> Case:
    return open_case(
        customer=stage.customers[matter.customer],
        kind=matter.kind,
        title=matter.title,
        description=matter.said,
        urgency=matter.urgency,
        impact=matter.impact,
        reason=stage.reason(matter.reason),
        product=stage.product(matter.product) if matter.product else None,
        assignee=to,
        by=by or stage.adviser,
        at=stage.at - matter.ago,
    )


def _diagnose(
    stage: Stage,
    case: Case,
    symptom: str,
    *,
    tried: str,
    cause: str = "",
    by: User,
    at: datetime,
) -> Case:
    return diagnose_case(
        case=case,
        found={
            "reason": case.reason,
            "symptom": stage.symptom(symptom),
            "product": case.product,
            "cause": cause,
            "tried": tried,
            "urgency": case.urgency,
            "impact": case.impact,
        },
        by=by,
        at=at,
    )


def _new(stage: Stage) -> None:
    """Nobody follows these yet; one of each priority."""
    for matter in (
        Matter(
            0, Kind.BREAKDOWN, "Fumée au démarrage du four Fornel",
            "De la fumée sort par l’arrière dès la mise en marche. L’appareil est débranché.",
            timedelta(minutes=40), "Panne pendant la garantie", 1, 1, "FOR-100",
        ),
        Matter(
            1, Kind.REQUEST, "Changer l’adresse avant l’expédition",
            "Le client déménage samedi et demande la livraison à sa nouvelle adresse.",
            timedelta(minutes=25), "Erreur d’adresse", 2, 2,
        ),
        Matter(
            2, Kind.REQUEST, "Recevoir le mode d’emploi en gros caractères",
            "La cliente voit mal et voudrait une version imprimable.",
            timedelta(hours=3), "Information erronée", 3, 3,
        ),
    ):  # fmt: skip
        _open(stage, matter)


def _in_hand(stage: Stage) -> Case:
    """In the adviser's hands, its procedure half followed."""
    matter = Matter(
        3, Kind.BREAKDOWN, "Brisa à broyeur : le café sort tiède",
        "Depuis dix jours le café n’est plus chaud, même après préchauffage.",
        timedelta(days=1, hours=2), "Panne pendant la garantie", 2, 2, "BRI-100",
    )  # fmt: skip
    case = _open(stage, matter, to=stage.adviser)
    at = stage.ago(hours=22)
    case = _diagnose(
        stage, case, "Chauffe insuffisamment", by=stage.adviser, at=at,
        tried="Détartrage avec une dose ACC-DET, deux tasses à vide : toujours tiède.",
    )  # fmt: skip
    steps = begin_procedure(
        case=case, article=stage.article("proc-sav-depannage"), by=stage.adviser, at=at
    )
    for step in steps[:2]:
        tick_step(step=step, done=True, by=stage.adviser, at=at + timedelta(minutes=5))
    return case


def _second_level(stage: Stage) -> None:
    """One that the second level has, one that it gave back with its answer."""
    asked = Matter(
        4, Kind.BREAKDOWN, "Zéphyrine : code inconnu après dix minutes",
        "L’afficheur montre un code absent de la notice, puis l’appareil s’éteint.",
        timedelta(days=1), "Panne pendant la garantie", 1, 2, "ZEP-055",
    )  # fmt: skip
    case = _open(stage, asked, to=stage.adviser)
    tried = "Débranchée trente minutes, autre prise, panier vide : le code revient à chaque essai."
    case = _diagnose(
        stage, case, "Affiche un code d’erreur", tried=tried, by=stage.adviser,
        at=stage.ago(hours=20),
    )  # fmt: skip
    ask_second_level(
        case=case, team=SECOND_LEVEL, tried=tried, by=stage.adviser, at=stage.ago(hours=19),
        question="Que veut dire ce code, et l’appareil doit-il revenir à l’atelier ?",
    )  # fmt: skip

    back = Matter(
        5, Kind.BREAKDOWN, "Grama : la balance affiche 12 g de trop",
        "La pesée est fausse de 12 g, quel que soit le récipient.",
        timedelta(days=2), "Produit non conforme", 2, 3, "GRA-010",
    )  # fmt: skip
    case = _open(stage, back, to=stage.adviser)
    tried = "Remise à zéro, piles neuves, plan de travail de niveau."
    case = _diagnose(
        stage, case, "Pesée fausse", tried=tried, by=stage.adviser, at=stage.ago(hours=46)
    )
    ask_second_level(
        case=case, team=SECOND_LEVEL, tried=tried, by=stage.adviser, at=stage.ago(hours=45),
        question="Existe-t-il un étalonnage que le client peut faire chez lui ?",
    )  # fmt: skip
    answer_second_level(
        case=case, by=stage.supervisor, at=stage.ago(hours=3),
        answer="Oui : dix secondes sur « Tare » plateau vide, puis un poids connu de 500 g. "
        "Si l’écart reste de plus de 2 g, remplacement sous garantie.",
    )  # fmt: skip


def _waiting_for_the_customer(stage: Stage) -> None:
    matter = Matter(
        6, Kind.BREAKDOWN, "Ondine : la bouilloire goutte sous le socle",
        "Une flaque se forme après chaque utilisation.",
        timedelta(days=2, hours=4), "Panne pendant la garantie", 2, 2, "BOU-020",
    )  # fmt: skip
    case = _open(stage, matter, to=stage.colleagues[0], by=stage.colleagues[0])
    comment_case(
        case=case, new_state=State.WAITING_CUSTOMER, customer_told=True,
        body="Photo du joint demandée au client, et le numéro de série sous le socle.",
        by=stage.colleagues[0], at=stage.ago(days=2),
    )  # fmt: skip


def _late(stage: Stage) -> None:
    """What was due days ago."""
    matter = Matter(
        7, Kind.REQUEST, "Bloc de lames commandé, jamais parti",
        "La commande est payée depuis trois semaines et le suivi n’a pas bougé.",
        timedelta(days=7), "Colis non reçu", 1, 1, "ACC-LAM",
    )  # fmt: skip
    case = _open(stage, matter, to=stage.adviser)
    comment_case(
        case=case, body="Logistique relancée : réponse promise pour le lendemain.",
        by=stage.adviser, at=stage.ago(days=5),
    )  # fmt: skip


def _merged_and_linked(stage: Stage, cold: Case) -> None:
    """The same thing asked twice becomes one; another follows from a case in hand."""
    first = Matter(
        8, Kind.REQUEST, "Facture au nom de l’association",
        "Le client demande que la facture porte le nom de son association.",
        timedelta(days=1, hours=5), "Information erronée", 3, 2,
    )  # fmt: skip
    again = Matter(
        8, Kind.REQUEST, "Nom à corriger sur la facture",
        "Même demande, par courriel cette fois.",
        timedelta(hours=6), "Information erronée", 3, 2,
    )  # fmt: skip
    kept = _open(stage, first, to=stage.colleagues[1], by=stage.colleagues[1])
    merge_cases(case=_open(stage, again), into=kept, by=stage.colleagues[1], at=stage.ago(hours=5))
    matter = Matter(
        3, Kind.REQUEST, "Prêt d’une machine pendant la réparation",
        "Le client demande une machine de prêt si la sienne part à l’atelier.",
        timedelta(hours=20), "Attente trop longue", 3, 2, "BRI-100",
    )  # fmt: skip
    link_cases(
        case=_open(stage, matter, to=stage.adviser), other=cold, kind=CaseLink.Kind.CAUSE,
        by=stage.adviser, at=stage.ago(hours=19),
    )  # fmt: skip


def _closed(stage: Stage) -> None:
    """Answered well, asked and silent, answered badly: that one is open again."""
    plan: tuple[tuple[int, str, str, tuple[int, bool, str] | None], ...] = (
        (9, "Cartouches Brisa livrées en double", "Retour offert, avoir de la seconde boîte.",
         (5, True, "Réglé en un seul appel, merci.")),
        (10, "Code promotionnel refusé", "Remise appliquée à la main sur la commande.", None),
        (11, "Colis déclaré livré, introuvable", "Le voisin avait signé : le client va voir.",
         (2, False, "Le voisin n’a rien. Personne ne m’a rappelé.")),
    )  # fmt: skip
    for rank, title, resolution, said in plan:
        matter = Matter(rank, Kind.REQUEST, title, title + ".", timedelta(days=4),
                        "Colis non reçu", 2, 3)  # fmt: skip
        colleague = stage.colleagues[rank % 2]
        case = _open(stage, matter, to=colleague, by=colleague)
        case = close_case(
            case=case, resolution=resolution, ask_satisfaction=True, by=colleague,
            at=stage.ago(days=2),
        )  # fmt: skip
        asked = ask_satisfaction(
            case=case, origin=settings.PUBLIC_ADDRESS, by=colleague, at=stage.ago(days=2)
        )
        _leave_the_message(stage, asked, colleague)
        if said is not None:
            score, solved, comment = said
            answer_satisfaction(
                asked=asked, score=score, solved=solved, comment=comment, at=stage.ago(days=1)
            )


def _leave_the_message(stage: Stage, asked: Opinion, by: User) -> None:
    """What was written to the customer is over: no answer is awaited."""
    talk = Conversation.objects.filter(
        workspace=stage.desk, customer=asked.case.customer, state=Conversation.State.OPEN
    ).latest("pk")
    stage.settle(
        talk, "INF-COM", "RES-DOC", "Question de satisfaction envoyée.", by=by,
        at=stage.ago(days=2) + timedelta(minutes=2),
    )  # fmt: skip


def _complaints(stage: Stage) -> None:
    """One within its days and acknowledged, one whose acknowledgement is overdue (V-13)."""
    matter = Matter(
        12, Kind.COMPLAINT, "Deux rendez-vous manqués par le transporteur",
        "La cliente a posé deux matinées pour rien et demande une réponse écrite.",
        timedelta(days=3), "Promesse non tenue", 2, 2,
    )  # fmt: skip
    case = _open(stage, matter, to=stage.adviser)
    weights: dict[str, Any] = {
        "gravity": 2, "pressure": 2, "stake": 1,
        "customer_stake": "Être livrée un jour qui lui convient, sans poser de congé.",
        "company_stake": "Garder une cliente de six ans ; le transporteur est en cause.",
    }  # fmt: skip
    advance_complaint(
        case=case, stage=complaints.ACKNOWLEDGED, note="Accusé de réception par courriel.",
        by=stage.adviser, at=stage.ago(days=2),
    )  # fmt: skip
    weigh_case(case=case, weights=weights, by=stage.adviser, at=stage.ago(days=1, hours=20))  # type: ignore[arg-type]
    for step in (complaints.QUALIFIED, complaints.IN_PROGRESS):
        advance_complaint(case=case, stage=step, by=stage.adviser, at=stage.ago(days=1, hours=19))
    late = Matter(
        13, Kind.COMPLAINT, "Abonnement reconduit malgré la demande d’arrêt",
        "Le client a écrit avant l’échéance et a été prélevé quand même.",
        timedelta(days=9), "Reconduction contestée", 1, 2,
    )  # fmt: skip
    _open(stage, late, to=stage.colleagues[1], by=stage.colleagues[1])


def _difficult(stage: Stage) -> Case:
    """A critical complaint: what the adviser may grant was granted, the rest waits above."""
    matter = Matter(
        14, Kind.COMPLAINT, "Troisième panne de l’Alma, le client crie",
        "Troisième retour à l’atelier en un an. Le client veut être remboursé aujourd’hui et "
        "annonce un avis public.",
        timedelta(days=1, hours=6), "Panne pendant la garantie", 1, 1, "ALM-100",
    )  # fmt: skip
    case = _weighed(stage, matter, stage.adviser)
    for option in (
        {"label": "Frais de port du retour remboursés", "gesture": "shipping",
         "amount": Decimal("9.90"), "for_customer": "Rien à avancer pour ce retour.",
         "for_company": "Coût déjà prévu par la garantie."},
        {"label": "Geste commercial en plus de la réparation", "gesture": "goodwill",
         "amount": Decimal("60.00"), "for_customer": "Son attente est reconnue.",
         "for_company": "Moins qu’un remplacement ; évite l’avis public."},
        {"label": "Alma neuve à la place de la réparation", "gesture": "reshipment",
         "amount": Decimal("449.00"), "for_customer": "Ce qu’il demande depuis la deuxième panne.",
         "for_company": "Prix de revient d’un appareil ; l’ancien est reconditionné."},
    ):  # fmt: skip
        propose_option(case=case, option=option, by=stage.adviser, at=stage.ago(hours=4))  # type: ignore[arg-type]
    return case


def _agreed(stage: Stage) -> None:
    """A consensus is written: the supervisor has the letter to read over before it leaves."""
    colleague = stage.colleagues[0]
    matter = Matter(
        15, Kind.COMPLAINT, "Colis arrivé ouvert, cadeau gâché",
        "Le colis d’anniversaire est arrivé ouvert et incomplet.",
        timedelta(days=5), "Colis abîmé", 2, 2,
    )  # fmt: skip
    case = _weighed(stage, matter, colleague)
    option = propose_option(
        case=case,
        option={
            "label": "Geste de 15 € et nouvel envoi du coffret", "gesture": "goodwill",
            "amount": Decimal("15.00"), "for_customer": "Le cadeau arrive, avec une attention.",
            "for_company": "Dans la délégation du conseiller.",
        },
        by=colleague,
        at=stage.ago(days=1),
    )  # fmt: skip
    agreement = agree(
        option=option, terms="Nous renvoyons le coffret et vous remboursons 15,00 €",
        amount=Decimal("15.00"), due_on=day_in_paris(stage.at) + timedelta(days=8),
        in_charge="le service clients", by=colleague, at=stage.ago(hours=23),
    )  # fmt: skip
    letter = write_consensus(agreement=agreement, by=colleague, at=stage.ago(hours=22))
    submit_letter(letter=letter, by=colleague, at=stage.ago(hours=21))


def _weighed(stage: Stage, matter: Matter, by: User) -> Case:
    """A complaint taken up to its treatment, as critical as they come."""
    case = _open(stage, matter, to=by, by=by)
    at = stage.at - matter.ago + timedelta(hours=1)
    weights: dict[str, Any] = {
        "gravity": 3, "pressure": 3, "stake": 2,
        "customer_stake": "Être pris au sérieux et ne plus attendre.",
        "company_stake": "Éviter un avis public et un passage devant le médiateur.",
    }  # fmt: skip
    advance_complaint(case=case, stage=complaints.ACKNOWLEDGED, by=by, at=at)
    weigh_case(case=case, weights=weights, by=by, at=at)  # type: ignore[arg-type]
    for step in (complaints.QUALIFIED, complaints.IN_PROGRESS):
        advance_complaint(case=case, stage=step, by=by, at=at + timedelta(minutes=5))
    case.refresh_from_db()
    return case


def _recurring(stage: Stage) -> Case:
    """The same symptom on the same product, once too often: the desk is alerted."""
    case = None
    for rank, days in ((16, 12), (17, 8), (18, 3), (19, 1)):
        colleague = (*stage.colleagues, stage.adviser)[rank % 3]
        matter = Matter(
            rank, Kind.BREAKDOWN, "Brisa Filtre absente de l’application depuis la mise à jour",
            "L’application ne voit plus la cafetière depuis sa dernière mise à jour.",
            timedelta(days=days), "Panne pendant la garantie", 3, 2, "BRI-050",
        )  # fmt: skip
        case = _open(stage, matter, to=colleague, by=colleague)
        case = _diagnose(
            stage, case, "N’est plus vu par l’application", by=colleague,
            at=stage.ago(days=days) + timedelta(hours=1),
            cause="Mise à jour 4.2 de l’application" if days < 12 else "",
            tried="Appareil oublié puis ajouté, téléphone redémarré, réseau 2,4 GHz.",
        )  # fmt: skip
    assert case is not None  # noqa: S101  four of them were just opened
    return case


def _visited(stage: Stage) -> None:
    """A technician comes; another has been."""
    matter = Matter(
        20, Kind.BREAKDOWN, "Four Fornel : la porte ne ferme plus",
        "La charnière gauche a cédé, le four est inutilisable.",
        timedelta(days=1, hours=3), "Panne pendant la garantie", 2, 2, "FOR-100",
    )  # fmt: skip
    case = _open(stage, matter, to=stage.adviser)
    hour = timedelta(hours=1)
    team, span = stage.slot(hour, after=stage.at + timedelta(hours=20))
    visit = plan_intervention(
        case=case, resource=team, span=span, by=stage.adviser, at=stage.ago(hours=5),
        instructions="Remplacer la charnière gauche (en stock). Deuxième étage sans ascenseur.",
    )  # fmt: skip
    talk = tell_customer(
        intervention=visit, channel=Conversation.Channel.MAIL, by=stage.adviser,
        at=stage.ago(hours=5),
    )  # fmt: skip
    stage.settle(
        talk, "SAV-REP", "ACT-SAV", "Rendez-vous du technicien confirmé par courriel.",
        by=stage.adviser, at=stage.ago(hours=5) + timedelta(minutes=2),
    )  # fmt: skip
    done = Matter(
        21, Kind.BREAKDOWN, "Brisa à broyeur bloquée pendant le rinçage",
        "La machine s’arrête à chaque rinçage.",
        timedelta(days=8), "Panne pendant la garantie", 2, 2, "BRI-100",
    )  # fmt: skip
    case = _open(stage, done, to=stage.adviser)
    team, span = stage.slot(hour, after=stage.ago(days=4))
    visit = plan_intervention(
        case=case, resource=team, span=span, by=stage.adviser, at=stage.ago(days=7),
        instructions="Contrôler la pompe et la vanne de rinçage.",
    )  # fmt: skip
    report_intervention(
        intervention=visit, outcome=Intervention.Outcome.SOLVED, by=stage.adviser,
        at=min(span.end + timedelta(hours=1), stage.at),
        report="Vanne de rinçage remplacée, dix cycles d’essai sans arrêt.",
    )  # fmt: skip


def _disputed(stage: Stage) -> None:
    """Part of an invoice contested, in a complaint of its own."""
    invoice = (
        Invoice.objects.filter(
            workspace=stage.desk,
            kind=Invoice.Kind.INVOICE,
            customer__in=[one.pk for one in stage.customers[22:]],
            total_ttc__gte=Decimal(30),
            credit_notes=None,
        )
        .order_by("-issued_on", "-pk")
        .first()
    )
    if invoice is None:
        return
    begin_dispute(
        invoice=invoice, reason=InvoiceDispute.Reason.PRICE, amount=Decimal("12.00"),
        detail="La remise annoncée sur la page du produit n’a pas été appliquée.",
        by=stage.adviser, at=stage.ago(days=2),
    )  # fmt: skip
