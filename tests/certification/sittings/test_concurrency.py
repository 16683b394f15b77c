"""The same act from several places at once: one effect, everything acknowledged is kept."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from acquis.certification.papers import actions as papers
from acquis.certification.papers.models import Draw
from acquis.certification.sittings import actions
from acquis.certification.sittings.models import HelpCall, Phase, Production, Sitting, TimeGrant
from acquis.kernel import trace
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run acts in threads that start together, each with its own connection."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        gate.wait(timeout=20)
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result(timeout=60) for each in [pool.submit(run, act) for act in acts]]


def test_a_subject_drawn_twice_at_once_is_drawn_once() -> None:
    session = make.session(candidates=1)
    for _ in range(3):
        make.subject(session.organisation)
    seat = session.candidates.get()

    def act() -> int:
        return papers.draw_subject(candidate=seat, kind="written", by=session.manager, at=DAY).pk

    assert len(set(at_once(act, act, act, act))) == 1
    assert Draw.objects.count() == 1
    assert trace.verify(session.trace_stream) == []


def test_a_phase_started_twice_at_once_has_one_start() -> None:
    sitting = make.ready_sitting()
    phase = sitting.phases.first()

    def act() -> object:
        return actions.start_phase(phase=phase, by=make.writer(sitting), at=DAY).started_at

    assert at_once(act, act, act, act) == [DAY] * 4
    assert trace.lines(sitting.trace_stream).filter(verb="phase.started").count() == 1
    assert Phase.objects.filter(state="running").count() == 1


def test_two_tabs_that_save_at_once_lose_nothing() -> None:
    sitting = make.running_sitting()
    by = make.writer(sitting)

    def save(tab: str, number: int) -> Callable[[], actions.Saved]:
        return lambda: actions.save_production(
            sitting=sitting,
            key="letter_body",
            content=f"{tab}{number}",
            client_id=f"{tab}:{number}",
            base_seq=0,
            by=by,
            at=DAY,
        )

    answers = at_once(*(save(tab, number) for tab in "abc" for number in (1, 2)))
    production = Production.objects.get()
    kept = {revision.content for revision in production.revisions.all()}
    assert kept == {f"{tab}{number}" for tab in "abc" for number in (1, 2)}
    winner = {answer.conflict_content for answer in answers if answer.conflict_content is not None}
    assert production.content in kept
    assert winner <= kept
    assert trace.verify(sitting.trace_stream) == []


def test_the_same_save_sent_twice_at_once_is_saved_once() -> None:
    sitting = make.running_sitting()

    def act() -> actions.Saved:
        return actions.save_production(
            sitting=sitting,
            key="summary",
            content="un texte",
            client_id="a:1",
            base_seq=0,
            by=make.writer(sitting),
            at=DAY,
        )

    assert len(set(at_once(act, act, act))) == 1
    assert Production.objects.get().revisions.count() == 1


def test_double_clicks_in_the_room_count_once() -> None:
    sitting = make.running_sitting()
    by = sitting.candidate.session.manager
    phase = sitting.phases.first()

    def call() -> object:
        return actions.call_invigilator(sitting=sitting, by=make.writer(sitting), at=DAY).pk

    def grant() -> object:
        return actions.give_time(
            phase=phase, seconds=300, reason="Alarme", by=by, at=DAY, request_key="double"
        ).pk

    at_once(call, call, grant, grant)
    assert HelpCall.objects.count() == 1
    assert TimeGrant.objects.count() == 1


def test_a_session_opened_twice_at_once_has_one_exam_a_candidate() -> None:
    session = make.session(candidates=2)
    make.subject(session.organisation)

    def act() -> object:
        return actions.open_session(session=session, by=session.manager, at=DAY).pk

    at_once(act, act, act)
    assert Sitting.objects.count() == 2
    assert Draw.objects.count() == 2
    assert trace.lines(session.trace_stream).filter(verb="session.opened").count() == 1
