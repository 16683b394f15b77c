"""A session in six weeks whose summons are on their way, and a recorded call in the bank."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.accounts.models import Organisation, User, Workspace
from acquis.certification.exam_sessions.actions.answer_summons import (
    answer_summons,
    note_opening,
)
from acquis.certification.exam_sessions.actions.compose import add_candidate, add_juror
from acquis.certification.exam_sessions.actions.issue_summons import issue_summons, mark_summoned
from acquis.certification.exam_sessions.actions.plan_session import plan_session
from acquis.certification.exam_sessions.actions.settle_delivery import settle_bounced, settle_sent
from acquis.certification.exam_sessions.models import ExamSession, SessionJuror, Summons
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.juries.models import Juror
from acquis.certification.papers.actions.author_subject import author_subject, validate_subject
from acquis.certification.registrations.actions.enrol import enrol
from acquis.certification.registrations.actions.register_candidate import register_candidate
from acquis.certification.registrations.models import Candidate, Enrolment

AHEAD = timedelta(days=42)
NINE = 9  # o'clock in Paris
# Spoken by a synthesiser (eSpeak NG): two voices, a text of ours, nobody's call.
CALL = Path(__file__).with_name("call.ogg")


@dataclass(frozen=True, slots=True)
class Summoned:
    """An invented candidate, and what becomes of their summons; empty: enrolled afterwards."""

    first_name: str
    birth_name: str
    sex: str
    born: date
    city: str
    insee: str
    fate: str


PEOPLE = (
    Summoned("Maëlle", "Abgrall", "F", date(1999, 2, 3), "Brest", "29019", "acknowledged"),
    Summoned("Samir", "Benkirane", "M", date(1995, 11, 21), "Nantes", "44109", "opened"),
    Summoned("Chloé", "Desmarets", "F", date(2000, 6, 14), "Angers", "49007", "sent"),
    Summoned("Ludovic", "Faucheux", "M", date(1988, 8, 30), "Rennes", "35238", "bounced"),
    Summoned("Aïcha", "Ndiaye", "F", date(1997, 1, 9), "Le Mans", "72181", "declined"),
    Summoned("Gwenaël", "Riou", "M", date(2001, 12, 2), "Lorient", "56121", ""),
)


def summon_in_advance(
    *, centre: Organisation, people: Mapping[Role, Sequence[User]], model: Workspace, now: datetime
) -> ExamSession:
    """The session, its candidates in every state of their summons, its jurors."""
    manager = people[Role.SESSION_MANAGER][0]
    version = FrameworkVersion.objects.get(framework__code="TP-00483", edition="06")
    start = timezone.localtime(now + AHEAD).replace(hour=NINE, minute=0, second=0, microsecond=0)
    session = plan_session(
        organisation=centre,
        data={
            "reference": "",
            "version": version,
            "block": version.content["blocks"][0]["code"],
            "starts_at": start,
            "place": "Centre de certification des Rives",
            "address": "8 quai des Tisserands\n44000 Nantes",
            "room": "Salle Estuaire",
            "enterprise_id": model.pk,
        },
        by=manager,
        at=now,
    )
    for juror, function in zip(
        Juror.objects.filter(organisation=centre).order_by("pk")[:2],
        (SessionJuror.Function.PRESIDENT, SessionJuror.Function.MEMBER),
        strict=True,
    ):
        add_juror(session=session, juror=juror, function=function, by=manager, at=now)
    for rank, one in enumerate(PEOPLE):
        candidate = register(centre, one, manager, now)
        enrolled = enrol(
            candidate=candidate,
            version=version,
            block=session.block,
            route=Enrolment.Route.TRAINING,
            by=manager,
            at=now,
        )
        seat = add_candidate(session=session, enrolment=enrolled, by=manager, at=now)
        if one.fate:
            _settle(issue_summons(recipient=seat, by=manager, at=now), one.fate, now, rank)
    for rank, member in enumerate(session.jurors.order_by("pk")):
        summons = issue_summons(recipient=member, by=manager, at=now)
        _settle(summons, "acknowledged" if rank == 0 else "sent", now, rank)
    return mark_summoned(session=session, by=manager, at=now)


def register(centre: Organisation, one: Summoned, by: User, now: datetime) -> Candidate:
    """The file of an invented candidate."""
    return register_candidate(
        organisation=centre,
        data={
            "birth_name": one.birth_name,
            "usual_name": "",
            "first_name": one.first_name,
            "other_first_names": "",
            "birth_country": "France",
            "email": f"{one.birth_name.lower()}@courriel.example",
            "phone": "",
            "sex": one.sex,
            "birth_date": one.born,
            "birth_city": one.city,
            "birth_postcode": "",
            "birth_insee_code": one.insee,
        },
        by=by,
        at=now,
    )


def _settle(summons: Summons, fate: str, now: datetime, rank: int) -> None:
    """What the mail servers and the person did meanwhile."""
    at = now + timedelta(seconds=rank)
    if fate == "bounced":
        words = "550 5.1.1 <faucheux@courriel.example>: Recipient address rejected: User unknown"
        settle_bounced(summons=summons, reason=words, at=at)
        return
    settle_sent(summons=summons, message_id=f"<demo-{summons.pk}@centre.example>", at=at)
    if fate == "opened":
        note_opening(summons=summons, at=at)
    elif fate == "acknowledged":
        answer_summons(summons=summons, answer=Summons.Answer.COMING, at=at)
    elif fate == "declined":
        reason = "Je commence un contrat ce jour-là, puis-je passer à une autre session ?"
        answer_summons(summons=summons, answer=Summons.Answer.NOT_COMING, reason=reason, at=at)


def bring_recording(
    *, centre: Organisation, slug: str, author: User, validated_by: User, now: datetime
) -> None:
    """A recorded call to react to, validated by the direction."""
    cover = {
        "reference": "VAL-R01",
        "kind": "recording",
        "framework_code": "TP-00483",
        "block": "CCP1",
        "pack": slug,
        "title": "Troisième appel d’une cliente sans nouvelles",
    }
    content = {
        **cover,
        "situation": "Vous écoutez un appel reçu hier par un collègue du service client.",
        "instructions": [
            "Relevez ce que la cliente a dit et ce qui n’a pas été entendu.",
            "Dites comment vous auriez conduit cet appel, jusqu’à sa conclusion.",
        ],
        "transcript": TRANSCRIPT,
        "expected": {
            "notes": "Écoute et reformulation, excuses, recherche de la commande, engagement daté, rappel,"
            " réponse sur le dédommagement selon la matrice de délégation."
        },
    }
    subject = author_subject(
        organisation=centre,
        cover=cover,
        content=content,
        sound=CALL.read_bytes(),
        by=author,
        at=now,
    )
    validate_subject(subject=subject, by=validated_by, at=now)


TRANSCRIPT = """\
Cliente : Bonjour. Je vous appelle pour la troisième fois. J’ai commandé une table le 2 du mois, elle devait arriver vendredi dernier, et je n’ai rien reçu.
Conseiller : Oui, bonjour. C’est quoi votre nom ?
Cliente : Madame Le Guennec. J’ai déjà donné mon nom et mon numéro de commande à votre collègue, hier.
Conseiller : Hier, ce n’était pas moi. Le transporteur est en retard, je n’y peux rien. Il faut attendre.
Cliente : Attendre combien de temps ? J’ai pris deux jours de congé pour être là. Personne ne m’a prévenue.
Conseiller : Je ne sais pas. Une semaine, peut-être deux. Rappelez lundi.
Cliente : C’est inadmissible. Je veux savoir où est ma table, et qui va me rembourser mes deux jours.
Conseiller : Alors là, madame, les remboursements, ce n’est pas nous. Bonne journée."""
