"""The history of a record is searched; notes that say too much are seen before they are kept."""

from datetime import UTC, datetime

import pytest

from acquis.desk.directory.models import Customer
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.desk.directory.records import address
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


def test_the_history_is_searched_and_bounded(signed_in: StrictClient, known: Customer) -> None:
    make.note(known, body="Robot bleu livré", written_at=datetime(2026, 3, 1, 9, tzinfo=UTC))
    make.note(known, body="Robot rouge", written_at=datetime(2026, 5, 1, 9, tzinfo=UTC))
    make.consent(known)
    make.prospecting_call(known, outcome="refused")
    page = address(known, "timeline")

    def told(**asked: str) -> list[str]:
        return [moment.kind for moment in signed_in.get(page, asked).context["moments"]]

    assert told(texte="ROBOT") == ["note", "note"]
    assert told(texte="bleu livre") == ["note"]
    assert told(du="2026-04-01", au="2026-05-01") == ["note"]
    assert told(genre="consent") == ["consent"]
    assert told(genre="prospecting") == ["prospecting"]
    assert told(du="hier") == told()
    assert told(texte="introuvable") == []


def test_more_than_a_slice_of_what_is_searched_goes_on(
    signed_in: StrictClient, known: Customer
) -> None:
    for _ in range(25):
        make.note(known, body="Robot")
    page = address(known, "timeline")

    first = signed_in.get(page, {"texte": "robot"})
    assert "texte=robot&amp;debut=20" in first.content.decode()
    second = signed_in.get(page, {"texte": "robot", "debut": "20"})
    assert len(second.context["moments"]) == 5


def test_a_note_that_says_too_much_is_shown_once_then_kept(
    signed_in: StrictClient, known: Customer, htmx: dict[str, str]
) -> None:
    page = address(known, "note")
    body = "Client dépressif, un vrai connard."

    first = signed_in.post(page, {"body": body}, headers=htmx)

    assert first.status_code == 422
    assert "la santé" in first.content.decode()
    assert not known.notes.exists()
    confirmed = first.context["note"]["kept_anyway"].value()
    other = signed_in.post(page, {"body": "Il est juif.", "kept_anyway": confirmed}, headers=htmx)
    assert other.status_code == 422
    kept = signed_in.post(page, {"body": body, "kept_anyway": confirmed}, headers=htmx)
    assert kept.status_code == 200
    line = trace.lines(known.workspace.trace_stream).get()
    assert line.data["warned"] == ["health", "insult"]
