from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.certification.grading import policy
from tests.factories import grading

VERDICTS = st.sampled_from(["", "acquired", "not_acquired"])
GRIDS = st.lists(st.dictionaries(st.sampled_from("abcde"), VERDICTS), min_size=1, max_size=4)
RATIOS = st.integers(0, 100).map(lambda percent: f"{percent / 100:.2f}")


def test_grid_lines_keep_the_wording_of_the_framework_and_the_order_of_the_document():
    lines = policy.grid_lines(grading.content(criteria=4), "CCP1")

    assert [line.criterion for line in lines] == ["CP1.1", "CP1.2", "CP2.3", "CP2.4"]
    assert lines[0].text == "La demande n° 1 du client est comprise"
    assert lines[0].competency_text == "Conseiller et informer le client"


def test_a_criterion_without_competency_belongs_to_the_whole_block():
    line = policy.grid_lines(grading.content(), "CCP1")[-1]

    assert line.competency == ""
    assert line.competency_text == "Assurer des prestations de services et de conseil"


def test_criteria_of_one_competency_stand_together():
    content = grading.content()
    content["blocks"][0]["criteria"] = [
        {"code": "a", "text": "A", "competencies": ["CP1"]},
        {"code": "b", "text": "B", "competencies": ["CP2"]},
        {"code": "c", "text": "C", "competencies": ["CP1"]},
        {"code": "d", "text": "D", "competencies": ["CP1", "CP2"]},
    ]

    lines = policy.grid_lines(content, "")

    assert [line.criterion for line in lines] == ["a", "c", "b", "d"]
    assert lines[-1].competency == "CP1, CP2"
    assert lines[-1].competency_text == "Conseiller et informer le client\nTraiter les réclamations"


def test_an_unknown_block_has_no_lines():
    assert policy.grid_lines(grading.content(), "CCP9") == []


@pytest.mark.parametrize(
    ("acquired", "total", "satisfied"),
    [
        (11, 15, True),
        (10, 15, False),
        (63, 90, True),
        (62, 90, False),
        (7, 10, True),
        (0, 0, False),
    ],
)
def test_seventy_percent_is_counted_in_whole_criteria(acquired, total, satisfied):
    assert policy.satisfies_ratio(acquired, total, "0.70") is satisfied


@pytest.mark.parametrize("ratio", ["0.7", "0.70", "0.700"])
def test_eleven_of_fifteen_is_the_least_that_satisfies_seventy_percent(ratio):
    assert policy.least_acquired(15, ratio) == 11
    assert policy.satisfies_ratio(11, 15, ratio)
    assert not policy.satisfies_ratio(10, 15, ratio)


@given(st.integers(0, 300), st.integers(1, 300), st.integers(0, 100))
def test_a_percentage_is_compared_in_whole_numbers(acquired, total, percent):
    satisfied = policy.satisfies_ratio(acquired, total, f"{percent // 100}.{percent % 100:02}")

    assert satisfied == (100 * acquired >= percent * total)


@given(st.integers(1, 200), RATIOS)
def test_the_least_number_satisfies_the_ratio_and_one_fewer_does_not(total, ratio):
    least = policy.least_acquired(total, ratio)

    assert policy.satisfies_ratio(least, total, ratio)
    assert least == 0 or not policy.satisfies_ratio(least - 1, total, ratio)


@given(st.integers(0, 200), st.integers(1, 200), RATIOS)
def test_the_ratio_is_compared_exactly(acquired, total, ratio):
    assert policy.satisfies_ratio(acquired, total, ratio) == (
        Fraction(acquired, total) >= Fraction(ratio)
    )


@given(st.integers(0, 30), st.integers(1, 30), RATIOS)
def test_one_more_acquired_criterion_never_loses_a_ratio(acquired, total, ratio):
    if policy.satisfies_ratio(acquired, total, ratio):
        assert policy.satisfies_ratio(acquired + 1, total, ratio)


@given(GRIDS, st.randoms(use_true_random=False))
def test_disagreements_do_not_depend_on_the_order_of_the_grids(grids, random):
    shuffled = list(grids)
    random.shuffle(shuffled)

    assert set(policy.disagreements(grids)) == set(policy.disagreements(shuffled))


@given(GRIDS)
def test_a_grid_repeated_changes_no_disagreement(grids):
    assert policy.disagreements([*grids, grids[0]]) == policy.disagreements(grids)


@given(st.dictionaries(st.text(max_size=3), VERDICTS))
def test_one_grid_alone_never_disagrees(grid):
    assert policy.disagreements([grid]) == []


@given(st.dictionaries(st.text(max_size=3), VERDICTS))
def test_marked_and_missing_make_the_whole_grid(grid):
    missing = policy.missing_marks(grid.items())

    assert sorted([*missing, *(code for code, verdict in grid.items() if verdict)]) == sorted(grid)


@given(st.integers(0, 10), st.integers(0, 10))
def test_one_more_juror_never_loses_the_quorum(present, required):
    if policy.quorum_met(present, required):
        assert policy.quorum_met(present + 1, required)


@given(st.integers(0, 1), st.integers(0, 10))
def test_fewer_than_two_jurors_are_never_a_quorum(present, required):
    assert not policy.quorum_met(present, required)


def test_the_framework_may_ask_for_more_jurors_than_two_but_never_for_fewer():
    assert policy.members_required({"rules": {"jury": {"members_min": 3}}}) == 3
    assert policy.members_required({"rules": {"jury": {"members_min": 1}}}) == 2
    assert policy.members_required({}) == 2
