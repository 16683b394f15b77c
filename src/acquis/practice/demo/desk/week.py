"""What is promised and prepared: call-backs, video, presence, records, prices, readings, remarks."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from acquis.desk.agenda.actions.book import book
from acquis.desk.agenda.models import Appointment
from acquis.desk.cases.models import Case, RecurrenceAlert
from acquis.desk.directory.actions.keep_customer import create_customer
from acquis.desk.directory.actions.keep_view import save_view
from acquis.desk.directory.actions.record_consent import Statement, record_consent
from acquis.desk.directory.models import Consent
from acquis.desk.directory.policy import listing
from acquis.desk.imports.actions.bring_file import bring_file
from acquis.desk.imports.actions.lead_import import check_lines
from acquis.desk.imports.models import CustomerImport
from acquis.desk.knowledge.actions.confirm_reading import confirm_reading
from acquis.desk.knowledge.actions.use_articles import record_miss, vote
from acquis.desk.knowledge.models import ReadingItem
from acquis.desk.merging.actions.scan_desk import start_scan
from acquis.desk.queues.actions.be_present import be_present, give_sign
from acquis.desk.queues.models import Presence
from acquis.desk.raising.actions.raise_up import Told, qualify, raise_alert, raise_up, say_me_too
from acquis.desk.raising.models import Raised
from acquis.desk.sales.actions.keep_price_list import (
    Asked as ListAsked,
)
from acquis.desk.sales.actions.keep_price_list import (
    Given,
    draft_price_list,
    keep_price_list,
    publish_price_list,
)
from acquis.desk.sales.models import PriceList
from acquis.desk.sales.pricing import Step
from acquis.desk.shell import day_in_paris
from acquis.desk.video.access import key_of
from acquis.desk.video.actions.invite import Asked as Invited
from acquis.desk.video.actions.invite import invite
from acquis.desk.video.models import VideoInvitation
from acquis.desk.webchat import queries as webchat
from acquis.desk.webchat.actions.call_backs import Asked as CallAsked
from acquis.desk.webchat.actions.call_backs import record_attempt, request_call_back, take_call_back
from acquis.desk.webchat.models import CallAttempt, CallBack, Site
from acquis.practice.demo.desk.stage import Stage, linked

SIGN_EVERY = timedelta(seconds=75)
PUBLISHED_DAYS = 3  # since when the price list for companies holds is told by its day
FILE = """Civilité;Nom;Prénom;Courriel;Téléphone;Code postal;Commune
Mme;Trouvélain;Aline;aline.trouvelain@boite.example;06 39 98 31 01;49000;Angers
M.;Quillédec;Bruno;bruno.quilledec@courrier.example;06 39 98 31 02;29200;Brest
Mme;Garambois;Céline;celine.garambois(at)boite.example;06 39 98 31 03;26000;Valence
M.;;;sans.nom@boite.example;06 39 98 31 04;44000;Nantes
M.;Pellouard;David;david.pellouard@messagerie.example;06 39;72000;Le Mans
Mme;Trouvélain;Aline;aline.trouvelain@boite.example;06 39 98 31 01;49000;Angers
Mme;Saurénac;Esther;esther.saurenac@boite.example;06 39 98 31 06;31000;Toulouse
M.;Vaubernier;Fabien;fabien.vaubernier@courrier.example;06 39 98 31 07;76000;Rouen
"""


def fill_week(stage: Stage, cases: Mapping[str, Case]) -> None:
    """Everything around the contacts and the cases."""
    _call_backs(stage)
    _video(stage)
    _records(stage)
    _prices(stage)
    _readings(stage)
    _remarks(stage, cases)
    _presence(stage)


def _call_backs(stage: Stage) -> None:
    """One to come, one late, one done, one tried in vain."""
    site = Site.objects.filter(workspace=stage.desk).order_by("pk")[0]
    next_free = webchat.free_slots(site, now=stage.at)[0].start
    _promise(
        stage, site, 33, "Une question sur l’abonnement Cuisine", next_free, at=stage.ago(hours=1)
    )
    _promise(stage, site, 34, "Échéancier de paiement", webchat.free_slots(site, now=stage.at)[3].start,
             at=stage.ago(hours=2))  # fmt: skip
    before = [
        slot
        for slot in webchat.free_slots(site, now=stage.ago(days=6))
        if slot.end < stage.ago(minutes=10)
    ]
    late, tried, done = before[-1], before[-6], before[-9]
    asked = stage.ago(days=6)
    _promise(stage, site, 35, "Facture payée deux fois", late.start, at=asked)
    call_back = _promise(stage, site, 31, "Suivi de mon échange", done.start, at=asked)
    talk = take_call_back(call_back=call_back, by=stage.colleagues[0], at=done.start)
    end = done.start + timedelta(minutes=9)
    record_attempt(
        call_back=call_back, result=CallAttempt.Result.REACHED, again_in=timedelta(),
        note="Rassuré : l’échange part demain.", by=stage.colleagues[0], at=end,
    )  # fmt: skip
    stage.settle(talk, "RET-ECH", "RES-1C", "Échange confirmé au téléphone.",
                 by=stage.colleagues[0], at=end)  # fmt: skip
    call_back = _promise(stage, site, 27, "Choisir un robot Alma", tried.start, at=asked)
    talk = take_call_back(call_back=call_back, by=stage.colleagues[1], at=tried.start)
    record_attempt(
        call_back=call_back, result=CallAttempt.Result.ABSENT, note="Répondeur, sans message.",
        again_in=next_free - tried.start + timedelta(minutes=30), by=stage.colleagues[1],
        at=tried.start,
    )  # fmt: skip
    stage.settle(talk, "INF-PRO", "RAP-PRO", "Absent : rappel reporté.", by=stage.colleagues[1],
                 at=tried.start + timedelta(minutes=2))  # fmt: skip


def _promise(
    stage: Stage, site: Site, rank: int, subject: str, slot: datetime, *, at: datetime
) -> CallBack:
    customer = stage.customers[rank]
    return request_call_back(
        site=site,
        asked=CallAsked(
            name=f"{customer.first_name} {customer.last_name}",
            phone=customer.phone,
            subject=subject,
            slot_start=slot,
            client_key=f"demo-{rank}",
            proof={"page": "https://www.valbrenne.example/rappel/"},
        ),
        by=None,
        at=at,
    )


def _video(stage: Stage) -> None:
    """A customer invited on a slot of the technician's planning, which also holds meetings."""
    half = timedelta(minutes=30)
    resource, span = stage.slot(half, after=stage.at + timedelta(hours=2), name="Thibaut Dessangle")
    invite(
        workspace=stage.desk,
        asked=Invited(
            way=VideoInvitation.Way.COPY,
            subject="Régler le broyeur ensemble",
            slot=span.start,
            customer=stage.customers[3],
            resource=resource,
            length=half,
        ),
        link=linked("visio:room", key_of),
        by=stage.adviser,
        at=stage.ago(hours=2),
    )
    for name, title in (
        ("Thibaut Dessangle", "Point qualité : mise à jour 4.2 de l’application"),
        ("Atelier de démonstration", "Atelier : cuire à la vapeur avec l’Alma"),
    ):
        resource, span = stage.slot(half, after=span.end, name=name)
        book(
            resource=resource, span=span, title=title, kind=Appointment.Kind.MEETING,
            by=stage.supervisor, at=stage.ago(days=1),
        )  # fmt: skip


