import itertools
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.certification.exam_sessions import policy
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.exam_sessions.phases import phases_from
from acquis.certification.registrations.policy import Arrangement, ExtraTime
from tests.factories.certification import ccp1_content

NINE = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def day(*extras: Fraction) -> dict[int, list[policy.Slot]]:
    people = [
        (rank, phases_from(ccp1_content(), "CCP1", ExtraTime((Arrangement(extra),))))
        for rank, extra in enumerate(extras)
    ]
    return policy.timetable(NINE, people)


def minutes(slots: list[policy.Slot]) -> list[int]:
    return [int((slot.starts_at - NINE).total_seconds() // 60) for slot in slots]


def test_written_work_is_shared_and_passages_follow_one_another() -> None:
    first, second = day(Fraction(0), Fraction(0)).values()
    assert minutes(first) == [0, 75, 90, 105, 115, 125]
    assert minutes(second)[0] == 0
    assert second[2].starts_at >= first[2].ends_at
    assert second[-1].ends_at - second[1].starts_at == timedelta(minutes=55)


def test_a_candidate_with_a_third_of_extra_time_has_their_own_hours() -> None:
    slots = day(Fraction(1, 3))[0]
    assert minutes(slots) == [0, 100, 120, 140, 154, 168]


def test_breaks_add_to_the_day_and_not_to_the_writing() -> None:
    rests = ExtraTime((Arrangement(break_minutes=10, scope=frozenset({"written"})),))
    written, prepared, *_others = policy.timetable(
        NINE, [(1, phases_from(ccp1_content(), "CCP1", rests))]
    )[1]
    assert written.ends_at - written.starts_at == timedelta(minutes=75)
    assert prepared.starts_at - written.ends_at == timedelta(minutes=13)  # 12,5 rounded up


@given(
    st.lists(st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(1, 2)]), min_size=1, max_size=6)
)
def test_the_jury_is_never_in_two_places_and_nobody_overlaps_themselves(
    extras: list[Fraction],
) -> None:
    table = day(*extras)
    jury = sorted(
        (slot.starts_at, slot.ends_at)
        for slots in table.values()
        for slot in slots
        if slot.jury_present
    )
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(jury))
    for slots in table.values():
        assert slots[0].starts_at == NINE
        assert all(a.ends_at <= b.starts_at for a, b in itertools.pairwise(slots))
        assert all(a.ends_at == b.starts_at for a, b in itertools.pairwise(slots[1:]))


def test_every_state_has_its_followers_and_the_last_have_none() -> None:
    assert set(policy.FOLLOWING) == set(ExamSession.State.values)
    assert policy.may_become("open", "closed")
    assert not policy.may_become("draft", "closed")
    assert not policy.FOLLOWING["issued"]


@pytest.mark.parametrize(
    ("day", "deadline"),
    [
        (date(2027, 3, 15), date(2027, 2, 15)),
        (date(2027, 3, 31), date(2027, 2, 28)),
        (date(2027, 1, 10), date(2026, 12, 10)),
    ],
)
def test_summons_leave_a_month_before(day: date, deadline: date) -> None:
    assert policy.summons_deadline(day) == deadline


@pytest.mark.parametrize(
    ("asked", "day"),
    [
        ("P1M", date(2027, 2, 15)),
        ("P2M", date(2027, 1, 15)),
        ("P2W", date(2027, 3, 1)),
        ("P10D", date(2027, 3, 5)),
        ("P1Y", None),
        ("", None),
        (None, None),
    ],
)
def test_the_deadline_of_summons_is_the_frameworks(asked: str | None, day: date | None) -> None:
    assert policy.deadline_of(asked, date(2027, 3, 15)) == day


def test_summons_leave_a_week_before_their_deadline_unless_it_is_too_late() -> None:
    deadline, day = date(2027, 2, 15), date(2027, 3, 15)
    assert policy.sending_day(deadline, day, date(2027, 1, 1)) == date(2027, 2, 8)
    assert policy.sending_day(deadline, day, date(2027, 2, 12)) == date(2027, 2, 12)
    assert policy.sending_day(None, day, date(2027, 1, 1)) == date(2027, 2, 22)


@given(
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", "coming", "not_coming"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_an_answer_outweighs_what_servers_say_and_a_bounce_is_never_hidden_by_sent(
    replaced: bool, withdrawn: bool, answer: str, opened: bool, bounced: bool, sent: bool
) -> None:
    course = policy.Course(
        starts_at=NINE,
        replaced=replaced,
        withdrawn=withdrawn,
        answer=answer,
        opened=opened,
        bounced=bounced,
        sent=sent,
    )
    state = policy.delivery(course, NINE - timedelta(days=1))
    if replaced or withdrawn:
        assert state == ("replaced" if replaced else "withdrawn")
    elif answer:
        assert state == ("acknowledged" if answer == "coming" else "declined")
    elif bounced:
        assert state in {"opened", "bounced"}
    else:
        assert state == ("opened" if opened else "sent" if sent else "queued")


def local(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 20, hour, minute, tzinfo=UTC)


def test_a_part_that_crosses_one_oclock_stands_in_both_halves() -> None:
    found = policy.half_days([(local(9), local(10)), (local(12, 30), local(13, 30))])
    morning, afternoon = (
        policy.HalfDay(date(2026, 11, 20), afternoon=later) for later in (False, True)
    )
    assert found == {
        morning: (local(9), local(13)),
        afternoon: (local(13), local(13, 30)),
    }
    assert policy.half_days([(local(14), local(15)), (local(16), local(17))]) == {
        afternoon: (local(14), local(17))
    }
    assert policy.half_days([]) == {}


def test_nothing_is_taken_together_where_nothing_is_planned() -> None:
    assert policy.together([]) == 0
