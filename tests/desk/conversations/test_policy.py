"""How long answers took."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from acquis.desk.conversations.policy import Answer, Said, response_times

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def said(*messages: tuple[str, int]) -> list[Said]:
    return [
        Said(pk, author, START + timedelta(seconds=seconds))
        for pk, (author, seconds) in enumerate(messages, start=1)
    ]


def test_the_first_answer_counts_from_the_beginning_of_the_contact() -> None:
    times = response_times(START, said(("customer", 5), ("adviser", 32)))

    assert times.first_seconds == 32
    assert times.answers == (Answer(waited_pk=1, answer_pk=2, seconds=32),)


def test_several_messages_in_a_row_wait_once_from_the_first() -> None:
    times = response_times(
        START,
        said(("customer", 0), ("adviser", 10), ("customer", 20), ("customer", 50), ("adviser", 60)),
    )

    assert times.following_seconds == (40,)
    assert times.answers[1].waited_pk == 3


def test_an_adviser_who_goes_on_writing_answers_once() -> None:
    times = response_times(START, said(("customer", 0), ("adviser", 10), ("adviser", 90)))

    assert times.following_seconds == ()
    assert times.average_seconds == 10


def test_system_messages_count_for_nothing() -> None:
    times = response_times(START, said(("customer", 0), ("system", 1), ("adviser", 12)))

    assert times.first_seconds == 12


def test_a_customer_left_waiting_is_told() -> None:
    times = response_times(START, said(("customer", 0), ("adviser", 5), ("customer", 30)))

    assert times.unanswered_since == START + timedelta(seconds=30)


def test_without_an_answer_there_is_no_time() -> None:
    times = response_times(START, said(("customer", 0)))

    assert times.first_seconds is None
    assert times.average_seconds is None


@given(
    st.lists(
        st.tuples(st.sampled_from(["customer", "adviser", "system"]), st.integers(0, 3600)),
        max_size=30,
    )
)
def test_there_are_never_more_answers_than_adviser_messages(
    messages: list[tuple[str, int]],
) -> None:
    ordered = sorted(messages, key=lambda message: message[1])

    times = response_times(START, said(*ordered))

    assert len(times.answers) <= sum(author == "adviser" for author, _ in messages)
    assert all(answer.seconds >= 0 for answer in times.answers)
