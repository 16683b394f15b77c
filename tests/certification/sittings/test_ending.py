"""How exams and sessions end: once, with their reason, and nothing is written after."""

from datetime import timedelta

import pytest

from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.sittings import actions, errors, policy
from acquis.certification.sittings.enums import EndReason
from acquis.certification.sittings.models import Phase, Sitting
from acquis.kernel import trace
from acquis.kernel.models import OutboxMessage
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db

LATER = DAY + timedelta(minutes=5)


def abort(sitting: Sitting, reason: str = "Malaise", at=LATER) -> Sitting:
    by = sitting.candidate.session.manager
    return actions.abort_sitting(sitting=sitting, reason=reason, by=by, at=at)


def finish(sitting: Sitting, at=LATER) -> Sitting:
    return actions.finish_sitting(sitting=sitting, by=make.writer(sitting), at=at)


def hand_in_all(sitting: Sitting, but: int = 0) -> None:
    for phase in sitting.phases.exclude(position=but):
        actions.end_phase(phase=phase, by=make.writer(sitting), at=DAY)


def test_an_exam_stopped_twice_keeps_its_first_reason() -> None:
    sitting = make.running_sitting()
    abort(sitting)
    again = abort(sitting, "Alerte incendie", at=LATER + timedelta(hours=1))
    assert (again.abort_reason, again.finished_at) == ("Malaise", LATER)
    assert trace.lines(sitting.trace_stream).filter(verb="sitting.aborted").count() == 1


def test_an_exam_that_finished_is_not_stopped() -> None:
    sitting = make.running_sitting()
    hand_in_all(sitting)
    finish(sitting)
    with pytest.raises(errors.SittingSealed):
        abort(sitting)
    sitting.refresh_from_db()
    assert (sitting.state, sitting.abort_reason) == (Sitting.State.FINISHED, "")


def test_a_part_out_of_time_keeps_nobody_from_finishing() -> None:
    sitting = make.running_sitting()
    hand_in_all(sitting, but=1)
    with pytest.raises(errors.PhasesNotEnded):
        finish(sitting)
    finish(sitting, at=DAY + timedelta(minutes=80))
    last = sitting.phases.get(position=1)
    assert (last.ended_reason, last.ended_at) == (EndReason.TIME_OVER, last.ends_at)


def test_the_end_of_the_exchanges_is_told_to_those_who_read_them() -> None:
    """What rooms hold open is closed after any part; what was said may be read after the exchanges."""
    sitting = make.running_sitting()
    told = []
    for phase in sitting.phases.filter(position__lte=3):
        actions.start_phase(phase=phase, by=make.writer(sitting), at=DAY)
        OutboxMessage.objects.all().delete()
        actions.end_phase(phase=phase, by=make.writer(sitting), at=LATER)
        sent = OutboxMessage.objects.filter(topic__startswith="sitting.").order_by("pk")
        told.append([message.topic for message in sent])
    assert told == [
        ["sitting.phase_ended"],
        ["sitting.phase_ended"],
        ["sitting.phase_ended", "sitting.produced"],
    ]


@pytest.mark.parametrize("sealed", [None, DAY - timedelta(days=1)])
def test_the_private_desk_closes_with_the_exam_unless_it_was_closed_before(sealed) -> None:
    sitting = make.running_sitting()
    desk = make.enterprise(sitting.candidate.session.organisation, sealed_at=sealed)
    Sitting.objects.filter(pk=sitting.pk).update(workspace=desk)
    abort(sitting)
    desk.refresh_from_db()
    assert desk.sealed_at == (sealed or LATER)


def test_a_part_without_a_time_runs_until_somebody_ends_it() -> None:
    sitting = make.ready_sitting()
    phase = sitting.phases.get(position=1)
    Phase.objects.filter(pk=phase.pk).update(planned_seconds=0)
    begun = actions.start_phase(phase=phase, by=make.writer(sitting), at=DAY)
    assert begun.ends_at is None
    at = DAY + timedelta(hours=20)
    assert not policy.phase_clock(begun, at).is_over
    with pytest.raises(errors.PhaseNotRunning):  # of time that is not counted none is given back
        actions.give_time(phase=begun, seconds=60, reason="Coupure", by=make.writer(sitting), at=at)
    ended = actions.end_phase(phase=begun, by=make.writer(sitting), at=at)
    assert (ended.ended_at, ended.ended_reason) == (at, EndReason.HANDED_IN)


def test_a_session_ends_once_every_exam_has() -> None:
    session = make.open_session(candidates=2)
    by = session.manager
    first, absent = Sitting.objects.order_by("pk")
    actions.confirm_presence(candidate=absent.candidate, present=False, by=by, at=DAY)
    with pytest.raises(errors.CandidatesUnfinished) as refusal:
        actions.close_session(session=session, by=by, at=LATER)
    assert first.candidate.enrolment.candidate.full_name in str(refusal.value)
    assert absent.candidate.enrolment.candidate.full_name not in str(refusal.value)
    absent.refresh_from_db()
    assert absent.state == Sitting.State.WAITING
    abort(first)
    for _twice in range(2):
        closed = actions.close_session(session=session, by=by, at=LATER)
    absent.refresh_from_db()
    assert (closed.state, closed.closed_at) == (ExamSession.State.CLOSED, LATER)
    assert (absent.state, absent.abort_reason) == (Sitting.State.ABORTED, "Absent")
    assert trace.lines(session.trace_stream).filter(verb="session.closed").count() == 1
