"""The statistics against worked examples that were published, and by properties."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.certification.council import policy

ABSENT = 0


def paired(table):
    """The marks of two jurors from their contingency table."""
    cells = [(i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]  # fmt: skip
    first, second = np.array(cells).T
    return first, second


def counted(ratings, categories):
    """How many gave each category (from 1) to each subject; 0: that juror was not there."""
    return np.array([np.bincount(row, minlength=categories + 1)[1:] for row in ratings])


def error_of(estimate):
    """The standard error behind an interval that was not cut."""
    return (estimate.value - estimate.low) / policy.student(estimate.n - 1)


# Fleiss, Cohen and Everitt (1969), Psychological Bulletin 72, p. 325; also Fleiss, Levin and Paik,
# Statistical Methods for Rates and Proportions (3rd ed., 2003), table 18.1: 100 diagnoses.
DIAGNOSES = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
# Gwet, Handbook of Inter-Rater Reliability (2014): two abstractors, three kinds of pregnancy. The
# values are those of irrCAC, the program that goes with the book.
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]


@pytest.mark.parametrize(
    ("table", "kappa", "error"), [(DIAGNOSES, 0.676, 0.088), (ABSTRACTORS, 0.7964094, 0.05891072)]
)
def test_cohen_gives_the_published_kappa_and_its_standard_error(table, kappa, error):
    found = policy.cohen(*paired(table))

    assert found.kappa.value == pytest.approx(kappa, abs=5e-4)
    # The published error divides by n; ours by n-1, as clusters ask.
    n = found.items
    assert error_of(found.kappa) * math.sqrt((n - 1) / n) == pytest.approx(error, rel=5e-3)


# Fleiss (1971), Psychological Bulletin 76, table 1: 30 patients, six psychiatrists, five diagnoses.
PATIENTS = [
    "444444",
    "222555",
    "233335",
    "555555",
    "222444",
    "113333",
    "333355",
    "113334",
    "114444",
    "555555",
    "144444",
    "124444",
    "222333",
    "144444",
    "224445",
    "333335",
    "111455",
    "111112",
    "224444",
    "133555",
    "555555",
    "244444",
    "224555",
    "114444",
    "144445",
    "222224",
    "111155",
    "224444",
    "133333",
    "555555",
]


def test_fleiss_gives_the_published_kappa():
    found = policy.fleiss(counted([[int(one) for one in row] for row in PATIENTS], 5))

    assert found.raw == pytest.approx(0.556, abs=5e-4)
    assert found.kappa.value == pytest.approx(0.430, abs=5e-4)


# Gwet (2014), table 2.10: 12 subjects, four raters of whom some were absent; irrCAC's
# `fleiss.kappa.raw` gives 0.76117, standard error 0.15302, interval from 0.424 to 1.
RATED = [
    [1, 1, 0, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
    [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [0, 5, 5, 5], [0, 0, 1, 1], [0, 0, 3, 0],
]  # fmt: skip


def test_fleiss_bears_absent_raters_as_the_reference_program_does():
    kappa = policy.fleiss(counted(RATED, 5)).kappa

    assert kappa.value == pytest.approx(0.76117, abs=5e-6)
    assert error_of(kappa) == pytest.approx(0.15302, abs=5e-6)
    assert (kappa.low, kappa.high) == (pytest.approx(0.424, abs=1e-3), 1.0)


# Newcombe (1998), Statistics in Medicine 17, p. 857-872, table I, method 3.
@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(successes, n, low, high):
    found = policy.wilson(successes, n)

    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_the_difference_has_newcombe_s_published_interval():
    """Newcombe (1998), Statistics in Medicine 17, p. 873-890, table II (a), method 10."""
    found = policy.difference(policy.wilson(56, 70), policy.wilson(48, 80))

    assert found.value == pytest.approx(0.2)
    assert (found.low, found.high) == (
        pytest.approx(0.0524, abs=5e-5),
        pytest.approx(0.3339, abs=5e-5),
    )


def test_a_proportion_needs_somebody_and_a_difference_two_intervals():
    for successes, n in ((0, 0), (-1, 4), (5, 4)):
        with pytest.raises(ValueError, match="between 0 and n"):
            policy.wilson(successes, n)
    without = policy.Estimate(0.5, None, None, 1)
    for pair in ((without, policy.wilson(1, 2)), (policy.wilson(1, 2), without)):
        with pytest.raises(ValueError, match="interval"):
            policy.difference(*pair)


@pytest.mark.parametrize(
    ("freedom", "point"),
    [(1, 12.706), (11, 2.201), (30, 2.042), (35, 2.042), (40, 2.021), (99, 2.0), (500, 1.98)],
)
def test_student_is_the_printed_table_and_the_wider_between_two_lines(freedom, point):
    assert policy.student(freedom) == point


def test_student_refuses_no_freedom():
    with pytest.raises(ValueError, match="freedom"):
        policy.student(0)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_inside_0_and_1_and_mirrors(case):
    successes, n = case
    found, mirror = policy.wilson(successes, n), policy.wilson(n - successes, n)

    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.low == pytest.approx(1 - mirror.high)


MARKS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=40)


@given(MARKS)
def test_cohen_is_the_same_from_either_side_and_within_its_bounds(marks):
    first, second = np.array(marks).T
    one, other = policy.cohen(first, second), policy.cohen(second, first)

    assert one.raw == other.raw
    if one.kappa is None:
        assert one.raw == 1
        return
    assert one.kappa.value == pytest.approx(other.kappa.value)
    assert -1 <= one.kappa.value <= 1 + 1e-12
    if one.kappa.low is not None:
        assert -1 <= one.kappa.low <= one.kappa.value + 1e-12
        assert one.kappa.value - 1e-12 <= one.kappa.high <= 1


@given(MARKS)
def test_naming_the_categories_otherwise_changes_no_kappa(marks):
    first, second = np.array(marks).T
    one, other = policy.cohen(first, second), policy.cohen(1 - first, 1 - second)

    assert (one.kappa is None) == (other.kappa is None)
    if one.kappa is not None:
        assert one.kappa.value == pytest.approx(other.kappa.value)


def test_cohen_of_no_item_is_nothing_and_of_unlike_lengths_a_fault():
    nothing = np.array([], dtype=int)
    assert policy.cohen(nothing, nothing) is None
    with pytest.raises(ValueError, match="same items"):
        policy.cohen(nothing, np.array([1]))


def test_everybody_everywhere_the_same_has_no_kappa():
    same = np.ones(6, dtype=int)
    assert policy.cohen(same, same) == policy.Agreement(1.0, None, 6)
    assert policy.fleiss(np.array([[0, 2]] * 6)) == policy.Agreement(1.0, None, 6)


def test_perfect_agreement_on_mixed_marks_is_one_without_an_interval():
    marks = np.array([0, 1, 1, 0])
    found = policy.cohen(marks, marks)
    assert found.kappa == policy.Estimate(1.0, None, None, 4)


def test_fleiss_of_items_marked_once_is_nothing():
    assert policy.fleiss(np.array([[1, 0], [0, 1], [0, 0]])) is None


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=2, max_size=20))
def test_criteria_of_one_candidate_are_no_further_candidates(marks):
    """Ten times the same criteria narrow the interval of items, not that of candidates."""
    first, second = (np.repeat(side, 10) for side in np.array(marks).T)
    people = np.repeat(np.arange(len(marks)), 10)
    alone, together = policy.cohen(first, second), policy.cohen(first, second, people)
    single = policy.cohen(*np.array(marks).T)

    if single.kappa is None or single.kappa.low is None:
        return
    assert together.kappa.n == len(marks)
    assert together.kappa.low == pytest.approx(single.kappa.low)
    assert together.kappa.high == pytest.approx(single.kappa.high)
    assert alone.kappa.n == 10 * len(marks)


@given(st.lists(st.lists(st.integers(0, 1), min_size=3, max_size=3), min_size=2, max_size=15))
def test_fleiss_does_not_mind_the_order_of_jurors_or_of_candidates(rows):
    table = counted([[one + 1 for one in row] for row in rows], 2)
    one, other = policy.fleiss(table), policy.fleiss(table[::-1])

    assert one.raw == pytest.approx(other.raw)
    assert (one.kappa is None) == (other.kappa is None)
    if one.kappa is not None:
        assert one.kappa.value == pytest.approx(other.kappa.value)


def test_clusters_of_fleiss_follow_the_items_that_anybody_marked():
    table = np.array([[2, 0], [0, 0], [0, 2], [1, 1], [2, 0], [0, 2]])
    found = policy.fleiss(table, np.array([1, 9, 1, 2, 3, 3]))
    assert found.kappa.n == 3


@given(MARKS)
def test_severities_of_two_jurors_are_opposite(marks):
    first, second = (side.astype(float) for side in np.array(marks).T)
    people = np.arange(len(marks))
    one = policy.severity(first, second, people)
    other = policy.severity(second, first, people)

    assert one.value == pytest.approx(-other.value)
    assert -1 <= one.value <= 1


def test_severity_counts_what_others_granted_and_the_juror_did_not():
    own = np.array([1.0, 0.0, 0.0, 1.0])
    others = np.array([1.0, 1.0, 0.5, 1.0])
    found = policy.severity(own, others, np.array([1, 1, 2, 2]))

    assert found.value == pytest.approx(0.375)
    assert policy.severity(own[:0], others[:0], np.array([], dtype=int)) is None
    alike = policy.severity(own, own, np.array([1, 1, 2, 2]))
    assert alike == policy.Estimate(0.0, None, None, 2)
    alone = policy.severity(own, others, np.array([7, 7, 7, 7]))
    assert (alone.low, alone.n) == (None, 1)


# Six candidates and four criteria, by hand: the rest of the first is 3, 2, 2, 1, 0, 0 of three.
# Products of deviations 3, squares 3/2 and 22/3: r = 3 / √11 = 0.9045 (docs/rules/council.md).
WORKED = np.array(
    [[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 1], [0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]],
    dtype=float,
)


def test_discrimination_leaves_the_criterion_out_of_its_own_score():
    found = policy.discrimination(WORKED)

    assert found[0].value == pytest.approx(3 / math.sqrt(11))
    assert found[0].n == 6
    assert found[0].low < found[0].value < found[0].high
    with_itself = policy.correlation(WORKED[:, 0], WORKED.sum(axis=1))
    assert with_itself.value > found[0].value


def test_discrimination_skips_what_was_not_assessed_and_what_does_not_vary():
    decisions = np.column_stack([WORKED, np.ones(6)])
    decisions[0, 1] = np.nan
    found = policy.discrimination(decisions)

    assert found[4] is None
    assert found[1].n == 5
    assert policy.discrimination(WORKED[:3]) == [None] * 4


def test_fisher_s_interval_of_a_correlation():
    """Of r = 0.5 and n = 28: z = 0.5493, half 1.96/5: from tanh 0.1573 to tanh 0.9413."""
    x = np.arange(28.0)
    noise = np.where(np.arange(28) % 2, 1.0, -1.0) * 1.0
    noise -= x * np.dot(noise, x - x.mean()) / np.dot(x - x.mean(), x - x.mean())
    noise -= noise.mean()
    y = (x - x.mean()) / np.std(x) * 0.5 + noise / np.std(noise) * math.sqrt(0.75)
    found = policy.correlation(x, y)

    assert found.value == pytest.approx(0.5)
    assert (found.low, found.high) == (
        pytest.approx(0.1560, abs=5e-5),
        pytest.approx(0.7358, abs=5e-5),
    )
    assert policy.correlation(x, x) == policy.Estimate(1.0, None, None, 28)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60))
def test_a_spread_is_made_of_delays_that_were_observed(days):
    found = policy.spread(days)

    assert found.n == len(days)
    assert min(days) <= found.median <= found.ninth + 0.5 <= found.longest + 0.5
    assert {found.ninth, found.longest} <= set(days)
    assert sum(one <= found.ninth for one in days) >= 0.9 * len(days)


def test_a_spread_of_nothing_is_nothing_and_of_two_lies_between():
    assert policy.spread([]) is None
    assert policy.spread([4, 9]) == policy.Spread(2, 6.5, 9, 9)


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ([40, 3], [True, True]),  # 40 would be given back by the whole
        ([40, 12, 3], [False, True, True]),
        ([40, 12, 3, 2], [False, False, True, True]),
        ([40, 12, 1, 2], [False, True, True, True]),
        ([40, 12], [False, False]),
        ([3], [True]),
        ([2, 1], [True, True]),
        ([40, 0, 3], [True, False, True]),
        ([], []),
    ],
)
def test_few_people_are_hidden_and_cannot_be_had_by_subtraction(sizes, hidden):
    assert policy.hidden_rows(sizes) == hidden


@given(st.lists(st.integers(0, 60), max_size=8))
def test_what_is_hidden_is_enough_people_in_several_rows_or_everybody(sizes):
    hidden = policy.hidden_rows(sizes)
    people = [size for size, gone in zip(sizes, hidden, strict=True) if gone]
    shown = [size for size, gone in zip(sizes, hidden, strict=True) if not gone]

    assert all(size >= policy.FEWEST or size == 0 for size in shown)
    if people:
        enough = len(people) > 1 and sum(people) >= policy.FEWEST
        assert enough or not any(shown)


def test_a_share_of_all_or_none_tells_of_each():
    assert [policy.tells_of_each(got, 9) for got in (0, 1, 8, 9)] == [True, False, False, True]


@pytest.mark.parametrize(
    ("people", "jurors", "shown"), [(5, 3, True), (4, 3, False), (5, 2, False)]
)
def test_jurors_are_compared_when_they_are_too_many_to_be_guessed(people, jurors, shown):
    assert policy.may_compare(people, jurors) is shown


@pytest.mark.parametrize(("rank", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])  # fmt: skip
def test_letters_go_on_as_columns_do(rank, name):
    assert policy.letters(rank) == name


def test_pseudonyms_follow_the_seed_and_nothing_else():
    keys = list(range(40))
    one, same = policy.shuffled(b"a" * 32, keys), policy.shuffled(b"a" * 32, keys[::-1])
    other = policy.shuffled(b"b" * 32, keys)

    assert one == same
    assert sorted(one.values()) == sorted(other.values())
    assert one != other
    assert [one[key] for key in keys] != [policy.letters(rank) for rank in range(40)]
