from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.desk.agenda.policy import hours_of
from acquis.desk.queues import policy
from acquis.desk.queues.policy import Contact, Seat, Waiting

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LEA = Seat(7, {"Facturation": 2})


def contact(pk: int, *, ago: int = 10, **fields: object) -> Waiting:
    values: dict[str, object] = {
        "channel": "chat",
        "since": NOW - timedelta(seconds=ago),
        "priority": 5,
        "target_seconds": 60,
    }
    return Waiting(pk, **(values | fields))  # type: ignore[arg-type]


def order(*waiting: Waiting, seat: Seat = LEA) -> list[int]:
    return [one.pk for one in policy.proposals(waiting, seat, NOW)]


def test_the_oldest_comes_first_and_says_so() -> None:
    found = policy.proposals([contact(1, ago=5), contact(2, ago=50)], LEA, NOW)

    assert [one.pk for one in found] == [2, 1]
    assert found[0].reasons == (policy.OLDEST,)
    assert found[1].reasons == ()


def test_what_is_meant_for_somebody_comes_first_to_them_and_to_nobody_else() -> None:
    meant = contact(1, ago=1, meant_for=7)

    assert order(contact(2, ago=500, priority=1), meant) == [1, 2]
    assert order(meant, seat=Seat(8)) == []


def test_priority_passes_before_age_until_somebody_waits_too_long() -> None:
    assert order(contact(1, ago=100), contact(2, ago=5, priority=1)) == [2, 1]
    assert order(contact(1, ago=121), contact(2, ago=5, priority=1)) == [1, 2]


def test_who_spoke_last_with_the_customer_passes_before_age() -> None:
    found = policy.proposals([contact(1, ago=50), contact(2, ago=5, last_adviser=7)], LEA, NOW)

    assert [one.pk for one in found] == [2, 1]
    assert found[0].reasons == (policy.LAST_ADVISER,)


def test_a_skill_that_is_missing_keeps_the_contact_away() -> None:
    assert order(contact(1, skill="Facturation"), contact(2, skill="Technique")) == [1]
    assert policy.SKILL in policy.proposals([contact(1, skill="Facturation")], LEA, NOW)[0].reasons


@pytest.mark.parametrize(
    ("held", "channel", "room"),
    [
        ((), "phone", True),
        (("chat",), "phone", False),
        (("phone",), "chat", False),
        (("chat",) * 3, "mail", True),
        (("chat",) * policy.MOST_WRITTEN, "chat", False),
    ],
)
def test_a_call_takes_the_whole_adviser_and_writings_go_together(
    held: tuple[str, ...], channel: str, room: bool
) -> None:
    assert policy.has_room(Seat(7, {}, held), channel) is room


waitings = st.lists(
    st.builds(
        Waiting,
        pk=st.integers(1, 1000),
        channel=st.sampled_from(["chat", "phone", "mail"]),
        since=st.integers(0, 4000).map(lambda ago: NOW - timedelta(seconds=ago)),
        priority=st.integers(1, 9),
        target_seconds=st.integers(1, 600),
        skill=st.sampled_from(["", "Facturation", "Technique"]),
        meant_for=st.sampled_from([None, 7, 8]),
        last_adviser=st.sampled_from([None, 7, 8]),
    ),
    max_size=12,
    unique_by=lambda one: one.pk,
)


@given(waitings, st.randoms())
def test_the_order_does_not_depend_on_how_the_facts_come(waiting, random) -> None:
    shuffled = list(waiting)
    random.shuffle(shuffled)

    assert policy.proposals(shuffled, LEA, NOW) == policy.proposals(waiting, LEA, NOW)


@given(waitings)
def test_every_contact_proposed_suits_and_none_that_suits_is_left_out(waiting) -> None:
    proposed = set(order(*waiting))

    assert proposed == {one.pk for one in waiting if policy.suits(one, LEA)}


