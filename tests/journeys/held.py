"""Exams that are over, made by the acts of the product: where a journey begins after the exam itself.

Called inside a place (`tests.journeys.exam.prepare`), among the data of the demonstration.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.accounts.models import Membership, Organisation, User, Workspace
from acquis.certification.awards.actions.issue_documents import issue_documents
from acquis.certification.awards.actions.sign_document import countersign, sign_document
from acquis.certification.awards.actions.write_documents import write_documents
from acquis.certification.exam_sessions import actions
from acquis.certification.exam_sessions.models import ExamSession, SessionJuror
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.grading.actions.close_deliberation import close_deliberation
from acquis.certification.grading.actions.close_grid import close_grid
from acquis.certification.grading.actions.conclude_session import conclude_session
from acquis.certification.grading.actions.mark_criterion import mark_criterion
from acquis.certification.grading.actions.open_deliberation import open_deliberation
from acquis.certification.grading.actions.open_grids import open_grids
from acquis.certification.grading.models import Deliberation, Grid, Verdict
from acquis.certification.juries.models import Juror
from acquis.certification.registrations.models import Candidate, Enrolment
from acquis.certification.sittings import actions as exam
from acquis.certification.sittings.models import Phase, Sitting
from acquis.practice.demo.people import PASSWORD
from acquis.practice.demo.summoned import Summoned, register
from acquis.practice.rooms.actions.begin_phase import begin_phase
from tests.factories import evidence

SITTING = ("jure1@centre.example", "jure2@centre.example")  # the first presides
OVER = timedelta(hours=6)


def candidate(
    *, first_name: str, birth_name: str, sex: str, centre: Organisation, by: User, at: datetime
) -> Candidate:
    """Somebody registered who signs in with the password of the demonstration."""
    known = Summoned(first_name, birth_name, sex, date(1996, 5, 12), "Nantes", "44109", "")
    made = register(centre, known, by, at)
    made.user = User.objects.create_user(
        made.email, PASSWORD, first_name=first_name, last_name=birth_name
    )
    Membership.objects.create(user=made.user, organisation=centre, role=Role.CANDIDATE)
    made.save(update_fields=["user"])
    return made


def hold(
    *,
    enrolments: Sequence[Enrolment],
    by: User,
    now: datetime,
    days_ago: int,
    refused: Collection[str] = (),
    disputed: Collection[str] = (),
    jurors: Sequence[str] = SITTING,
) -> ExamSession:
    """A session that ended so many days ago; where there are grids, each juror has closed theirs.

    Both jurors refuse the criteria `refused`; only the one who presides refuses `disputed`.
    """
    start = timezone.localtime(now - timedelta(days=days_ago)).replace(
        hour=9, minute=0, second=0, microsecond=0
    )
    session = _planned(enrolments[0], start, None, by)
    for enrolment in enrolments:
        actions.add_candidate(session=session, enrolment=enrolment, by=by, at=start)
    _seat_jurors(session, jurors, by, start)
    session.candidates.update(present=True, identity_checked_at=start)
    session.jurors.update(present=True)
    session.state, session.closed_at = ExamSession.State.CLOSED, start + OVER
    session.save(update_fields=["state", "closed_at"])
    mark(session, refused=refused, disputed=disputed, at=start + OVER)
    return session


def play(*, enrolment: Enrolment, model: Workspace, by: User, now: datetime) -> ExamSession:
    """A session of this morning whose candidate held one exchange in a copy of the enterprise."""
    start = now - timedelta(hours=3)
    session = _planned(enrolment, start, model, by)
    seat = actions.add_candidate(session=session, enrolment=enrolment, by=by, at=start)
    _seat_jurors(session, SITTING, by, start)
    exam.open_session(session=session, by=by, at=start)
    exam.confirm_presence(candidate=seat, present=True, by=by, at=start)
    exam.confirm_identity(candidate=seat, by=by, at=start)
    for member in session.jurors.all():
        exam.confirm_juror(member=member, present=True, by=by, at=start)
    sitting = exam.authorise_start(sitting=Sitting.objects.get(candidate=seat), by=by, at=start)
    person, juror = enrolment.candidate.user, User.objects.get(email=SITTING[0])
    assert person is not None
    at = start
    for phase in sitting.phases.all():
        at += timedelta(minutes=2)
        begin_phase(phase=phase, by=person, at=at)
        if phase.kind == Phase.Kind.EXCHANGES:
            sitting.refresh_from_db()
            evidence.talk(sitting, person, juror, at)
        at += timedelta(minutes=9)
        exam.end_phase(phase=phase, by=by, at=at)
    exam.finish_sitting(sitting=sitting, by=by, at=at)
    exam.close_session(session=session, by=by, at=at)
    session.refresh_from_db()
    return session


def mark(
    session: ExamSession,
    *,
    refused: Collection[str] = (),
    disputed: Collection[str] = (),
    at: datetime,
) -> None:
    """Each juror has filled and closed the grid of each candidate."""
    open_grids(session=session, by=session.manager, at=at)
    for grid in Grid.objects.filter(candidate__session=session).select_related("juror__juror"):
        own = disputed if grid.juror.function == SessionJuror.Function.PRESIDENT else ()
        _mark(grid, {*refused, *own}, at)


def _planned(first: Enrolment, start: datetime, model: Workspace | None, by: User) -> ExamSession:
    centre = first.candidate.organisation
    return actions.plan_session(
        organisation=centre,
        data={
            "reference": "",
            "version": first.version,
            "block": first.block,
            "starts_at": start,
            "place": centre.name,
            "address": f"{centre.address}\n{centre.postcode} {centre.city}",
            "room": "Salle Estuaire",
            "enterprise_id": model.pk if model else None,
        },
        by=by,
        at=start - timedelta(days=45),
    )


def _seat_jurors(session: ExamSession, jurors: Sequence[str], by: User, at: datetime) -> None:
    functions = (SessionJuror.Function.PRESIDENT, SessionJuror.Function.MEMBER)
    for email, function in zip(jurors, functions, strict=True):
        juror = Juror.objects.get(user__email=email)
        actions.add_juror(session=session, juror=juror, function=function, by=by, at=at)


def _mark(grid: Grid, refused: Collection[str], at: datetime) -> None:
    user = grid.juror.juror.user
    assert user is not None
    for rank, criterion in enumerate(grid.marks.values_list("criterion", flat=True)):
        mark_criterion(
            grid=grid,
            criterion=criterion,
            verdict=(Verdict.NOT_ACQUIRED if criterion in refused else Verdict.ACQUIRED).value,
            observation="Non constaté pendant l’épreuve." if criterion in refused else "",
            seq=0,
            client_id=f"held:{rank}",
            by=user,
            at=at,
        )
    close_grid(grid=grid, general_observation="Échange courtois.", by=user, at=at)


def decide(session: ExamSession, *, reasons: str, at: datetime) -> None:
    """The jury admits everybody, signs with the manager, and all is issued."""
    president, *others = (
        seat.juror.user
        for seat in session.jurors.select_related("juror__user").order_by("-function")
    )
    present = list(session.jurors.values_list("pk", flat=True))
    for seat in session.candidates.all():
        close_deliberation(
            deliberation=open_deliberation(candidate=seat, by=president, at=at),
            outcome=Deliberation.Outcome.PASSED,
            reasons=reasons,
            present=present,
            by=president,
            at=at,
        )
    conclude_session(session=session, by=president, at=at)
    session.refresh_from_db()
    pv = write_documents(session=session, by=session.manager, at=at)
    for one in (president, *others):
        sign_document(document=pv, by=one, at=at, password=PASSWORD)
    countersign(document=pv, by=session.manager, at=at, password=PASSWORD)
    session.refresh_from_db()
    issue_documents(session=session, by=session.manager, at=at)


def criteria_of(version: FrameworkVersion, block: str) -> list[str]:
    """The codes of the criteria of one block, in document order."""
    found = next(one for one in version.content["blocks"] if one["code"] == block)
    return [one["code"] for one in found["criteria"]]
