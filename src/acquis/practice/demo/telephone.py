"""A session of CCP2, whose exchanges are by telephone: one candidate, the jurors of the day before."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from acquis.accounts.enums import Role
from acquis.accounts.models import Organisation, User, Workspace
from acquis.certification.exam_sessions.actions.compose import add_candidate, add_juror
from acquis.certification.exam_sessions.actions.plan_session import plan_session
from acquis.certification.exam_sessions.models import ExamSession, SessionJuror
from acquis.certification.papers.actions.commit_draw import commit_draw
from acquis.certification.registrations.actions.enrol import enrol
from acquis.certification.registrations.models import Enrolment
from acquis.practice.demo.summoned import Summoned, register

AFTER = timedelta(days=1)  # nobody sits in two juries on one day
BLOCK = "CCP2"
CANDIDATE = Summoned("Naïm", "Lescoat", "M", date(1996, 7, 30), "Quimper", "29232", "")


def telephone_session(
    *,
    centre: Organisation,
    people: Mapping[Role, Sequence[User]],
    model: Workspace,
    today: ExamSession,
    now: datetime,
) -> ExamSession:
    """The day after `today`, in another room, before the same jury; its draws are committed to.

    The last candidate among the people of the demonstration sits it.
    """
    by = today.manager
    session = plan_session(
        organisation=centre,
        data={
            "reference": "",
            "version": today.version,
            "block": BLOCK,
            "starts_at": today.starts_at + AFTER,
            "place": today.place,
            "address": today.address,
            "room": "Salle Goélette",
            "enterprise_id": model.pk,
        },
        by=by,
        at=now,
    )
    candidate = register(centre, CANDIDATE, by, now)
    candidate.user = people[Role.CANDIDATE][-1]
    candidate.save(update_fields=["user"])
    enrolled = enrol(
        candidate=candidate,
        version=today.version,
        block=BLOCK,
        route=Enrolment.Route.TRAINING,
        by=by,
        at=now,
    )
    add_candidate(session=session, enrolment=enrolled, by=by, at=now)
    for member in SessionJuror.objects.filter(session=today).select_related("juror"):
        add_juror(session=session, juror=member.juror, function=member.function, by=by, at=now)
    commit_draw(session=session, by=by, at=now)
    return session
