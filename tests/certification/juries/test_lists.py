"""The register brought as a file, and taken away."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from acquis.accounts.enums import Role
from acquis.certification.juries import juror_list, presentation
from acquis.certification.juries.models import Juror
from acquis.kernel import jobs, sheets, trace
from acquis.kernel.lists.reading import UnreadableListError
from acquis.kernel.models import Job
from tests.factories import certification as make

HEADS = "Nom;Prénom;Courriel;Expérience;A quitté le métier le;Information;Heures d’information;"
HEADS += "Habilité du;Habilité jusqu’au;Extérieur;Spécialités;Employeurs liés;"
HEADS += "Organismes de formation liés\n"
GOOD = (
    HEADS + "Kerdoncuff;Maëlle;M.Kerdoncuff@exemple.fr;6;19/11/2021;10/01/2026;3,5;01/01/2026;"
    "31/12/2028;non;rétention, recouvrement;"
    '"Atlantique Contact; Voix du Large";Gréta Sud\n'
)
TODAY = date(2026, 11, 20)


def read(text: str) -> juror_list.JurorList:
    return juror_list.read_jurors(sheets.table(text.encode()))


def test_a_line_says_all_that_the_register_holds() -> None:
    row = read(GOOD).good[0]
    assert (row.last_name, row.email, row.experience_years) == (
        "Kerdoncuff",
        "m.kerdoncuff@exemple.fr",
        6,
    )
    assert (row.briefed_on, row.briefing_hours) == (date(2026, 1, 10), Decimal("3.5"))
    assert (row.accredited_from, row.accredited_to) == (date(2026, 1, 1), date(2028, 12, 31))
    assert not row.is_external
    assert row.specialities == ["rétention", "recouvrement"]
    assert row.employers == ["Atlantique Contact", "Voix du Large"]
    assert row.training_bodies == ["Gréta Sud"]


def test_all_that_is_wrong_is_told_at_once_by_line() -> None:
    found = read(
        HEADS + ";Ali;pas une adresse;mille;31/02/2020;;longtemps;01/01/2026;31/12/2025;peut-être;;"
        + "x" * 201 + ";\n"
        "Diop;Ali;ali@exemple.fr;3;;;120;;;oui;;;\n"
        "Diop;Awa;ALI@exemple.fr;71;;;;;;;;;\n"
    )  # fmt: skip
    assert found.good == []
    assert [(error.line, error.column, error.code) for error in found.errors] == [
        (2, "last_name", "missing"),
        (2, "email", "email"),
        (2, "experience_years", "years"),
        (2, "briefing_hours", "hours"),
        (2, "is_external", "yes_or_no"),
        (2, "left_job_on", "date"),
        (2, "accredited_to", "reversed"),
        (2, "employers", "too_long"),
        (3, "briefing_hours", "hours"),
        (4, "experience_years", "years"),
        (4, "email", "twice"),
    ]
    sentences = dict(presentation.errors_by_line(found.errors))
    assert "Adresse électronique est déjà celle de la ligne 3" in sentences[4]
    assert "Nom est vide" in sentences[2]


def test_what_bars_from_sitting_is_told_to_the_day_and_is_no_error() -> None:
    found = read(GOOD)
    assert found.errors == []
    told = presentation.row_faults(found.rows[0], TODAY)
    assert len(told) == 1
    assert "19 novembre 2021" in told[0]
    found.rows[0].left_job_on = date(2021, 11, 20)
    found.rows[0].briefing_hours = None
    assert presentation.row_faults(found.rows[0], TODAY) == []


def test_a_separator_without_quotes_is_told_and_loses_nothing_in_silence() -> None:
    found = read(GOOD.replace('"', ""))
    assert [error.code for error in found.errors] == ["beyond"]
    assert (
        "La ligne dépasse les titres : « Gréta Sud »"
        in dict(presentation.errors_by_line(found.errors))[2][0]
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("Nom;Prénom\nA;B\n", "columns_missing"),
        (HEADS, "no_line"),
        (HEADS.strip() + ";Modèle 7\n", "old_template"),
    ],
)
def test_a_file_that_is_no_list_says_why(content: str, code: str) -> None:
    with pytest.raises(UnreadableListError, match=code):
        read(content)


@given(st.lists(st.text(max_size=20), max_size=len(juror_list.COLUMNS) + 2))
def test_no_line_whatever_breaks_the_reading(cells: list[str]) -> None:
    lines = [(1, juror_list.SHAPE.heads()), (2, cells), (3, ["x"])]
    found = juror_list.read_jurors(lines)
    for error in found.errors:
        assert presentation.errors_by_line([error])


@pytest.fixture
def manager(client, db):
    person = make.person(Role.SESSION_MANAGER, organisation=make.organisation())
    client.force_login(person)
    return person


@pytest.fixture
def centre(manager):
    return manager.memberships.get().organisation


def bring(client, content: bytes, name: str = "jures.csv", **data: str):
    upload = SimpleUploadedFile(name, content)
    preview = client.post(reverse("juries:import"), {"file": upload}, follow=True)
    answer = client.post(preview.redirect_chain[-1][0], data) if preview.redirect_chain else preview
    jobs.run_due(now=timezone.now())
    return preview.content.decode(), answer, Job.objects.order_by("-pk").first()


def test_a_list_is_seen_then_imported_and_a_second_time_changes_nothing(client, centre) -> None:
    page, _answer, job = bring(client, GOOD.encode())
    assert "Importer 1 juré" in page
    assert (job.state, job.result["imported"]) == ("done", 1)
    juror = Juror.objects.get(organisation=centre)
    assert set(juror.links.values_list("nature", "organisation_name")) == {
        ("employer", "Atlantique Contact"),
        ("employer", "Voix du Large"),
        ("trainer", "Gréta Sud"),
    }
    page, _answer, job = bring(client, GOOD.replace(";6;", ";9;").encode())
    assert "déjà au registre" in page
    assert (job.result["imported"], job.result["known"]) == (0, [2])
    juror.refresh_from_db()
    assert juror.experience_years == 6


def test_a_list_with_errors_imports_nothing_unless_the_good_lines_are_asked(client, centre) -> None:
    content = (GOOD + "Diop;;ali@exemple.fr;3\n").encode()
    page, answer, job = bring(client, content)
    assert "Ligne 3" in page
    assert answer.status_code == 422
    assert job is None
    _page, _answer, job = bring(client, content, lignes="justes")
    assert job.result["imported"] == 1
    assert any("laissée de côté" in note for note in job.result["notes"])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("jures.csv", b"\x89PNG\r\n\x1a\n\x00", ""),
        ("jures.csv", b"", ""),
        ("jures.csv", b"Nom;Age\nA;3\n", "il manque les colonnes"),
        ("jures.csv", "Nom;Prénom".encode("utf-16"), ""),
    ],
)
def test_a_file_of_anything_else_is_refused_with_the_reason(
    client, centre, name: str, content: bytes, said: str
) -> None:
    upload = SimpleUploadedFile(name, content)
    answer = client.post(reverse("juries:import"), {"file": upload}, follow=True)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_file_of_somebody_else_is_not_opened(client, centre) -> None:
    upload = SimpleUploadedFile("jures.csv", GOOD.encode())
    preview = client.post(reverse("juries:import"), {"file": upload})
    client.force_login(make.person(Role.SESSION_MANAGER, organisation=centre))
    assert client.get(preview["Location"]).status_code == 422


@pytest.mark.parametrize("form", ["csv", "xlsx", "ods"])
def test_the_list_is_taken_away_as_filtered_and_may_be_brought_back(
    client, centre, form: str
) -> None:
    make.juror(centre, last_name="Autre")
    kept = make.juror(
        centre,
        last_name="Kerdoncuff",
        phone="+33 1 99 00 12 34",
        briefing_hours=Decimal("3.5"),
        specialities=["rétention"],
    )
    kept.links.create(nature="employer", organisation_name="Voix", declared_at=timezone.now())
    make.juror(make.organisation(), last_name="Kerdoncuff")
    answer = client.post(reverse("juries:export"), {"format": form, "q": "kerdon"})
    rows = list(sheets.table(answer.content))
    assert rows[0][1][: len(juror_list.COLUMNS)] == juror_list.SHAPE.heads()[:-1]
    assert [row[1][0] for row in rows[1:]] == ["Kerdoncuff"]
    line = trace.lines(centre.trace_stream).get(verb="jurors.exported")
    assert (line.data["form"], line.data["count"]) == (form, 1)
    found = juror_list.read_jurors(rows)
    assert found.errors == []
    row = found.rows[0]
    assert (row.phone, row.briefing_hours, row.employers) == (
        "+33 1 99 00 12 34",
        Decimal("3.5"),
        ["Voix"],
    )
    assert row.accredited_to == kept.accredited_to


def test_what_a_juror_wrote_runs_in_no_spreadsheet(client, centre) -> None:
    make.juror(centre, employer='=HYPERLINK("https://exemple.fr")')
    answer = client.post(reverse("juries:export"), {"format": "nonsense"})
    cells = next(csv.DictReader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert cells["Employeur"].startswith("'=")


def test_the_template_is_empty_and_read(client, centre) -> None:
    empty = client.get(reverse("juries:import_template", args=["ods"])).content
    assert next(sheets.table(empty))[1] == juror_list.SHAPE.heads()
