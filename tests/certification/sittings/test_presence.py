"""Who is here, who they are, and who lets them begin: each gate refuses by itself, each act counts once."""

from datetime import timedelta

import pytest

from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.sittings import actions, errors
from acquis.certification.sittings.models import Phase, Sitting
from acquis.kernel import trace
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db

LATER = DAY + timedelta(minutes=5)


def verbs(session: ExamSession) -> list[str]:
    return [line.verb for line in trace.lines(session.trace_stream).order_by("position")]


def test_whoever_has_not_begun_may_be_said_absent_then_present_again() -> None:
    session = make.sitting().candidate.session
    seat = session.candidates.get()
    for present in (True, True, False, False, True):
        noted = actions.confirm_presence(
            candidate=seat, present=present, by=session.manager, at=DAY
        )
        assert noted.present is present
    assert [verb for verb in verbs(session) if verb.startswith("candidate.")] == [
        "candidate.present",
        "candidate.absent",
        "candidate.present",
    ]


def test_a_presence_is_noted_before_the_exams_are_opened() -> None:
    session = make.session(candidates=1)
    seat = session.candidates.get()
    actions.confirm_presence(candidate=seat, present=True, by=session.manager, at=DAY)
    seat.refresh_from_db()
    assert seat.present
    assert not Sitting.objects.exists()


def test_an_identity_is_checked_once_and_the_first_check_counts() -> None:
    session = make.sitting().candidate.session
    seat, other = session.candidates.get(), make.person()
    actions.confirm_presence(candidate=seat, present=True, by=session.manager, at=DAY)
    actions.confirm_identity(candidate=seat, by=session.manager, at=DAY)
    again = actions.confirm_identity(candidate=seat, by=other, at=LATER)
    assert (again.identity_checked_at, again.identity_checked_by) == (DAY, session.manager)
    assert verbs(session).count("candidate.identified") == 1


def test_nobody_is_let_in_before_presence_and_identity() -> None:
    sitting = make.sitting()
    by = sitting.candidate.session.manager
    with pytest.raises(errors.PresenceNotTicked):
        actions.authorise_start(sitting=sitting, by=by, at=DAY)
    actions.confirm_presence(candidate=sitting.candidate, present=True, by=by, at=DAY)
    with pytest.raises(errors.IdentityNotChecked):
        actions.authorise_start(sitting=sitting, by=by, at=DAY)
    sitting.refresh_from_db()
    assert sitting.authorised_at is None
    actions.confirm_identity(candidate=sitting.candidate, by=by, at=DAY)
    assert actions.authorise_start(sitting=sitting, by=by, at=DAY).authorised_at == DAY


def test_what_was_allowed_may_be_taken_back_and_given_again() -> None:
    sitting = make.ready_sitting()
    by, phase = sitting.candidate.session.manager, sitting.phases.first()
    again = actions.authorise_start(sitting=sitting, by=by, at=LATER)
    assert again.authorised_at == DAY
    for _twice in range(2):
        actions.withdraw_start(sitting=sitting, by=by, at=DAY)
    with pytest.raises(errors.StartNotAuthorised):
        actions.start_phase(phase=phase, by=by, at=DAY)
    phase.refresh_from_db()
    assert phase.state == Phase.State.WAITING
    actions.authorise_start(sitting=sitting, by=by, at=LATER)
    assert actions.start_phase(phase=phase, by=by, at=LATER).started_at == LATER
    told = [line.verb for line in trace.lines(sitting.trace_stream)]
    assert told.count("sitting.authorisation_withdrawn") == 1
    assert told.count("sitting.authorised") == 2


def test_the_presence_of_a_juror_is_noted_once_each_way() -> None:
    session = make.session()
    member = session.jurors.first()
    for present in (True, True, False):
        actions.confirm_juror(member=member, present=present, by=session.manager, at=DAY)
    member.refresh_from_db()
    assert member.present is False
    lines = trace.lines(session.trace_stream).filter(verb="juror.presence").order_by("position")
    assert [line.data["present"] for line in lines] == [True, False]


def test_those_who_are_ready_begin_at_one_instant_and_nobody_else() -> None:
    session = make.open_session(candidates=3)
    by = session.manager
    ready, waiting, absent = Sitting.objects.order_by("pk")
    for sitting in (ready, waiting):
        actions.confirm_presence(candidate=sitting.candidate, present=True, by=by, at=DAY)
        actions.confirm_identity(candidate=sitting.candidate, by=by, at=DAY)
    actions.authorise_start(sitting=ready, by=by, at=DAY)
    assert actions.start_together(session=session, by=by, at=LATER) == 1
    assert actions.start_together(session=session, by=by, at=LATER) == 0
    for sitting, started in ((ready, LATER), (waiting, None), (absent, None)):
        sitting.refresh_from_db()
        assert sitting.started_at == started
