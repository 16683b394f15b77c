"""Letters: saved as they are typed, then frozen as a PDF."""

import io
from datetime import datetime

import pytest
from django.urls import reverse
from pypdf import PdfReader

from acquis.accounts.models import User, Workspace
from acquis.desk.documents import policy
from acquis.desk.documents.actions.finalise_letter import finalise_letter
from acquis.desk.documents.actions.save_letter_part import save_letter_part
from acquis.desk.documents.actions.start_letter import start_letter
from acquis.desk.documents.errors import (
    LetterDateInvalid,
    LetterFieldUnknown,
    LetterFinal,
    LetterIncomplete,
    LetterTextTooLong,
)
from acquis.desk.documents.models import Letter
from acquis.kernel import files, trace
from acquis.kernel.testing import StrictClient
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(workspace: Workspace, adviser: User, now: datetime) -> Letter:
    known = make.customer(
        workspace, title="Mme", first_name="Odile", last_name="Lefèvre",
        address_1="3 rue de la Paix", postcode="59000", city="Lille",
    )  # fmt: skip
    return start_letter(customer=known, by=adviser, at=now)


def keep(letter: Letter, name: str, text: str, seq: int, by: User, at: datetime) -> object:
    return save_letter_part(letter=letter, name=name, text=text, seq=seq, by=by, at=at)


def filled(letter: Letter, by: User, at: datetime) -> Letter:
    keep(letter, "subject", "Votre réclamation REC-1", 1, by, at)
    keep(letter, "body", "Nous avons bien reçu\nvotre lettre.\n\nNous la traitons.", 1, by, at)
    letter.refresh_from_db()
    return letter


def test_a_letter_begins_with_what_usage_gives(draft: Letter, adviser: User) -> None:
    assert draft.salutation == "Madame,"
    assert "d’agréer, Madame," in draft.closing
    assert (draft.place, draft.signature) == ("Roanne", adviser.full_name)
    assert str(draft.dated_on) == "2026-11-20"


def test_a_part_is_kept_under_its_own_number(draft: Letter, adviser: User, now: datetime) -> None:
    keep(draft, "subject", "Votre", 1, adviser, now)
    keep(draft, "body", "Madame", 1, adviser, now)
    keep(draft, "subject", "Votre commande", 2, adviser, now)

    draft.refresh_from_db()
    assert (draft.subject, draft.body) == ("Votre commande", "Madame")
    assert draft.field_seqs == {"subject": 2, "body": 1}
    lines = trace.lines(draft.trace_stream).filter(verb="letter.saved")
    assert [(line.data["part"], line.data["seq"]) for line in lines] == [
        ("subject", 1), ("body", 1), ("subject", 2),
    ]  # fmt: skip


def test_a_day_that_is_cleared_is_no_day_and_bars_the_letter_from_leaving(
    draft: Letter, adviser: User, now: datetime
) -> None:
    keep(draft, "dated_on", "2026-12-01", 1, adviser, now)
    kept = save_letter_part(letter=draft, name="dated_on", text="", seq=2, by=adviser, at=now)

    filled(draft, adviser, now)
    assert (kept.text, draft.dated_on) == ("", None)
    with pytest.raises(LetterIncomplete, match="ate"):
        finalise_letter(letter=draft, by=adviser, at=now)


def test_blank_lines_part_paragraphs_however_many_there_are() -> None:
    assert policy.paragraphs("\n\nUn,\n deux.\n\n \n\nTrois.\n") == [["Un,", "deux."], ["Trois."]]
    assert policy.paragraphs(" \n") == []


def test_the_same_version_sent_again_is_acknowledged_once(
    draft: Letter, adviser: User, now: datetime
) -> None:
    for _ in range(2):
        kept = save_letter_part(
            letter=draft, name="body", text="Bonjour", seq=1, by=adviser, at=now
        )
        assert (kept.seq, kept.conflict) == (1, False)

    assert trace.lines(draft.trace_stream).filter(verb="letter.saved").count() == 1


def test_another_window_ahead_is_a_conflict_and_writes_nothing(
    draft: Letter, adviser: User, now: datetime
) -> None:
    keep(draft, "body", "Le texte de l’autre fenêtre", 1, adviser, now)

    kept = save_letter_part(letter=draft, name="body", text="Le mien", seq=1, by=adviser, at=now)

    assert kept.conflict
    assert kept.text == "Le texte de l’autre fenêtre"
    draft.refresh_from_db()
    assert draft.body == "Le texte de l’autre fenêtre"