def _records(stage: Stage) -> None:
    """Views, agreements, two records that look alike, a file with faults to look at."""
    for name, query, shared in (
        ("Professionnels par ville", {"type": ["company"], "tri": ["ville"]}, True),
        ("Ille-et-Vilaine", {"cp": ["35"], "tri": ["ville"]}, False),
    ):
        save_view(workspace=stage.desk, name=name, query=listing.canonical(query),
                  shared=shared, by=stage.supervisor if shared else stage.adviser,
                  at=stage.ago(days=6))  # fmt: skip
    for rank, given in ((33, True), (34, False)):
        record_consent(
            customer=stage.customers[rank],
            statement=Statement(
                channel=Consent.Channel.EMAIL, given=given, decided_at=stage.ago(days=4),
                medium=Consent.Medium.FORM,
                text_shown="J’accepte de recevoir les offres de Valbrenne par courriel.",
                act="case cochée sur le formulaire du compte" if given else "case décochée",
            ),
            by=stage.adviser, at=stage.ago(days=4),
        )  # fmt: skip
    twin = stage.customers[5]
    create_customer(
        workspace=stage.desk,
        values={
            "kind": "person", "title": twin.title, "first_name": twin.first_name,
            "last_name": twin.last_name.upper(), "phone": twin.phone, "email": "",
            "address_1": twin.address_1, "postcode": twin.postcode, "city": twin.city,
        },
        by=stage.colleagues[0],
        at=stage.ago(days=3),
    )  # fmt: skip
    start_scan(workspace=stage.desk, by=stage.supervisor, at=stage.at)
    source = bring_file(
        workspace=stage.desk,
        file=SimpleUploadedFile("salon-maison-nantes.csv", FILE.encode(), content_type="text/csv"),
        by=stage.adviser, at=stage.ago(hours=1),
    )  # fmt: skip
    check_lines(
        source=source, mapping={int(rank): field for rank, field in source.mapping.items()},
        on_duplicate=CustomerImport.OnDuplicate.FILL, by=stage.adviser, at=stage.at,
    )  # fmt: skip


