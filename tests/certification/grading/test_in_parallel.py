"""Several windows and several jurors at once: nothing is doubled, nothing is lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from acquis.certification.grading.actions.mark_criterion import Answer
from acquis.certification.grading.actions.open_deliberation import open_deliberation
from acquis.certification.grading.actions.open_grids import open_grids
from acquis.certification.grading.models import Deliberation, Grid, Mark
from acquis.kernel import trace
from tests.factories import grading

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts):
    """Run acts each in a thread with a connection of its own; gives their answers in order."""

    def run(act):
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture(autouse=True)
def _shared_database():
    """Threads see the test's database: SQLite's in-memory one lives in one thread only."""
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.fail("the test database must be a file for threads to share it")


def test_two_windows_that_mark_at_once_never_overwrite_each_other():
    grid = grading.grids(grading.session(candidates=1))[0]
    verdicts = (grading.ACQUIRED, grading.NOT_ACQUIRED) * 2

    answers = at_once(
        [
            lambda verdict=verdict, tab=tab: grading.mark(
                grid, "CP1.1", verdict, client_id=f"tab{tab}:1"
            )
            for tab, verdict in enumerate(verdicts)
        ]
    )

    # One is saved; the one that says the same has nothing to settle, the two others are told.
    told = [Answer.CONFLICT, Answer.CONFLICT, Answer.REPEATED, Answer.SAVED]
    assert sorted(one.answer for one in answers) == told
    stored = Mark.objects.get(grid=grid, criterion="CP1.1")
    saved = next(one.mark for one in answers if one.answer is Answer.SAVED)
    assert (stored.seq, stored.verdict) == (1, saved.verdict)
    assert trace.lines(grid.own_stream).count() == 1


def test_the_same_save_sent_several_times_at_once_is_kept_once():
    grid = grading.grids(grading.session(candidates=1))[0]

    answers = at_once(
        [lambda: grading.mark(grid, "CP1.1", grading.ACQUIRED, client_id="tab:1")] * 4
    )

    assert sorted(one.answer for one in answers) == [Answer.REPEATED] * 3 + [Answer.SAVED]
    assert Mark.objects.get(grid=grid, criterion="CP1.1").seq == 1


def test_jurors_who_mark_at_once_lose_nothing():
    grids = grading.grids(grading.session(candidates=2))
    criteria = ("CP1.1", "CP2.2", "CP2.3")

    at_once([lambda grid=grid: grading.fill(grid) for grid in grids])

    assert not Mark.objects.filter(verdict="").exists()
    for grid in grids:
        assert trace.lines(grid.own_stream).count() == len(criteria)
        assert trace.verify(grid.own_stream) == []


def test_opening_the_grids_twice_at_once_makes_them_once():
    session = grading.session()

    opened = at_once([lambda: open_grids(session=session, by=session.manager, at=grading.AT)] * 3)

    assert sorted(len(one) for one in opened) == [0, 0, 4]
    assert Grid.objects.count() == 4


def test_opening_a_deliberation_twice_at_once_opens_one():
    session = grading.session(candidates=1)
    candidate = session.candidates.get()
    for grid in grading.grids(session):
        grading.closed(grid)
    by = grading.first_juror(session)

    at_once([lambda: open_deliberation(candidate=candidate, by=by, at=grading.AT)] * 3)

    assert Deliberation.objects.get().decisions.count() == 3
