"""What the reader found is kept once, for the import that still waits for it."""

import pytest

from acquis.certification.frameworks.actions.close_import import abandon_import, reopen_import
from acquis.certification.frameworks.actions.record_reading import record_reading, record_refusal
from acquis.certification.frameworks.models import FrameworkImport
from acquis.certification.frameworks.readers import ReadFramework
from acquis.kernel.models import Job, TraceLine
from tests.factories import frameworks

pytestmark = pytest.mark.django_db

State = FrameworkImport.State
SENTENCE = "Ce document n’est pas un référentiel."


@pytest.fixture
def by():
    return frameworks.trainer()


@pytest.fixture
def reading(by):
    """An import whose documents are being read."""
    return frameworks.reading(
        by, state=State.READING, understood=None, corrected=None, locations={}, source_text=""
    )


def found(**fields) -> ReadFramework:
    return ReadFramework(frameworks.content(**fields), frameworks.SOURCE, frameworks.LINES)


def test_each_framework_of_the_documents_has_an_import_of_its_own(reading, by, now):
    first, second = record_reading(
        reading=reading, found=[found(), found(code="RNCP90002")], at=now
    )

    assert first == reading
    assert (first.state, second.state) == (State.UNDERSTOOD, State.UNDERSTOOD)
    assert [one.corrected["code"] for one in (first, second)] == ["RNCP90001", "RNCP90002"]
    assert first.understood == first.corrected
    assert set(second.files.all()) == set(first.files.all())
    assert (second.organisation, second.created_by) == (first.organisation, by)
    assert TraceLine.objects.filter(verb="framework.import_understood").count() == 2


def test_what_is_found_for_an_import_put_aside_is_let_go(reading, by, now):
    abandon_import(reading=reading, by=by, at=now)

    assert record_reading(reading=reading, found=[found(), found()], at=now) == [reading]
    assert record_refusal(reading=reading, sentence=SENTENCE, at=now) == reading

    reading.refresh_from_db()
    assert (reading.state, reading.corrected, reading.refusal) == (State.ABANDONED, None, "")
    assert FrameworkImport.objects.count() == 1
    assert not TraceLine.objects.filter(verb__endswith="_understood").exists()
    assert not TraceLine.objects.filter(verb__endswith="_refused").exists()


def test_what_is_no_framework_keeps_its_reason_aside_and_back(reading, by, now):
    record_refusal(reading=reading, sentence=SENTENCE, at=now)
    abandon_import(reading=reading, by=by, at=now)

    reopened = reopen_import(reading=reading, by=by, at=now)

    assert (reopened.state, reopened.refusal) == (State.REFUSED, SENTENCE)
    assert not Job.objects.exists()


def test_what_was_put_aside_before_it_was_read_is_read_again(reading, by, now):
    abandon_import(reading=reading, by=by, at=now)

    reopened = reopen_import(reading=reading, by=by, at=now)

    assert reopened.state == State.READING
    assert Job.objects.get(kind="frameworks.read").args == {"reading": reading.pk}
