from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from acquis.certification.grading.actions.mark_criterion import Answer
from acquis.certification.grading.errors import GridClosed, NotYourGrid, UnknownCriterion
from acquis.certification.grading.models import Mark
from acquis.kernel import trace
from acquis.kernel.models import TracePersonalPart
from tests.factories import grading
from tests.factories.grading import ACQUIRED, NOT_ACQUIRED, mark

pytestmark = pytest.mark.django_db


@pytest.fixture
def grid():
    return grading.grids(grading.session(candidates=1))[0]


def test_an_acknowledged_mark_is_in_the_database(grid):
    answer = mark(grid, "CP1.1", ACQUIRED, observation="Reformule à 02:10.")

    stored = Mark.objects.get(grid=grid, criterion="CP1.1")
    assert answer.answer is Answer.SAVED
    assert (stored.verdict, stored.observation, stored.seq, stored.marked_at) == (
        ACQUIRED,
        "Reformule à 02:10.",
        1,
        grading.AT,
    )


def test_the_same_save_sent_twice_is_kept_once(grid):
    mark(grid, "CP1.1", ACQUIRED, client_id="tab:1")

    again = mark(grid, "CP1.1", ACQUIRED, client_id="tab:1")

    assert again.answer is Answer.REPEATED
    assert again.mark.seq == 1
    assert trace.lines(grid.own_stream).count() == 1


def test_a_stale_page_never_overwrites_and_is_answered_with_what_stands(grid):
    mark(grid, "CP1.1", ACQUIRED, observation="Oui.")

    answer = mark(grid, "CP1.1", NOT_ACQUIRED, seq=0)

    assert answer.answer is Answer.CONFLICT
    assert (answer.mark.verdict, answer.mark.observation) == (ACQUIRED, "Oui.")
    assert Mark.objects.get(grid=grid, criterion="CP1.1").verdict == ACQUIRED


def test_two_pages_that_say_the_same_have_nothing_to_settle(grid):
    mark(grid, "CP1.1", ACQUIRED, observation="Oui.", client_id="tablette:1")

    answer = mark(grid, "CP1.1", ACQUIRED, observation="Oui.", seq=0, client_id="bureau:1")

    assert (answer.answer, answer.mark.seq) == (Answer.REPEATED, 1)
    assert trace.lines(grid.own_stream).count() == 1


def test_each_change_keeps_who_when_and_what_it_was(grid):
    later = grading.AT + timedelta(minutes=5)
    mark(grid, "CP1.1", ACQUIRED, observation="Oui.")
    mark(grid, "CP1.1", NOT_ACQUIRED, seq=1, at=later)

    first, second = trace.lines(grid.own_stream)
    juror = grading.juror_of(grid)
    assert [(line.actor_id, line.at) for line in (first, second)] == [
        (juror.pk, grading.AT),
        (juror.pk, later),
    ]
    assert trace.personal_part(first)["before"] == {"verdict": "", "observation": ""}
    assert trace.personal_part(second) == {
        "before": {"verdict": ACQUIRED, "observation": "Oui."},
        "after": {"verdict": NOT_ACQUIRED, "observation": ""},
    }


def test_a_page_up_to_date_changes_and_takes_back_its_mark(grid):
    mark(grid, "CP1.1", ACQUIRED)
    mark(grid, "CP1.1", NOT_ACQUIRED, seq=1)

    answer = mark(grid, "CP1.1", "", seq=2)

    assert (answer.answer, answer.mark.seq, answer.mark.verdict) == (Answer.SAVED, 3, "")


def test_each_change_is_traced_with_before_and_after_out_of_sight_of_the_session_s_readers(grid):
    mark(grid, "CP1.1", ACQUIRED)
    mark(grid, "CP1.1", NOT_ACQUIRED, seq=1)

    lines = list(trace.lines(grid.own_stream))
    assert [line.data for line in lines] == [
        {"criterion": "CP1.1", "seq": 1},
        {"criterion": "CP1.1", "seq": 2},
    ]
    assert TracePersonalPart.objects.filter(stream=grid.own_stream).count() == 2
    assert [line.verb for line in trace.lines(grid.trace_stream)] == ["grids.opened"]


def test_only_its_own_juror_marks_a_grid(grid):
    with pytest.raises(NotYourGrid):
        mark(grid, "CP1.1", ACQUIRED, by=grid.candidate.session.manager)
    assert not Mark.objects.exclude(verdict="").exists()


def test_a_closed_grid_takes_no_mark_but_still_answers_a_repetition(grid):
    mark(grid, "CP1.1", ACQUIRED, client_id="tab:1")
    for criterion in ("CP2.2", "CP2.3"):
        mark(grid, criterion, ACQUIRED)
    grading.close_grid(grid=grid, general_observation="", by=grading.juror_of(grid), at=grading.AT)

    with pytest.raises(GridClosed):
        mark(grid, "CP1.1", NOT_ACQUIRED, seq=1)
    assert mark(grid, "CP1.1", ACQUIRED, client_id="tab:1").answer is Answer.REPEATED


def test_the_database_itself_refuses_to_change_a_closed_grid(grid):
    grading.closed(grid)

    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.filter(grid=grid).update(verdict=NOT_ACQUIRED)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(grid).objects.filter(pk=grid.pk).update(closed_at=None)


def test_a_criterion_of_another_grid_is_unknown(grid):
    with pytest.raises(UnknownCriterion):
        mark(grid, "CP9.9", ACQUIRED)
