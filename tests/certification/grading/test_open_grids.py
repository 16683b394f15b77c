import pytest

from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.grading.actions.open_grids import open_grids
from acquis.certification.grading.errors import (
    GridsNotOpenable,
    NobodyToMark,
    NoCriteria,
    TooFewJurors,
)
from acquis.certification.grading.models import Grid
from acquis.kernel import trace
from tests.factories import grading

pytestmark = pytest.mark.django_db


def test_each_present_juror_gets_one_grid_for_each_present_candidate():
    session = grading.session()
    grading.add_juror(session, present=False)
    grading.add_candidate(session, order=3, present=False)

    opened = open_grids(session=session, by=session.manager, at=grading.AT)

    assert len(opened) == 4
    assert [mark.criterion for mark in opened[0].marks.all()] == ["CP1.1", "CP2.2", "CP2.3"]


def test_opening_is_one_line_of_the_session_s_trace():
    session = grading.session()

    open_grids(session=session, by=session.manager, at=grading.AT)

    assert trace.lines(session.trace_stream).get().verb == "grids.opened"


def test_opening_again_makes_only_the_grids_of_who_came_late():
    session = grading.session()
    grading.grids(session)
    late = grading.add_candidate(session, order=3)

    opened = open_grids(session=session, by=session.manager, at=grading.AT)

    assert {grid.candidate_id for grid in opened} == {late.pk}
    assert open_grids(session=session, by=session.manager, at=grading.AT) == []


def test_a_session_in_preparation_has_no_grids():
    session = grading.session(state=ExamSession.State.SUMMONED)

    with pytest.raises(GridsNotOpenable):
        open_grids(session=session, by=session.manager, at=grading.AT)


def test_one_juror_is_not_a_jury():
    session = grading.session(jurors=1)

    with pytest.raises(TooFewJurors):
        open_grids(session=session, by=session.manager, at=grading.AT)
    assert not Grid.objects.exists()


def test_nobody_present_is_nobody_to_mark():
    session = grading.session(candidates=0)

    with pytest.raises(NobodyToMark):
        open_grids(session=session, by=session.manager, at=grading.AT)


def test_a_block_without_criteria_cannot_be_marked():
    session = grading.session(criteria=0)

    with pytest.raises(NoCriteria):
        open_grids(session=session, by=session.manager, at=grading.AT)