def _prices(stage: Stage) -> None:
    """Companies have a published list, whose next version is being written; another is a draft."""
    one = Decimal(1)
    lines = [
        Given(stage.product("BRI-100"), Step(one, percent=Decimal(8))),
        Given(stage.product("CAF-ALT"), Step(one, percent=Decimal(5))),
        Given(stage.product("CAF-ALT"), Step(Decimal(12), percent=Decimal(12))),
    ]
    today = day_in_paris(stage.at)
    kept = _price_list(stage, "Professionnels", PriceList.Audience.COMPANIES)
    version = draft_price_list(
        price_list=kept, lines=lines, by=stage.supervisor, at=stage.ago(days=PUBLISHED_DAYS)
    )
    version = publish_price_list(
        version=version, on=today - timedelta(days=PUBLISHED_DAYS), by=stage.supervisor,
        at=stage.ago(days=PUBLISHED_DAYS), note="Remises de quantité sur le café.",
    )  # fmt: skip
    draft_price_list(
        price_list=kept,
        source=version,
        percent=Decimal(3),
        by=stage.supervisor,
        at=stage.ago(days=1),
    )
    kept = _price_list(stage, "Fêtes de fin d’année", PriceList.Audience.PERSONS)
    draft_price_list(
        price_list=kept, by=stage.supervisor, at=stage.ago(days=1),
        lines=[Given(stage.product("ALM-100"), Step(one, percent=Decimal(10)))],
    )  # fmt: skip


def _price_list(stage: Stage, name: str, audience: str) -> PriceList:
    return keep_price_list(
        workspace=stage.desk,
        price_list=None,
        asked=ListAsked(
            name=name,
            audience=audience,
            owner="Offre et marketing",
            review_on=day_in_paris(stage.at) + timedelta(days=90),
        ),
        by=stage.supervisor,
        at=stage.ago(days=PUBLISHED_DAYS),
    )


def _readings(stage: Stage) -> None:
    """The adviser is half through, a colleague has read it all; what articles lack is told."""
    items = list(
        ReadingItem.objects.filter(
            workspace=stage.desk, reading_list__title="Première semaine"
        ).select_related("article", "reading_list__workspace").order_by("position")
    )  # fmt: skip
    for reader, read in ((stage.adviser, items[:3]), (stage.colleagues[0], items)):
        for item in read:
            confirm_reading(
                item=item, version=item.article.version, answers=[], by=reader, at=stage.ago(days=2)
            )
    vote(article=stage.article("proc-livraison"), useful=True, comment="", by=stage.adviser,
         at=stage.ago(days=1))  # fmt: skip
    vote(
        article=stage.article("proc-sav-depannage"), useful=False, by=stage.colleagues[1],
        comment="Rien sur la Brisa Filtre depuis la mise à jour 4.2.", at=stage.ago(days=1),
    )  # fmt: skip
    for typed in ("pile lithium avion", "pile lithium avion", "garantie voyage"):
        record_miss(workspace=stage.desk, typed=typed, at=stage.ago(days=1))