@pytest.mark.parametrize(
    ("name", "text", "refusal"),
    [
        ("file", "x", LetterFieldUnknown),
        ("place", "x" * 81, LetterTextTooLong),
        ("dated_on", "demain", LetterDateInvalid),
    ],
)
def test_what_is_no_part_of_a_letter_is_refused(
    draft: Letter, adviser: User, now: datetime, name: str, text: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        keep(draft, name, text, 1, adviser, now)

    draft.refresh_from_db()
    assert draft.seq == 0


def test_finalising_says_what_is_missing(draft: Letter, adviser: User, now: datetime) -> None:
    with pytest.raises(LetterIncomplete, match="objet, corps de la lettre"):
        finalise_letter(letter=draft, by=adviser, at=now)


def test_a_finalised_letter_is_a_pdf_that_reads_as_a_french_letter(
    draft: Letter, adviser: User, now: datetime
) -> None:
    final = finalise_letter(letter=filled(draft, adviser, now), by=adviser, at=now)

    assert final.file is not None
    reader = PdfReader(io.BytesIO(files.read(final.file)))
    text = " ".join(reader.pages[0].extract_text().split())
    for part in ("Ateliers Valbrenne", "Mme Odile Lefèvre", "59000 LILLE",
                 "Roanne, le 20 novembre 2026", "Objet : Votre réclamation REC-1", "Madame,",
                 "Nous la traitons.", "page 1/1", "SIREN 000417386"):  # fmt: skip
        assert part in text, part
    assert reader.metadata is not None
    assert reader.metadata.title == "Votre réclamation REC-1"
    line = trace.lines(draft.trace_stream).last()
    assert line is not None
    assert (line.verb, line.data["sha256"]) == ("letter.finalised", final.file.sha256)


def test_a_finalised_letter_no_longer_changes(draft: Letter, adviser: User, now: datetime) -> None:
    final = finalise_letter(letter=filled(draft, adviser, now), by=adviser, at=now)

    with pytest.raises(LetterFinal):
        keep(final, "body", "Autre chose", 2, adviser, now)
    with pytest.raises(LetterFinal):
        finalise_letter(letter=final, by=adviser, at=now)


def test_a_long_letter_goes_on_over_numbered_pages(
    draft: Letter, adviser: User, now: datetime
) -> None:
    keep(draft, "subject", "Longue", 1, adviser, now)
    keep(draft, "body", "\n\n".join(["Un paragraphe assez long. " * 12] * 20), 1, adviser, now)

    final = finalise_letter(letter=draft, by=adviser, at=now)

    assert final.file is not None
    pages = PdfReader(io.BytesIO(files.read(final.file))).pages
    assert len(pages) > 1
    assert f"page 2/{len(pages)}" in pages[1].extract_text()


def test_the_editor_speaks_the_language_of_autosave(
    signed_in: StrictClient, workspace: Workspace, draft: Letter
) -> None:
    page = reverse("documents:save", args=[workspace.pk, draft.pk])

    first = signed_in.post(page, {"body": "Bonjour", "seq": "1"})
    ahead = signed_in.post(page, {"body": "Autre", "seq": "1"})
    wrong = signed_in.post(
        page, {"dated_on": "demain", "seq": "1"}, headers={"Accept": "application/json"}
    )
    none = signed_in.post(page, {"body": "x"}, headers={"Accept": "application/json"})

    assert (first.status_code, first.json()["seq"], first.json()["late"]) == (200, 1, False)
    assert (ahead.status_code, ahead.json()["text"]) == (409, "Bonjour")
    assert (wrong.status_code, none.status_code) == (422, 422)


def test_a_letter_is_begun_read_proofread_finalised_and_downloaded(
    signed_in: StrictClient, workspace: Workspace, adviser: User, now: datetime
) -> None:
    known = make.customer(workspace)
    begin = reverse("documents:create", args=[workspace.pk, known.pk])
    assert signed_in.get(begin).status_code == 200
    begun = signed_in.post(begin)
    letter = filled(Letter.objects.get(), adviser, now)
    page = reverse("documents:letter", args=[workspace.pk, letter.pk])

    editor = signed_in.get(page).content.decode()
    remarks = signed_in.post(
        reverse("documents:proofread", args=[workspace.pk, letter.pk]), {"body": "Une fautte."}
    )
    signed_in.post(reverse("documents:finalise", args=[workspace.pk, letter.pk]))
    document = signed_in.get(reverse("documents:pdf", args=[workspace.pk, letter.pk]))
    read = signed_in.get(page).content.decode()
    listed = signed_in.get(reverse("documents:index", args=[workspace.pk])).content.decode()

    assert begun["Location"] == page
    assert 'data-autosave-seq="1"' in editor
    assert "fautte" in remarks.content.decode()
    assert b"".join(document.streaming_content)[:5] == b"%PDF-"
    letter.refresh_from_db()
    assert letter.file is not None
    assert letter.file.sha256 in read
    assert "data-autosave-url" not in read
    assert "Finalisée" in listed
