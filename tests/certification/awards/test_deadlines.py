"""Results on the board of deadlines."""

from datetime import date, timedelta

import pytest

from acquis.certification.awards import policy
from acquis.certification.awards.deadlines import KINDS
from acquis.certification.exam_sessions.models import ExamSession
from tests.certification.exam_sessions.summoning import deliver
from tests.factories import awards, grading, incidents

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("duration", "due"),
    [
        ("P10D", date(2026, 11, 30)),
        ("P2W", date(2026, 12, 4)),
        ("P1M", date(2026, 12, 20)),
        (None, None),
        ("bientôt", None),
    ],
)
def test_results_are_due_so_many_days_after(duration, due) -> None:
    assert policy.results_due(duration, date(2026, 11, 20)) == due


def lines(session: ExamSession):
    found = KINDS[0].find(session.manager, session.organisation, grading.AT + timedelta(days=3))
    return [one for one in found if one.title == session.reference]


def test_a_session_is_done_once_each_result_left() -> None:
    session = awards.deliberated_session()
    incidents.spoilt(session)
    (line,) = lines(session)
    assert (line.done, line.troubles, line.due) == (False, 1, None)
    assert dict(line.facts) == {"résultats retenus": 1, "à communiquer": 2}
    incidents.actions.settle_incident(
        incident=session.incidents.get(),
        effect="none",
        text="Sans suite.",
        by=session.manager,
        at=grading.AT,
    )
    awards.issued(session)
    (line,) = lines(session)
    assert (line.done, dict(line.facts)) == (False, {"à communiquer": 2})  # they wait for the mail
    deliver()
    (line,) = lines(session)
    assert (line.done, line.troubles, line.facts) == (True, 0, ())


def test_the_lines_of_many_sessions_ask_once(count_queries) -> None:
    session = awards.deliberated_session()
    lines(session)  # the session's own people are read once
    awards.issued(session)
    asked = count_queries(lambda: lines(session))
    incidents.over(organisation=session.organisation)
    assert count_queries(lambda: lines(session)) == asked == 3
