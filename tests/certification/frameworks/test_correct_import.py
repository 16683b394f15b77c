from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from acquis.certification.frameworks import corrections
from acquis.certification.frameworks.actions.close_import import abandon_import, reopen_import
from acquis.certification.frameworks.actions.correct_import import (
    Correction,
    correct_import,
    undo_correction,
)
from acquis.certification.frameworks.errors import (
    CorrectionOutdated,
    CorrectionRefused,
    EditionFrozen,
    ImportClosed,
    ImportNotAbandoned,
    NothingToUndo,
)
from acquis.certification.frameworks.models import FrameworkCorrection, FrameworkImport
from acquis.kernel import jobs, trace
from acquis.kernel.models import TraceLine
from tests.factories import frameworks

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return frameworks.trainer()


@pytest.fixture
def reading(by):
    return frameworks.reading(by)


@pytest.fixture
def correct(by, now):
    def act(reading, operation, pointer, value=None, revision=None):
        seen = reading.revision if revision is None else revision
        return correct_import(
            reading=reading,
            correction=Correction(operation, pointer, seen, value),
            by=by,
            at=now,
        )

    return act


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("", {"title": "Fontainier de villes", "level": 5}),
        ("/rules", {"pass_ratio": "0.60"}),
        ("/blocks/0", {"title": "Poser"}),
        ("/blocks/0/activities/0", {"title": "La pose"}),
        ("/blocks/0/competencies/0", {"statement": "Préparer"}),
        ("/blocks/0/criteria/0", {"text": "Les plans sont lus"}),
        ("/transversal_competencies/0", {"criteria": ["Un", "Deux"]}),
        ("/assessments/0", {"jury_minutes": 30}),
        ("/assessments/0/phases/0", {"minutes": 75}),
        ("/assessments/0/phases/0/steps/1", {"exchanges": 3}),
    ],
)
def test_each_kind_of_item_is_corrected_and_traced(reading, correct, pointer, value):
    corrected = correct(reading, "set", pointer, value)

    item = corrections.at(corrected.corrected, pointer)
    assert {name: item[name] for name in value} == value
    assert corrected.revision == 1
    assert corrected.understood == frameworks.content()
    line = TraceLine.objects.get(verb="framework.import_corrected")
    assert line.data["pointer"] == pointer
    assert trace.verify() == []


def test_a_correction_that_changes_nothing_is_not_recorded(reading, correct):
    correct(reading, "set", "/blocks/0", {"title": "Poser des fontaines publiques"})

    assert not FrameworkCorrection.objects.exists()
    assert not TraceLine.objects.filter(verb="framework.import_corrected").exists()


def test_a_stale_correction_is_refused_and_writes_nothing(reading, correct):
    correct(reading, "set", "/blocks/0", {"title": "Poser"})

    with pytest.raises(CorrectionOutdated):
        correct(reading, "set", "/blocks/0", {"title": "Autre"}, revision=0)

    reading.refresh_from_db()
    assert reading.corrected["blocks"][0]["title"] == "Poser"
    assert FrameworkCorrection.objects.count() == 1


@pytest.mark.parametrize(
    ("operation", "pointer", "value"),
    [
        ("set", "/blocks/9", {"code": "B9"}),
        ("set", "/blocks/0", {"colour": "bleu"}),
        ("set", "/blocks/0", {"code": None}),
        ("add", "/blocks/0/criteria", {"text": "Sans code"}),
        ("move_up", "/blocks/0", None),
        ("restore", "/blocks/9", None),
        ("put_back", "/blocks/0", None),
    ],
)
def test_what_would_break_the_contract_is_refused(reading, correct, operation, pointer, value):
    with pytest.raises(CorrectionRefused):
        correct(reading, operation, pointer, value)

    reading.refresh_from_db()
    assert (reading.revision, reading.corrected) == (0, frameworks.content())


def test_the_last_correction_is_undone_then_the_one_before(reading, correct, by, now):
    correct(reading, "set", "/blocks/0", {"title": "Un"})
    reading.refresh_from_db()
    correct(reading, "remove", "/blocks/1")
    reading.refresh_from_db()

    reading = undo_correction(reading=reading, revision=2, by=by, at=now)
    assert len(reading.corrected["blocks"]) == 2
    reading = undo_correction(reading=reading, revision=3, by=by, at=now)

    assert reading.corrected == frameworks.content()
    assert FrameworkCorrection.objects.filter(undone_at__isnull=True).count() == 0
    with pytest.raises(NothingToUndo):
        undo_correction(reading=reading, revision=4, by=by, at=now)


def test_undoing_twice_by_a_double_click_undoes_once(reading, correct, by, now):
    correct(reading, "set", "/blocks/0", {"title": "Un"})
    reading.refresh_from_db()
    correct(reading, "set", "/blocks/0", {"title": "Deux"})
    undo_correction(reading=reading, revision=2, by=by, at=now)

    with pytest.raises(CorrectionOutdated):
        undo_correction(reading=reading, revision=2, by=by, at=now)

    reading.refresh_from_db()
    assert reading.corrected["blocks"][0]["title"] == "Un"


