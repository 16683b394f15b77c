"""The list of customers as a file: what leaves, by whose right, how long it is kept."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from acquis.accounts.models import User, Workspace
from acquis.desk.directory.actions import take_out_customers
from acquis.desk.directory.models import CustomerExport
from acquis.desk.directory.policy import listing
from acquis.kernel import jobs, sheets
from acquis.kernel.models import Job, StoredFile, TraceLine
from acquis.kernel.testing import StrictClient
from tests.factories import desk as make

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def address(workspace: Workspace, name: str, *args: object) -> str:
    return reverse(f"directory:{name}", args=[workspace.pk, *args])


def test_the_file_has_the_columns_of_the_view_and_runs_nothing(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    make.customer(workspace, last_name="=1+1", first_name="", reference="C-1", city="Lille\x0b")
    query = {"liste": "col=reference,nom_famille,ville", "format": "csv"}

    text = signed_in.post(address(workspace, "export"), query).content.decode("utf-8")
    book = signed_in.post(address(workspace, "export"), {**query, "format": "xlsx"})

    assert text == "\ufeffNom complet;Référence;Nom;Ville\r\n'=1+1;C-1;'=1+1;Lille\x0b\r\n"
    assert book["Content-Type"] == SHEET
    rows = [
        [cell.value for cell in row] for row in load_workbook(BytesIO(book.content)).active.rows
    ]
    assert rows == [
        ["Nom complet", "Référence", "Nom", "Ville"],
        ["'=1+1", "C-1", "'=1+1", "Lille"],
    ]
    kept = CustomerExport.objects.order_by("pk")
    assert [(one.form, one.rows, one.file) for one in kept] == [("csv", 1, None), ("xlsx", 1, None)]
    line = TraceLine.objects.filter(verb="customers.exported").latest("position")
    assert (line.data["records"], line.data["columns"][0]) == (1, "nom")


def test_many_records_leave_by_a_supervisor_and_as_a_job(
    signed_in: StrictClient, supervising: StrictClient, workspace: Workspace, supervisor: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(listing, "ADVISER_ROWS", 2)
    monkeypatch.setattr("acquis.desk.directory.list_views.FILE_AT_ONCE", 2)
    monkeypatch.setattr("acquis.desk.directory.tasks.TOLD_EVERY", 2)
    for _ in range(3):
        make.customer(workspace, postcode="59000")

    assert signed_in.post(address(workspace, "export"), {"liste": "cp=59"}).status_code == 422
    assert signed_in.get(address(workspace, "search")).context["may_take"] is False
    answer = supervising.post(address(workspace, "export"), {"liste": "cp=59", "format": "xlsx"})
    assert jobs.run_due(now=AT)

    job = Job.objects.get()
    assert answer.url == reverse("kernel:job", args=[job.pk])
    assert (job.state, job.done, job.total) == (Job.State.DONE, 3, 3)
    link = job.result["links"][0]["url"]
    file = supervising.get(link)
    rows = list(load_workbook(BytesIO(file.getvalue())).active.rows)
    assert len(rows) == 4
    assert file["Content-Disposition"].endswith('filename="clients.xlsx"')
    assert signed_in.get(link).status_code == 404
    export = CustomerExport.objects.get()
    assert (export.rows, export.author) == (3, supervisor)


def test_a_workbook_that_could_not_hold_the_list_is_refused(
    signed_in: StrictClient, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sheets.MOST_ROWS, "xlsx", 1)
    for _ in range(2):
        make.customer(workspace)

    refused = signed_in.post(address(workspace, "export"), {"format": "xlsx"})

    assert refused.status_code == 422
    assert "prenez-la en CSV" in refused.content.decode()
    assert not CustomerExport.objects.exists()
    assert signed_in.post(address(workspace, "export"), {"format": "csv"}).status_code == 200


def test_a_right_that_went_while_the_job_waited_lets_nothing_out(
    supervising: StrictClient, workspace: Workspace, supervisor: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("acquis.desk.directory.list_views.FILE_AT_ONCE", 1)
    for _ in range(2):
        make.customer(workspace)
    supervising.post(address(workspace, "export"))
    supervisor.memberships.all().delete()
    monkeypatch.setattr(listing, "ADVISER_ROWS", 1)

    jobs.run_due(now=AT)

    assert Job.objects.get().state == Job.State.FAILED
    assert not StoredFile.objects.exists()


def test_files_of_exports_are_forgotten_after_a_day(
    workspace: Workspace, adviser: User, signed_in: StrictClient
) -> None:
    export = make.customer_export(workspace, adviser)
    page = address(workspace, "export_file", export.pk)
    assert signed_in.get(page).getvalue()

    assert take_out_customers.forget_export_files(at=make.NOW + timedelta(hours=23)) == 0
    assert take_out_customers.forget_export_files(at=make.NOW + timedelta(hours=25)) == 1

    export.refresh_from_db()
    assert export.file is None
    assert not StoredFile.objects.exists()
    assert signed_in.get(page).status_code == 404


def test_the_round_looks_only_when_a_file_is_kept(workspace: Workspace, adviser: User) -> None:
    from acquis.desk.directory.tasks import look_for_files  # noqa: PLC0415

    look_for_files(make.NOW)
    make.customer_export(workspace, adviser)
    look_for_files(make.NOW + timedelta(days=2))

    assert not StoredFile.objects.exists()
