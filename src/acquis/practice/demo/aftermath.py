"""What follows a session: an incident that holds results, its corrective actions, an appeal in hand."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.accounts.models import Organisation, User, Workspace
from acquis.certification.appeals.actions import (
    AppealData,
    judge_admissibility,
    lodge_appeal,
    name_member,
    set_rule,
)
from acquis.certification.appeals.models import Appeal, CommitteeMember
from acquis.certification.exam_sessions.actions import (
    add_candidate,
    add_juror,
    plan_session,
    report_incident,
)
from acquis.certification.exam_sessions.models import ExamSession, Incident, SessionJuror
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.incidents.actions import open_action, settle_incident
from acquis.certification.juries.models import Juror
from acquis.certification.registrations.actions.enrol import enrol
from acquis.certification.registrations.models import Enrolment
from acquis.practice.demo.summoned import Summoned, register

BEFORE = timedelta(days=21)
PEOPLE = (
    Summoned("Marceline", "Kerbrat", "F", date(1993, 2, 11), "Quimper", "29232", ""),
    Summoned("Ousmane", "Sagna", "M", date(1997, 8, 23), "Nantes", "44109", ""),
    Summoned("Apolline", "Dréan", "F", date(2000, 11, 4), "Vannes", "56260", ""),
)


def leave_traces(
    *,
    centre: Organisation,
    people: Mapping[Role, Sequence[User]],
    model: Workspace,
    now: datetime,
) -> ExamSession:
    """A session of three weeks ago, its incidents, and the appeal of one candidate."""
    session = _session(centre, people, model, now)
    direction, manager = people[Role.CERTIFYING_BODY][0], people[Role.SESSION_MANAGER][0]
    first, second, _third = session.candidates.order_by("order")
    held = session.starts_at
    lost = report_incident(
        session=session,
        category=Incident.Category.HEADSET,
        description="Le casque du poste 2 est resté muet dix minutes pendant le premier échange.",
        effect=Incident.Effect.TIME_GIVEN,
        candidate=first,
        happened_at=held + timedelta(hours=2),
        by=people[Role.INVIGILATOR][0],
        at=held + timedelta(hours=2, minutes=15),
    )
    report_incident(
        session=session,
        category=Incident.Category.RECORDING,
        description="L’enregistrement de l’appel à écouter s’est arrêté avant la fin.",
        effect=Incident.Effect.NEUTRALISED,
        candidate=second,
        happened_at=held + timedelta(hours=3),
        by=people[Role.INVIGILATOR][0],
        at=held + timedelta(hours=3, minutes=5),
    )
    settle_incident(
        incident=lost,
        effect=Incident.Effect.TIME_GIVEN,
        text="Dix minutes ont été rendues avant le deuxième échange.",
        by=manager,
        at=held + timedelta(hours=9),
    )
    today = timezone.localtime(now).date()
    for title, owner, days, at in (
        ("Remplacer les casques de la salle Estuaire", manager, -3, now - timedelta(days=18)),
        ("Essayer chaque enregistrement la veille", people[Role.TRAINER][0], 12, now),
    ):
        open_action(
            session=session,
            incident=lost,
            title=title,
            details="",
            owner=owner,
            due_on=today + timedelta(days=days),
            by=manager,
            at=at,
        )
    set_rule(
        organisation=centre,
        framework=None,
        lodge_within_days=60,
        answer_within_days=30,
        by=direction,
        at=now - timedelta(days=100),
    )
    appeal = lodge_appeal(
        seat=first,
        data=AppealData(
            channel=Appeal.Channel.LETTER,
            grounds=[Appeal.Ground.EQUIPMENT],
            statement="Mon casque ne marchait pas. J’ai perdu dix minutes et le client s’est impatienté.",
            received_on=today - timedelta(days=9),
        ),
        by=manager,
        at=now - timedelta(days=9),
    )
    judge_admissibility(
        appeal=appeal,
        admissible=True,
        standing=True,
        form=True,
        reason="",
        by=direction,
        at=now - timedelta(days=7),
    )
    for quality, user in (
        (CommitteeMember.Quality.DIRECTION, direction),
        (CommitteeMember.Quality.SESSION_MANAGER, manager),
        (CommitteeMember.Quality.TRAINING_MANAGER, people[Role.TRAINER][0]),
    ):
        name_member(
            appeal=appeal, quality=quality, user=user, by=direction, at=now - timedelta(days=7)
        )
    return session


def _session(
    centre: Organisation,
    people: Mapping[Role, Sequence[User]],
    model: Workspace,
    now: datetime,
) -> ExamSession:
    """Held three weeks ago on paper: its people, no copy of the enterprise."""
    manager = people[Role.SESSION_MANAGER][0]
    version = FrameworkVersion.objects.get(framework__code="TP-00483", edition="06")
    start = timezone.localtime(now - BEFORE).replace(hour=9, minute=0, second=0, microsecond=0)
    at = start - timedelta(days=45)
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
        at=at,
    )
    outside = Juror.objects.filter(organisation=centre, user=None).order_by("pk")[:2]
    functions = (SessionJuror.Function.PRESIDENT, SessionJuror.Function.MEMBER)
    for juror, function in zip(outside, functions, strict=True):
        add_juror(session=session, juror=juror, function=function, by=manager, at=at)
    for one in PEOPLE:
        enrolled = enrol(
            candidate=register(centre, one, manager, at),
            version=version,
            block=session.block,
            route=Enrolment.Route.TRAINING,
            by=manager,
            at=at,
        )
        add_candidate(session=session, enrolment=enrolled, by=manager, at=at)
    session.candidates.update(present=True, identity_checked_at=start)
    session.jurors.update(present=True)
    session.state, session.closed_at = ExamSession.State.CLOSED, start + timedelta(hours=9)
    session.save(update_fields=["state", "closed_at"])
    return session