def _remarks(stage: Stage, cases: Mapping[str, Case]) -> None:
    """What advisers raise, in each state of its follow-up."""
    states, kinds = Raised.State, Raised.Kind
    plan: tuple[tuple[int, str, str, str, str, str, str, str], ...] = (
        (0, kinds.IDEA, "Proposer le créneau du soir pour les techniciens", "Un client sur trois demande après 18 h.",
         "Des rendez-vous refusés.", "Ouvrir deux soirs par semaine en Île-de-France.", "", ""),
        (1, kinds.WORDING, "La fiche Brisa Filtre ne dit rien de la mise à jour 4.2",
         "Les clients appellent, la fiche ne répond pas.", "Des réponses différentes selon qui décroche.",
         "Ajouter le contournement à la procédure de dépannage.", states.ACCEPTED,
         "Oui : le niveau 2 rédige, publication cette semaine."),
        (2, kinds.TOOL, "Le suivi du transporteur s’ouvre dans un autre écran",
         "Il faut recopier le numéro à la main.", "Une minute perdue à chaque colis.",
         "Un lien depuis la commande.", states.IN_PROGRESS, "Demandé à la logistique."),
        (0, kinds.MALFUNCTION, "Courriels de confirmation envoyés deux fois",
         "Deux clients l’ont signalé hier.", "Des clients inquiets.", "", states.DONE,
         "Corrigé hier soir par l’équipe du site."),
        (1, kinds.IDEA, "Offrir le port à toute commande en retard",
         "Le port remboursé éteint la réclamation.", "Moins d’avis négatifs.",
         "Le faire sans demander.", states.REFUSED,
         "Trop coûteux sans distinction ; la matrice d’autorité permet déjà de le faire au cas par cas."),
    )  # fmt: skip
    people = (stage.adviser, *stage.colleagues)
    for days, (who, kind, title, seen, effect, proposal, state, answer) in enumerate(plan, start=1):
        told: Told = {
            "kind": kind, "title": title, "seen": seen, "effect": effect, "proposal": proposal,
        }  # fmt: skip
        raised = raise_up(
            workspace=stage.desk, told=told, by=people[who], at=stage.ago(days=days),
            cases=[cases["unseen"]] if kind == kinds.WORDING else (),
        )  # fmt: skip
        say_me_too(raised=raised, by=people[(who + 1) % 3], at=stage.ago(days=days - 0.5))
        if state:
            qualify(raised=raised, state=state, body=answer, by=stage.supervisor,
                    at=stage.ago(hours=days * 4))  # fmt: skip
    alert = RecurrenceAlert.objects.filter(workspace=stage.desk).order_by("pk")[0]
    raise_alert(alert=alert, by=stage.colleagues[0], at=stage.ago(hours=20))


def _presence(stage: Stage) -> None:
    """Both colleagues have been there for half an hour: one on a break, one at her cases.

    A presence lasts as long as somebody gives signs: they are seen gone soon after.
    """
    begun = stage.ago(minutes=30)
    for colleague, state, reason in (
        (stage.colleagues[0], Presence.State.PAUSED, Presence.Reason.BREAK),
        (stage.colleagues[1], Presence.State.CASEWORK, ""),
    ):
        be_present(
            workspace=stage.desk, state=Presence.State.AVAILABLE, by=colleague, at=begun
        )  # fmt: skip
        changed, at = False, begun
        while at + SIGN_EVERY < stage.at:
            at += SIGN_EVERY
            if not changed and at > stage.ago(minutes=8):
                be_present(workspace=stage.desk, state=state, reason=reason, by=colleague, at=at)
                changed = True
            else:
                give_sign(workspace=stage.desk, by=colleague, at=at)
        give_sign(workspace=stage.desk, by=colleague, at=stage.at)
