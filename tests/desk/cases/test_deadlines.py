"""Priorities, clocks and dates: the worked examples of docs/rules/deadlines.md."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.desk.agenda.policy import OFFICE, PARIS, hours_of
from acquis.desk.cases.policy import authority, complaints, deadlines, procedures
from acquis.desk.cases.policy.authority import Authority, Ceiling

HOURS = hours_of(OFFICE)
NORMAL = deadlines.targets_of(3, {})
NONE = timedelta()
INSTANTS = st.datetimes(
    datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)  # noqa: DTZ001  hypothesis wants naive bounds
)  # fmt: skip


def paris(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


def read(now: datetime, **more: object) -> deadlines.Clock:
    """The clock of a case of priority 2 (2 h, then 16 h) opened on Friday 20 November at 17:00."""
    values = {
        "opened_at": paris(20, 17), "answered_at": None, "closed_at": None,
        "paused": NONE, "paused_at": None, "second_level": False,
    } | more  # fmt: skip
    return deadlines.clock(HOURS, deadlines.targets_of(2, {}), **values, now=now)  # type: ignore[arg-type]


def test_the_matrix_gives_the_priority_and_the_desk_may_change_a_cell() -> None:
    assert [deadlines.priority_of(one, two, {}) for one in (1, 2, 3) for two in (1, 2, 3)] == [
        1, 2, 3, 2, 3, 4, 3, 4, 4,
    ]  # fmt: skip
    assert deadlines.priority_of(1, 3, {"1-3": 1}) == 1
    assert deadlines.targets_of(1, {"1": [30, 60]}).first == timedelta(minutes=30)


@given(st.integers(1, 3), st.integers(1, 3))
def test_more_urgent_is_never_less_of_a_priority(urgency: int, impact: int) -> None:
    for higher in range(1, urgency + 1):
        assert deadlines.priority_of(higher, impact, {}) <= deadlines.priority_of(
            urgency, impact, {}
        )


def test_the_clock_of_the_worked_example() -> None:
    fresh = read(paris(20, 17, 30))
    assert (fresh.waits_for, fresh.state) == (deadlines.US, "ok")
    assert fresh.first_due_at == paris(23, 10)  # one hour on Friday, one on Monday
    assert fresh.due_at == paris(24, 17)  # 1 h Friday, 8 h Monday, 7 h Tuesday
    assert read(paris(24, 14)).state == "warning"
    assert read(paris(24, 17)).state == "late"
    assert read(paris(23, 10, 1)).first_late
    assert not read(paris(23, 12), answered_at=paris(23, 9, 30)).first_late


def test_the_customers_turn_stops_the_clock_and_the_second_level_does_not() -> None:
    waiting = read(paris(27, 9), paused_at=paris(23, 9))
    assert (waiting.waits_for, waiting.state) == (deadlines.CUSTOMER, "paused")
    assert waiting.share == pytest.approx(1 / 16)

    back = read(paris(26, 9), paused=timedelta(hours=16), second_level=True)
    assert back.waits_for == deadlines.SECOND_LEVEL
    assert back.due_at == paris(26, 17)
    assert read(paris(30, 9), closed_at=paris(23, 11)).waits_for == deadlines.NOBODY
    assert read(paris(30, 9), closed_at=paris(23, 11)).state == "stopped"


@given(INSTANTS, st.integers(0, 200), st.integers(0, 200))
def test_a_pause_gives_back_the_open_time_it_took(
    opened: datetime, before: int, length: int
) -> None:
    start = opened + timedelta(hours=before)
    end = start + timedelta(hours=length)

    paused = deadlines.pause_so_far(HOURS, NONE, start, end)
    without = deadlines.due(HOURS, opened, NORMAL.resolution, NONE)
    with_pause = deadlines.due(HOURS, opened, NORMAL.resolution, paused)

    assert NONE <= paused <= end - start
    assert with_pause >= without
    assert (with_pause == without) == (not paused)


def test_a_case_is_taken_up_again_within_its_days() -> None:
    assert deadlines.may_reopen(paris(1, 9), paris(16, 9), 15)
    assert not deadlines.may_reopen(paris(1, 9), paris(16, 9, 1), 15)


def test_the_dates_of_a_complaint_are_worked_days() -> None:
    dates = complaints.dates_of(date(2026, 11, 6), acknowledge_days=2, answer_days=10)

    # Wednesday 11 November is a holiday.
    assert dates.acknowledge_by == date(2026, 11, 10)
    assert dates.answer_by == date(2026, 11, 23)
    assert dates.mediator_from == date(2027, 1, 6)


def test_a_complaint_goes_step_by_step() -> None:
    assert complaints.may_follow("recorded", "acknowledged")
    assert not complaints.may_follow("recorded", "closed")
    assert complaints.may_follow("refused", "mediation")
    assert not complaints.may_follow("refused", "closed")
    assert not complaints.may_follow("nowhere", "closed")


@given(st.tuples(*[st.integers(1, 3)] * 3), st.integers(0, 2))
def test_criticality_never_falls_when_a_factor_rises(factors: tuple[int, ...], which: int) -> None:
    raised = [min(3, one + (rank == which)) for rank, one in enumerate(factors)]

    found = complaints.criticality_of(factors)
    assert 1 <= found.level <= complaints.criticality_of(raised).level <= 4


def test_the_grid_of_criticality() -> None:
    levels = [
        complaints.criticality_of(one).level for one in ((1, 1, 3), (2, 2, 2), (3, 3, 1), (3, 3, 3))
    ]
    assert levels == [1, 2, 3, 4]


MATRIX = [
    Ceiling(Authority.ADVISER, Decimal(20), Decimal(10)),
    Ceiling(Authority.SUPERVISOR, Decimal(80), Decimal(20)),
]


@pytest.mark.parametrize(
    ("amount", "order", "who"),
    [
        ("0", None, Authority.ADVISER),
        ("20", None, Authority.ADVISER),
        ("20.01", None, Authority.SUPERVISOR),
        ("9", "90", Authority.ADVISER),
        ("9.01", "90", Authority.SUPERVISOR),
        ("80.01", None, Authority.MANAGEMENT),
    ],
)
def test_who_may_grant(amount: str, order: str | None, who: Authority) -> None:
    total = Decimal(order) if order else None
    assert authority.needed(Decimal(amount), MATRIX, total) == who


@given(st.decimals(0, 500, places=2), st.decimals(0, 500, places=2))
def test_more_never_needs_less_authority(one: Decimal, two: Decimal) -> None:
    less, more = sorted((one, two))
    assert authority.needed(less, MATRIX) <= authority.needed(more, MATRIX)


def test_without_ceiling_a_level_may_grant_anything() -> None:
    assert authority.needed(Decimal(9999), [Ceiling(Authority.ADVISER, None)]) == Authority.ADVISER
    assert authority.needed(Decimal(1), []) == Authority.MANAGEMENT


def test_the_steps_of_a_procedure_are_its_numbered_lines() -> None:
    text = "# Titre\n\n1. **Écouter**\n2) Noter `le` numéro\n- puce\n\n3. Rappeler"
    assert procedures.steps_of(text) == ["Écouter", "Noter le numéro", "Rappeler"]


def test_two_warnings_of_the_day_before_the_contact_may_end() -> None:
    said = [paris(20, 9), paris(20, 9, 5), paris(19, 9)]
    assert procedures.warnings_today(said, paris(20, 10)) == 2
    assert procedures.may_end_contact(2)
    assert not procedures.may_end_contact(1)


def test_recurrence() -> None:
    assert procedures.is_recurring(3, 3)
    assert not procedures.is_recurring(2, 3)
    assert not procedures.is_recurring(9, 0)
