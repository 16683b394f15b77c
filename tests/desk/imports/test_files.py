"""Files as people have them: columns, encodings, workbooks, visiting cards, limits."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.utils import timezone

from acquis.accounts.models import Workspace
from acquis.desk.directory.models import CompanyContact, Customer
from acquis.desk.imports import queries, reading
from acquis.desk.imports.actions import bring_file as bringing
from acquis.desk.imports.actions import lead_import
from acquis.desk.imports.actions.bring_file import read_again
from acquis.desk.imports.errors import (
    ColumnTwice,
    FileTooLarge,
    FileUnreadable,
    NoNameColumn,
    NotNow,
    TooManyLines,
)
from acquis.desk.imports.models import ColumnMemory, CustomerImport
from acquis.kernel import worker
from acquis.kernel.models import Job, StoredFile, TraceLine
from tests.desk.imports.bringing import CSV, bring, check, run
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


def test_columns_are_remembered_for_the_same_headers(workspace: Workspace) -> None:
    check(bring(workspace, "Nom;Machin\nRoux;Lyon\n"), Machin="city")

    assert bring(workspace, "NOM;machin\nBlanc;Paris\n").mapping == {"0": "last_name", "1": "city"}
    assert ColumnMemory.objects.count() == 1


def test_a_field_of_the_desk_is_guessed_and_written(workspace: Workspace) -> None:
    make.custom_field(workspace, key="code_porte", label="Code porte")

    run(check(bring(workspace, "Nom;Code porte\nRoux;12A\n")))

    assert Customer.objects.get().custom == {"code_porte": "12A"}


def test_refused_columns(workspace: Workspace) -> None:
    source = bring(workspace)

    for mapping, refused in (({4: "postcode"}, NoNameColumn), ({0: "last_name", 1: "last_name"}, ColumnTwice)):  # fmt: skip
        with pytest.raises(refused):
            lead_import.check_lines(
                source=source, mapping=mapping, on_duplicate="skip", by=None, at=timezone.now()
            )
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("encode", "separator", "name"),
    [
        (lambda text: text.encode("cp1252"), ";", "cp1252"),
        (lambda text: text.encode("utf-8-sig"), ";", "utf-8-sig"),
        (lambda text: text.encode("utf-16"), ";", "utf-16"),
        (lambda text: text.replace(";", ",").encode(), ",", "utf-8-sig"),
        (lambda text: text.replace(";", "\t").encode(), "\t", "utf-8-sig"),
        (lambda text: text.replace(";", "|").encode(), "|", "utf-8-sig"),
    ],
)
def test_encoding_and_separator_are_told(
    workspace: Workspace, encode: Callable[[str], bytes], separator: str, name: str
) -> None:
    source = bring(workspace, encode(CSV))

    assert (source.encoding, source.separator) == (name, separator)
    assert source.headers[0] == "Prénom"
    assert queries.first_lines(source, 1)[1][1][1] == "Lefèvre"


def test_they_can_be_changed_while_nothing_is_imported(workspace: Workspace) -> None:
    source = bring(workspace, "Nom\nRoux\n")

    told = {"encoding": "cp1252", "separator": ","}
    assert read_again(source=source, **told, by=None, at=timezone.now()).encoding == "cp1252"
    assert TraceLine.objects.get(verb="customers.file_read_again").data == told
    run(check(source))
    with pytest.raises(NotNow):
        read_again(source=source, **told, by=None, at=timezone.now())


def test_a_workbook(workspace: Workspace) -> None:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in (["Nom", "Téléphone", "Client depuis"], ["Roux", 639980001.0, timezone.now().replace(2020, 1, 2, 0, 0, 0, 0, tzinfo=None)], [None, None, None], ["Blanc", None, None]):  # fmt: skip
        book.active.append(row)  # type: ignore[union-attr]
    book.save(content)

    source = run(check(bring(workspace, content.getvalue(), "clients.xlsx")))

    assert (source.source, source.created) == ("xlsx", 2)
    roux = Customer.objects.get(last_name="Roux")
    assert (roux.phone, roux.customer_since.isoformat()) == ("+33639980001", "2020-01-02")  # type: ignore[union-attr]


def test_visiting_cards(workspace: Workspace) -> None:
    cards = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lefèvre;Odile;;Mme;\r\nFN:Odile Lefèvre\r\n"
        "TEL;TYPE=CELL:06 39 98 00 01\r\nTEL:01 99 00 00 01\r\nEMAIL:odile@a.example\r\n"
        "ADR:;;12 rue des Tisserands;Roanne;;42300;France\r\nCATEGORIES:VIP,presse\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Roux;Ali;;;\r\nFN:Ali Roux\r\nORG:Garage du Port\r\n"
        "TITLE:Achats\r\nEND:VCARD\r\n"
    )
    source = run(check(bring(workspace, cards, "contacts.vcf")))

    assert (source.source, source.created) == ("vcard", 2)
    odile = Customer.objects.get(last_name="Lefèvre")
    assert (odile.title, odile.phone_alt, odile.city) == ("Mme", "+33199000001", "Roanne")
    assert odile.tags == ["VIP", "presse"]
    assert CompanyContact.objects.get().function == "Achats"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"Nom;Ville\n", "vide.csv"),
        (b"%PDF-1.7\nNom;Ville\n", "facture.csv"),
        (b"Nom;Ville\nRoux\x00;Lyon\n", "binaire.csv"),
        (b"PK\x03\x04 pas un classeur", "abime.xlsx"),
        (b"BEGIN:VCARD\nN:" + b"x\nx" * 900, "abime.vcf"),
        (b"BEGIN:VCARD\nVERSION:3.0\nEND:VEVENT\nEND:VCARD\n", "faux.vcf"),
        (b'Nom\n"' + b"x" * 200_000 + b'"\n', "cellule.csv"),
    ],
)
def test_a_file_that_does_not_read_is_not_kept(
    workspace: Workspace, content: bytes, name: str
) -> None:
    with pytest.raises(FileUnreadable):
        bring(workspace, content, name)
    assert not StoredFile.objects.exists()
    assert not CustomerImport.objects.exists()


def test_limits(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    source = bring(workspace)
    monkeypatch.setattr(reading, "MOST_LINES", 2)
    with pytest.raises(TooManyLines):
        queries.first_lines(source, 10)
    monkeypatch.setattr(bringing, "MOST_BYTES", 10)
    with pytest.raises(FileTooLarge):
        bring(workspace)


def test_too_many_lines_stop_the_reading_and_the_columns_can_be_seen_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = bring(workspace)
    monkeypatch.setattr(reading, "MOST_LINES", 2)
    lead_import.check_lines(source=source, mapping={1: "last_name"}, on_duplicate="skip", by=None, at=timezone.now())  # fmt: skip
    worker.drain()

    source.refresh_from_db()
    assert source.state == "mapping"
    assert "plus de 2 lignes" in queries.job_of(source).error  # type: ignore[union-attr]