def test_a_queue_without_hours_is_always_open() -> None:
    assert policy.is_open(hours_of({}), [], NOW, date(2026, 11, 20))


def test_a_queue_is_closed_outside_its_hours_on_holidays_and_on_its_closures() -> None:
    office = hours_of({str(day): ["09:00-18:00"] for day in range(5)})

    assert policy.is_open(office, [], NOW, date(2026, 11, 20))
    assert not policy.is_open(office, ["2026-11-20"], NOW, date(2026, 11, 20))
    assert not policy.is_open(office, [], NOW - timedelta(hours=3), date(2026, 11, 20))
    armistice = datetime(2026, 11, 11, 10, 0, tzinfo=UTC)
    assert not policy.is_open(office, [], armistice, date(2026, 11, 11))


def served(
    wait: int | None, talk: int = 100, wrap: int = 20, *, left: int | None = None
) -> Contact:
    if wait is None:
        ended = None if left is None else NOW + timedelta(seconds=left)
        return Contact(NOW, None, ended, None)
    answered = NOW + timedelta(seconds=wait)
    ended = answered + timedelta(seconds=talk)
    return Contact(NOW, answered, ended, ended + timedelta(seconds=wrap))


def test_the_worked_example_of_the_rules() -> None:
    """docs/rules/metrics.md: eight in 20 s or less, one later, two who left (one after 3 s)."""
    rows = [served(10)] * 8 + [served(50)] + [served(None, left=3), served(None, left=40)]

    found = policy.service(rows, target=20, short=5)

    assert (found.offered, found.handled, found.abandoned) == (11, 9, 2)
    assert found.service_level["offered"] == pytest.approx(8 / 11)
    assert found.service_level["patient"] == pytest.approx(8 / 10)
    assert found.service_level["handled"] == pytest.approx(8 / 9)
    assert found.abandon_rate == pytest.approx(2 / 11)
    assert found.asa == pytest.approx((8 * 10 + 50) / 9)
    assert (found.talk, found.wrap, found.handling) == (100, 20, 120)


def test_without_contacts_every_rate_is_not_available() -> None:
    found = policy.service([], target=20, short=5)

    assert (found.answer_rate, found.abandon_rate, found.asa, found.handling) == (None,) * 4
    assert set(found.service_level.values()) == {None}


def test_who_still_waits_is_offered_and_neither_handled_nor_abandoned() -> None:
    found = policy.service([served(None)], target=20, short=5)

    assert (found.offered, found.handled, found.abandoned) == (1, 0, 0)
    assert served(None).wait is None


def test_what_is_not_qualified_yet_has_talk_and_no_wrap() -> None:
    answered, ended = NOW + timedelta(seconds=5), NOW + timedelta(seconds=65)

    found = policy.service([Contact(NOW, answered, ended, None)], target=20, short=5)
    under_way = policy.service([Contact(NOW, answered, None, None)], target=20, short=5)

    assert (found.talk, found.wrap, found.handling) == (60, None, 60)
    assert (under_way.talk, under_way.handling) == (None, None)


spells = st.lists(
    st.tuples(st.integers(0, 1000), st.integers(0, 1000)).map(
        lambda pair: (NOW + timedelta(seconds=pair[0]), NOW + timedelta(seconds=pair[1]))
    ),
    max_size=8,
)


@given(spells)
def test_what_overlaps_counts_once(found) -> None:
    seconds = {
        second
        for start, end in found
        for second in range(int((start - NOW).total_seconds()), int((end - NOW).total_seconds()))
    }

    assert policy.covered(found) == len(seconds)


@given(spells, spells)
def test_occupation_is_a_share(busy, available) -> None:
    share = policy.occupation(busy, available)

    assert share is None or 0 <= share <= 1


def test_nobody_is_there_after_ninety_seconds_of_silence() -> None:
    assert policy.is_there(NOW - timedelta(seconds=90), NOW)
    assert not policy.is_there(NOW - timedelta(seconds=91), NOW)
