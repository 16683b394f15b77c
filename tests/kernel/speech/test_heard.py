import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.kernel.speech import Line, Word, lines_of
from acquis.kernel.speech.heard import LONGEST
from tests.factories.speech import said


def texts(words: list[Word]) -> list[str]:
    return [line.text for line in lines_of(words)]


def test_a_line_ends_with_its_sentence() -> None:
    words = [Word("Bonjour.", 0, 0.4, 1), Word("Que", 0.5, 0.6, 1), Word("puis-je ?", 0.7, 1, 1)]
    assert texts(words) == ["Bonjour.", "Que puis-je ?"]


def test_a_line_ends_where_nobody_speaks_for_a_while() -> None:
    assert texts([Word("oui", 0, 1, 1), Word("alors", 2.1, 3, 1)]) == ["oui alors"]
    assert texts([Word("oui", 0, 1, 1), Word("alors", 2.3, 3, 1)]) == ["oui", "alors"]


def test_a_line_that_no_sentence_ends_is_cut_before_it_grows_too_long() -> None:
    lines = lines_of(said(" ".join(["bonjour"] * 100)))
    assert len(lines) > 1
    assert all(len(line.text) <= LONGEST for line in lines)


def test_a_line_knows_where_it_lies_and_how_surely_it_was_heard() -> None:
    line = Line((Word("très", 1.0, 1.5, 0.9), Word("bien", 1.4, 1.45, 0.5)))
    assert (line.start, line.end, line.confidence) == (1.0, 1.5, pytest.approx(0.7))


def test_nothing_heard_is_no_line() -> None:
    assert lines_of([]) == []


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["oui", "non.", "quoi ?", "x" * 200]),
            st.floats(0, 3),
            st.floats(0.1, 1),
        ),
        max_size=40,
    )
)
def test_every_word_stands_in_one_line_in_its_order(
    told: list[tuple[str, float, float]],
) -> None:
    words, at = [], 0.0
    for text, pause, length in told:
        at += pause
        words.append(Word(text, at, at + length, 0.8))
        at += length
    assert [word for line in lines_of(words) for word in line.words] == words
