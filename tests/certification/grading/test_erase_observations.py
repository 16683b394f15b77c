"""What jurors wrote is erased once its time is over, and nothing else of a closed grid (G-02)."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from acquis.certification.grading.actions.erase_observations import erase_observations
from acquis.certification.grading.errors import GridNotClosed
from acquis.certification.grading.models import Grid, Mark
from acquis.kernel import trace
from tests.factories import grading

pytestmark = pytest.mark.django_db
LATER = grading.AT.replace(year=2032)


@pytest.fixture
def grid() -> Grid:
    return grading.closed(grading.grids(grading.session(candidates=1))[0])


def refused(**change: object) -> None:
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        Mark.objects.filter(criterion="CP1.1").update(**change)


def test_the_words_go_from_the_marks_and_from_the_trace_and_the_verdicts_stay(grid) -> None:
    before = list(grid.marks.values_list("criterion", "verdict", "seq", "marked_at"))

    first = erase_observations(grid=grid, by=grading.juror_of(grid), at=LATER)

    grid.refresh_from_db()
    assert (grid.erased_at, grid.general_observation) == (LATER, "")
    assert set(grid.marks.values_list("observation", flat=True)) == {""}
    assert list(grid.marks.values_list("criterion", "verdict", "seq", "marked_at")) == before
    lines = trace.lines(grid.own_stream)
    assert not any(trace.personal_part(line) for line in lines.filter(verb="mark.saved"))
    assert trace.verify(grid.own_stream) == []
    again = erase_observations(grid=grid, by=grading.juror_of(grid), at=LATER.replace(year=2033))
    grid.refresh_from_db()
    assert grid.erased_at == LATER
    assert again != first


def test_an_open_grid_keeps_its_words() -> None:
    grid = grading.fill(grading.grids(grading.session(candidates=1))[0])

    with pytest.raises(GridNotClosed):
        erase_observations(grid=grid, by=grading.juror_of(grid), at=LATER)
    assert grid.marks.exclude(observation="").exists()


def test_the_database_empties_no_observation_of_a_grid_that_does_not_say_it(grid) -> None:
    refused(observation="")
    for change in ({"general_observation": "Autre."}, {"erased_at": LATER, "opened_at": LATER}):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            Grid.objects.filter(pk=grid.pk).update(**change)


def test_once_erased_nothing_else_changes_nor_comes_back(grid) -> None:
    erase_observations(grid=grid, by=grading.juror_of(grid), at=LATER)

    refused(verdict="not_acquired")
    refused(observation="Réécrit.")
    refused(observation="", seq=9)
    for change in ({"erased_at": None}, {"general_observation": "Réécrit."}):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            Grid.objects.filter(pk=grid.pk).update(**change)
