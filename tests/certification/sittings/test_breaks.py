"""A break that was decided stops the clock, never longer than decided (X-11)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from acquis.certification.sittings import actions, errors, policy
from acquis.certification.sittings.models import Phase
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.certification.sittings.test_policy import NOON, Timed
from tests.factories import certification as make
from tests.factories.certification import DAY

ALLOWED = 600


@pytest.fixture
def phase() -> Phase:
    """A part under way for an hour and a quarter, with ten minutes of breaks."""
    running = make.running_sitting().phases.get(state=Phase.State.RUNNING)
    running.pause_seconds = ALLOWED
    running.save(update_fields=["pause_seconds"])
    return running


def take(phase: Phase, *, at: float) -> Phase:
    when = DAY + timedelta(seconds=at)
    return actions.take_break(phase=phase, by=make.writer(phase.sitting), at=when)


def end(phase: Phase, *, at: float) -> Phase:
    when = DAY + timedelta(seconds=at)
    return actions.end_break(phase=phase, by=make.writer(phase.sitting), at=when)


def left(phase: Phase, *, at: float) -> tuple[int | None, int, bool]:
    clock = policy.phase_clock(phase, DAY + timedelta(seconds=at))
    return clock.seconds_left, clock.pause_left, clock.paused


@pytest.mark.django_db
def test_the_time_stands_still_and_what_is_not_taken_stays(phase: Phase) -> None:
    before = left(phase, at=60)[0]
    phase = take(phase, at=60)
    assert left(phase, at=60) == (before, 600, True)
    assert left(phase, at=260) == (before, 400, True)
    assert take(phase, at=200).paused_at == phase.paused_at
    phase = end(phase, at=260)
    assert left(phase, at=260) == (before, 400, False)
    assert end(phase, at=300).ends_at == phase.ends_at
    verbs = [line.verb for line in trace.lines(phase.trace_stream)]
    assert verbs.count("phase.break_taken") == verbs.count("phase.break_ended") == 1


@pytest.mark.django_db
def test_the_clock_runs_on_by_itself_when_the_breaks_are_spent(phase: Phase) -> None:
    before = left(phase, at=60)[0] or 0
    phase = take(phase, at=60)
    assert left(phase, at=660 + 30) == (before - 30, 0, False)
    assert end(phase, at=700).ends_at == phase.ends_at
    with pytest.raises(errors.BreakNotGranted):
        take(phase, at=700)


@pytest.mark.django_db
def test_no_break_where_none_was_decided_or_nothing_runs(phase: Phase) -> None:
    Phase.objects.filter(pk=phase.pk).update(pause_seconds=0)
    with pytest.raises(errors.BreakNotGranted):
        take(phase, at=1)
    Phase.objects.filter(pk=phase.pk).update(pause_seconds=ALLOWED)
    with pytest.raises(errors.PhaseNotRunning):
        take(phase, at=9 * 3600)
    following = phase.sitting.phases.get(position=phase.position + 1)
    with pytest.raises(errors.PhaseNotRunning):
        take(following, at=1)
    assert end(following, at=1).state == Phase.State.WAITING
    phase.refresh_from_db()
    assert phase.paused_at is None


@pytest.mark.django_db
def test_a_part_without_a_time_has_its_breaks_too(phase: Phase) -> None:
    Phase.objects.filter(pk=phase.pk).update(ends_at=None)
    phase = end(take(phase, at=0), at=100)
    assert left(phase, at=100) == (None, 500, False)


@pytest.mark.django_db
def test_what_arrives_during_a_break_is_not_late(phase: Phase) -> None:
    assert phase.ends_at is not None
    near = (phase.ends_at - DAY).total_seconds() - 5
    phase = take(phase, at=near)
    assert not policy.is_late(phase, DAY + timedelta(seconds=near + 500))


@pytest.mark.django_db
def test_the_invigilator_begins_and_ends_one_on_the_wall(phase: Phase) -> None:
    Phase.objects.filter(pk=phase.pk).update(ends_at=None)
    client = StrictClient()
    client.force_login(phase.sitting.candidate.session.manager)
    for name, standing in (("pause", True), ("resume", False)):
        assert client.post(reverse(f"sittings:{name}", args=[phase.pk])).status_code == 302
        phase.refresh_from_db()
        assert (phase.paused_at is not None) is standing


@given(
    decided=st.integers(1, 3600),
    taken=st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900))),
)
def test_breaks_never_give_more_than_was_decided(
    decided: int, taken: list[tuple[int, int]]
) -> None:
    phase = Timed(pause_seconds=decided, paused_seconds=0)
    now = NOON
    for worked, rested in taken:
        now += timedelta(seconds=worked)
        phase.paused_at = now
        now += timedelta(seconds=rested)
        assert 0 <= policy.pause_left(phase, now) <= decided
        phase.paused_seconds, phase.paused_at = policy.pause_spent(phase, now), None
    assert phase.paused_seconds == min(decided, sum(rested for _worked, rested in taken))
