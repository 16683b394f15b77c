import pytest

from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.grading.actions.close_grid import close_grid
from acquis.certification.grading.errors import CriteriaUnmarked, NotYourGrid, SittingUnderWay
from acquis.certification.grading.models import Grid
from acquis.certification.sittings.models import Sitting
from acquis.kernel import trace
from tests.factories import grading

pytestmark = pytest.mark.django_db


@pytest.fixture
def grid():
    return grading.grids(grading.session(candidates=1))[0]


def close(grid, **given):
    values = {"general_observation": "", "by": grading.juror_of(grid), "at": grading.AT} | given
    return close_grid(grid=grid, **values)


def test_closing_names_the_criteria_still_unmarked_and_closes_nothing(grid):
    grading.mark(grid, "CP1.1", grading.ACQUIRED)
    grading.mark(grid, "CP2.2", "", observation="À revoir.")

    with pytest.raises(CriteriaUnmarked) as refusal:
        close(grid)
    assert "CP2.2, CP2.3" in str(refusal.value)
    assert Grid.objects.get(pk=grid.pk).closed_at is None


def test_a_full_grid_closes_with_its_general_observation(grid):
    grading.fill(grid)

    close(grid, general_observation="Une prestation posée.")

    stored = Grid.objects.get(pk=grid.pk)
    assert (stored.closed_at, stored.general_observation) == (grading.AT, "Une prestation posée.")


def test_the_session_s_chain_takes_the_seal_of_the_grid_s_own_chain(grid):
    grading.fill(grid)

    close(grid)

    line = trace.lines(grid.trace_stream).get(verb="grid.closed")
    head = trace.head(grid.own_stream)
    assert line.data["marks_fingerprint"] == head.fingerprint
    assert line.data["marks_position"] == head.position == 3


def test_closing_twice_changes_nothing(grid):
    grading.closed(grid)

    close(grid, general_observation="Trop tard.")

    assert Grid.objects.get(pk=grid.pk).general_observation == ""
    assert trace.lines(grid.trace_stream).filter(verb="grid.closed").count() == 1


def test_only_its_own_juror_closes_a_grid(grid):
    grading.fill(grid)

    with pytest.raises(NotYourGrid):
        close(grid, by=grid.candidate.session.manager)


def test_a_grid_stays_open_while_the_candidate_is_sitting(grid):
    ExamSession.objects.update(state=ExamSession.State.OPEN)
    Sitting.objects.create(candidate=grid.candidate, state=Sitting.State.RUNNING, access_code="A")
    grading.fill(grid)

    with pytest.raises(SittingUnderWay):
        close(grid)

    Sitting.objects.update(state=Sitting.State.FINISHED)
    assert close(grid).closed_at == grading.AT