def test_one_item_gets_back_what_was_read_and_the_others_keep_their_corrections(reading, correct):
    correct(reading, "set", "/blocks/0/criteria/0", {"text": "Autre", "theme": "Neuf"})
    reading.refresh_from_db()
    correct(reading, "set", "/blocks/0/criteria/1", {"text": "Gardé"})
    reading.refresh_from_db()

    corrected = correct(reading, "restore", "/blocks/0/criteria/0")

    block = corrected.corrected["blocks"][0]
    assert block["criteria"][0] == frameworks.content()["blocks"][0]["criteria"][0]
    assert block["criteria"][1]["text"] == "Gardé"


def test_a_block_gets_its_title_back_and_keeps_its_items(reading, correct):
    correct(reading, "set", "/blocks/0", {"code": "B7", "title": "Autre"})
    reading.refresh_from_db()
    correct(reading, "remove", "/blocks/0/criteria/0")
    reading.refresh_from_db()

    corrected = correct(reading, "restore", "/blocks/0")

    block = corrected.corrected["blocks"][0]
    assert (block["code"], block["title"]) == ("B1", "Poser des fontaines publiques")
    assert [one["code"] for one in block["criteria"]] == ["K2"]
    assert corrected.corrected["assessments"][0]["scope"]["block"] == "B1"


def test_the_identity_gets_back_what_was_read(reading, correct):
    correct(reading, "set", "", {"title": "Autre", "acronym": "X", "nsf": ["312"]})
    reading.refresh_from_db()

    corrected = correct(reading, "restore", "")

    assert corrected.corrected["title"] == "Fontainier d’espaces publics"
    assert corrected.corrected["acronym"] is None
    assert corrected.corrected["blocks"] == frameworks.content()["blocks"]


def test_a_removed_item_is_put_back_at_its_place(reading, correct):
    correct(reading, "remove", "/blocks/0/criteria/0")
    reading.refresh_from_db()

    corrected = correct(reading, "put_back", "/blocks/0/criteria/0")

    assert corrected.corrected == frameworks.content()


def test_an_added_item_has_nothing_to_get_back(reading, correct):
    new = {"code": "K9", "text": "Neuf", "competencies": []}
    correct(reading, "add", "/blocks/0/criteria", new)
    reading.refresh_from_db()

    with pytest.raises(CorrectionRefused, match="n’a pas été lu"):
        correct(reading, "restore", "/blocks/0/criteria/2")


def test_an_item_whose_code_changes_keeps_its_line_of_the_source(reading, correct):
    corrected = correct(reading, "set", "/blocks/0/criteria/0", {"code": "K100"})

    assert corrected.locations["K100"] == frameworks.LINES["K1"]


def test_a_settled_doubt_leaves_the_list_and_may_return(reading, correct, by, now):
    corrected = correct(reading, "remove", "/warnings/0")
    assert corrected.corrected["warnings"] == []

    undone = undo_correction(reading=reading, revision=1, by=by, at=now)

    assert undone.corrected["warnings"] == frameworks.content()["warnings"]


def test_an_abandoned_import_is_neither_corrected_nor_lost(reading, correct, by, now):
    correct(reading, "set", "/blocks/0", {"title": "Un"})
    reading.refresh_from_db()
    abandon_import(reading=reading, by=by, at=now)

    with pytest.raises(ImportClosed):
        correct(reading, "set", "/blocks/0", {"title": "Deux"})
    reopened = reopen_import(reading=reading, by=by, at=now)

    assert reopened.state == FrameworkImport.State.UNDERSTOOD
    assert reopened.corrected["blocks"][0]["title"] == "Un"


def test_abandoning_twice_is_one_act(reading, by, now):
    abandon_import(reading=reading, by=by, at=now)
    abandon_import(reading=reading, by=by, at=now)

    assert TraceLine.objects.filter(verb="framework.import_abandoned").count() == 1


def test_only_what_is_put_aside_is_reopened(reading, by, now):
    with pytest.raises(ImportNotAbandoned):
        reopen_import(reading=reading, by=by, at=now)


def test_a_published_import_is_neither_corrected_nor_abandoned(by, correct, now):
    reading = frameworks.reading(by, state=FrameworkImport.State.PUBLISHED)

    with pytest.raises(EditionFrozen):
        correct(reading, "remove", "/blocks/0")
    with pytest.raises(EditionFrozen):
        abandon_import(reading=reading, by=by, at=now)


def test_a_reading_that_stopped_is_started_again(by, now):
    reading = frameworks.reading(
        by, state=FrameworkImport.State.READING, corrected=None, understood=None
    )

    reopen_import(reading=reading, by=by, at=now)
    with pytest.raises(ImportNotAbandoned):  # it is being read
        reopen_import(reading=reading, by=by, at=now)
    jobs.run_due(now=now + timedelta(seconds=1))

    reading.refresh_from_db()
    assert reading.state in {FrameworkImport.State.UNDERSTOOD, FrameworkImport.State.REFUSED}


def test_the_database_refuses_two_corrections_of_one_revision(reading, correct, by, now):
    correct(reading, "remove", "/blocks/0")
    row = FrameworkCorrection.objects.get()
    row.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
