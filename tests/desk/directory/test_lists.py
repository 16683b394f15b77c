"""The list of customers: filters, columns, views, files, and what is changed in number."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from acquis.accounts.enums import Role
from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.directory.actions import edit_in_bulk, take_out_customers
from acquis.desk.directory.actions.keep_custom_field import archive_field
from acquis.desk.directory.actions.keep_customer import change_customer
from acquis.desk.directory.errors import (
    AlreadyUndone,
    NotEnded,
    NothingSelected,
    NotUndoable,
    SelectionMoved,
)
from acquis.desk.directory.models import (
    BulkEdit,
    Consent,
    Customer,
    CustomerExport,
    CustomField,
    DefaultView,
    SavedView,
)
from acquis.desk.directory.policy import listing
from acquis.desk.directory.policy.bulk import NotPossible, Wanted, after, changes, undone
from acquis.kernel import jobs
from acquis.kernel.models import Job, StoredFile, TraceLine
from acquis.kernel.testing import StrictClient
from tests.factories import accounts
from tests.factories import desk as make

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def address(workspace: Workspace, name: str, *args: object) -> str:
    return reverse(f"directory:{name}", args=[workspace.pk, *args])


def names(client: StrictClient, workspace: Workspace, **asked: str) -> list[str]:
    answer = client.get(address(workspace, "search"), {"vue": "", **asked})
    return [one.last_name for one in answer.context["page_obj"]]


@pytest.fixture
def supervisor(workspace: Workspace) -> User:
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation)


@pytest.fixture
def supervising(supervisor: User) -> StrictClient:
    client = StrictClient()
    client.force_login(supervisor)
    return client


# ---- Filters ----


def test_filters_narrow_together(signed_in: StrictClient, workspace: Workspace) -> None:
    make.custom_field(workspace, key="parrain", label="Parrain", kind="text")
    make.custom_field(workspace, key="points", label="Points", kind="number")
    make.custom_field(workspace, key="contains", label="Pro", kind="yes_no")
    make.customer(
        workspace, last_name="Alma", tags=["salon", "été"], postcode="20137",
        consents={"phone_offers": {"granted": True}}, customer_since=date(2024, 5, 1),
        custom={"parrain": "Club de Lille", "points": "12.5", "contains": True},
        updated_at=datetime(2026, 11, 19, 22, 30, tzinfo=UTC),
    )  # fmt: skip
    make.customer(
        workspace, last_name="Brisa", tags=["salonique"], postcode="20200",
        consents={"phone_offers": False}, customer_since=date(2025, 5, 1),
        custom={"points": "12", "contains": False},
        updated_at=datetime(2026, 11, 19, 23, 30, tzinfo=UTC),
    )  # fmt: skip
    make.customer(workspace, last_name="Corail", consents={"phone_offers": {"granted": None}})

    def found(**asked: str) -> list[str]:
        return names(signed_in, workspace, **asked)

    assert found(etiquette="salon") == ["Alma"]
    assert found(etiquette="été") == ["Alma"]
    assert found(etiquette="sal") == []
    assert found(accord="phone_offers:yes") == ["Alma"]
    assert found(accord="phone_offers:no") == ["Brisa"]
    assert found(accord="phone_offers:unknown") == ["Corail"]
    assert found(accord="email_offers:unknown") == ["Alma", "Brisa", "Corail"]
    assert found(accord="n'importe:quoi") == ["Alma", "Brisa", "Corail"]
    assert found(cp="2A") == ["Alma"]
    assert found(cp="2b") == ["Brisa"]
    assert found(cp="20") == ["Alma", "Brisa"]
    assert found(depuis_du="2024-05-01", depuis_au="2024-12-31") == ["Alma"]
    # Days are those of Paris: 23:30 in London is the next morning there.
    assert found(modifie_au="2026-11-19") == ["Alma"]
    assert found(modifie_du="2026-11-20", modifie_au="2026-11-20") == ["Brisa", "Corail"]
    assert found(champ_parrain="LILLE") == ["Alma"]
    assert found(champ_points="12,5") == ["Alma"]
    assert found(champ_points="douze") == ["Alma", "Brisa", "Corail"]
    assert found(champ_contains="non") == ["Brisa"]
    assert found(cp="20", etiquette="salon", champ_contains="oui", type="person") == ["Alma"]
    assert found(cp="20", etiquette="salon", champ_contains="non") == []


def test_a_search_is_narrowed_too(signed_in: StrictClient, workspace: Workspace) -> None:
    make.customer(workspace, last_name="Martin", tags=["salon"])
    make.customer(workspace, last_name="Martinet")

    assert names(signed_in, workspace, q="martin", etiquette="salon") == ["Martin"]


# ---- Columns ----


def test_columns_are_chosen_in_their_order_and_the_name_stays(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    make.custom_field(workspace, key="parrain", label="Parrain", kind="text")
    make.customer(
        workspace, last_name="Alma", tags=["salon"], custom={"parrain": "Louise"},
        consents={"sms_offers": True}, phone="+33199001122", language="de",
    )  # fmt: skip
    asked = {"col": "etiquettes,champ_parrain,accord_sms,accord_courriel,telephone,langue,rien"}

    answer = signed_in.get(address(workspace, "search"), asked)

    assert [column.key for column in answer.context["asked"].shown] == [
        "nom", "etiquettes", "champ_parrain", "accord_sms", "accord_courriel", "telephone", "langue",
    ]  # fmt: skip
    assert [text for _column, text in answer.context["rows"][0][1]][1:] == [
        "salon", "Louise", "oui", "", "01 99 00 11 22", "allemand",
    ]  # fmt: skip
    chosen = signed_in.get(address(workspace, "search"), {"c": ["ville", "nom", "ville"]})
    assert [column.key for column in chosen.context["asked"].shown] == ["ville", "nom"]
    assert chosen.context["asked"].query == "col=ville%2Cnom%2Cville"


def test_the_list_with_views_costs_the_same_for_one_and_for_thirty(
    signed_in: StrictClient, workspace: Workspace, adviser: User,
    count_queries: Callable[..., int],
) -> None:  # fmt: skip
    make.custom_field(workspace, key="parrain", label="Parrain", kind="text")
    page = address(workspace, "search") + "?col=champ_parrain,etiquettes,accord_sms&vue="
    make.customer(workspace, tags=["a"])
    make.saved_view(workspace, adviser)
    one = count_queries(lambda: signed_in.get(page))
    for _ in range(29):
        make.customer(workspace, tags=["a"])
        make.saved_view(workspace, adviser, shared=True)

    assert count_queries(lambda: signed_in.get(page)) == one


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"tri": ["ville"], "q": ["  "], "page": ["3"], "vue": ["1"]}, "tri=ville"),
        ({"segment": ["b"], "cp": ["59"], "champ_x": ["1"]}, "champ_x=1&cp=59&segment=b"),
        ({"c": ["nom", "", "ville"]}, "col=nom%2Cville"),
        ({"q": []}, ""),
    ],
)
def test_an_address_has_one_canonical_form(params: dict[str, list[str]], text: str) -> None:
    assert listing.canonical(params) == text


@pytest.mark.parametrize("cell", ["=1+1", "+33", "-1", "@x", "\tx", "\rx", "\nx"])
def test_a_cell_runs_nothing(cell: str) -> None:
    assert listing.harmless(cell) == f"'{cell}"
    assert listing.harmless(f"a{cell}") == f"a{cell}"


# ---- Views ----


def test_a_view_is_saved_shared_changed_removed_and_taken_back(
    signed_in: StrictClient, supervising: StrictClient, workspace: Workspace, adviser: User
) -> None:
    make.customer(workspace, last_name="Alma", postcode="59000")
    make.customer(workspace, last_name="Brisa", postcode="75001")
    other = StrictClient()
    other.force_login(make.adviser(workspace.organisation))

    saved = signed_in.post(
        address(workspace, "view_create"), {"name": "Nord", "liste": "cp=59&tri=-nom&page=4&vue=8"}
    )

    view = SavedView.objects.get()
    assert (view.name, view.query, view.shared) == ("Nord", "cp=59&tri=-nom", False)
    listed = signed_in.get(saved.url)
    assert [one.last_name for one in listed.context["page_obj"]] == ["Alma"]
    assert listed.context["view"] == view
    assert not listed.context["view_moved"]
    change, remove = (address(workspace, f"view_{act}", view.pk) for act in ("change", "remove"))
    assert other.get(change).status_code == 404
    assert other.get(saved.url).context["view"] is None

    assert signed_in.get(change).status_code == 200
    signed_in.post(change, {"name": "Le Nord", "shared": "on"})
    moved = signed_in.get(saved.url.replace("cp=59", "cp=75"))
    assert moved.context["view_moved"]
    signed_in.post(change, {"liste": "cp=75"})
    view.refresh_from_db()
    assert (view.name, view.query, view.shared) == ("Le Nord", "cp=75", True)
    seen = other.get(address(workspace, "search"), {"vue": view.pk})
    assert seen.context["view"] == view
    assert not seen.context["view_is_mine"]
    assert other.post(change, {"name": "À moi"}).status_code == 422
    assert supervising.post(change, {"name": "Nord", "shared": "on"}).status_code == 302

    removed = signed_in.post(remove)
    assert list(signed_in.get(address(workspace, "search")).context["views"]) == []
    assert signed_in.get(removed.url).context["removed"].pk == view.pk
    signed_in.post(remove, {"reprendre": "1"})
    view.refresh_from_db()
    assert view.removed_at is None
    assert signed_in.get(address(workspace, "search") + "?retiree=x").context["removed"] is None


def test_a_view_without_a_name_is_not_saved_and_nothing_is_lost(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    answer = signed_in.post(address(workspace, "view_create"), {"name": " ", "liste": "cp=59"})

    assert answer.status_code == 422
    assert 'value="cp=59"' in answer.content.decode()
    assert not SavedView.objects.exists()


def test_the_list_opens_on_the_view_that_one_chose(
    signed_in: StrictClient, workspace: Workspace, adviser: User
) -> None:
    view = make.saved_view(workspace, adviser)
    choose = address(workspace, "view_default", view.pk)

    signed_in.post(choose)

    opened = signed_in.get(address(workspace, "search"))
    assert opened.status_code == 302
    assert opened.url.endswith(f"?cp=59&vue={view.pk}")
    assert signed_in.get(address(workspace, "search"), {"vue": ""}).status_code == 200
    assert signed_in.get(opened.url).context["view_is_default"]
    signed_in.post(choose, {"plus": "1"})
    assert signed_in.get(address(workspace, "search")).status_code == 200
    assert not DefaultView.objects.exists()


# ---- Files ----


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
    assert signed_in.get(link).status_code == 404
    export = CustomerExport.objects.get()
    assert (export.rows, export.author) == (3, supervisor)


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


# ---- In number ----


def test_a_tag_is_added_to_a_selection_and_taken_back(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    first = make.customer(workspace, last_name="Alma", tags=["été"])
    second = make.customer(workspace, last_name="Brisa", tags=["Salon"])
    third = make.customer(workspace, last_name="Corail", tags=["x" * 297])
    beside = make.customer(workspace, last_name="Dune")
    page = address(workspace, "bulk")
    chosen: dict[str, Any] = {"pk": [first.pk, second.pk, third.pk]}

    assert signed_in.get(page, chosen).context["count"] == 3
    asked = {**chosen, "acte": "tag_add", "valeur": "salon, salon"}
    assert signed_in.get(page, {**chosen, "acte": "tag_add", "voir": "1"}).status_code == 422
    empty = signed_in.get(page, {**asked, "valeur": " , ", "voir": "1"})
    assert empty.status_code == 422
    shown = signed_in.get(page, {**asked, "voir": "1"}).context["preview"]
    assert (shown.change, shown.same, shown.refused) == (1, 1, 1)
    assert shown.examples == [("Odile Alma", "été", "été, salon")]

    assert signed_in.post(page, {**asked, "attendues": "4"}).status_code == 422
    assert not BulkEdit.objects.exists()
    done = signed_in.post(page, {**asked, "attendues": "3"})

    told = signed_in.get(done.url).context
    assert told["words"] == "Ajouter des étiquettes : salon"
    assert {key: told["told"][key] for key in ("asked", "changed", "same", "refused")} == {
        "asked": 3, "changed": 1, "same": 1, "refused": 1,
    }  # fmt: skip
    assert "300 caractères" in told["told"]["refusals"][0][2]
    for row in (first, second, third, beside):
        row.refresh_from_db()
    assert first.tags == ["été", "salon"]
    assert (second.tags, beside.tags) == (["Salon"], [])
    change_customer(customer=first, values={"tags": ["été", "salon", "vip"]}, by=None, at=AT)

    undo = address(workspace, "bulk_undo", told["edit"].pk)
    assert signed_in.post(undo).status_code == 302
    first.refresh_from_db()
    assert first.tags == ["été", "vip"]
    assert signed_in.post(undo).status_code == 422
    listed = signed_in.get(address(workspace, "bulk_edits")).content.decode()
    assert "Annulée" in listed


def test_a_value_changed_since_is_not_taken_back(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    rows = [make.customer(workspace, segment="ancien") for _ in range(2)]
    page = address(workspace, "bulk")
    asked = {"tous": "1", "liste": "segment=ancien", "acte": "segment", "valeur": "fidèle"}
    assert signed_in.get(page, {**asked, "voir": "1"}).context["preview"].change == 2
    signed_in.post(page, {**asked, "attendues": "2"})
    change_customer(customer=rows[0], values={"segment": "perdu"}, by=None, at=AT)

    edit = BulkEdit.objects.get()
    signed_in.post(address(workspace, "bulk_undo", edit.pk))

    assert [Customer.objects.get(pk=row.pk).segment for row in rows] == ["perdu", "ancien"]
    told = signed_in.get(address(workspace, "bulk_edit", edit.pk)).context["told"]
    assert (told["given_back"], len(told["not_undone"])) == (1, 1)


def test_a_field_of_the_desk_is_filled_and_checked(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    make.custom_field(workspace, key="points", label="Points", kind="number")
    known = make.customer(workspace, custom={"autre": "x"})
    page = address(workspace, "bulk")
    asked = {"pk": known.pk, "acte": "custom:points", "voir": "1", "attendues": "1"}

    assert signed_in.get(page, {**asked, "valeur": "douze"}).status_code == 422
    shown = signed_in.get(page, {**asked, "valeur": "12,50"})
    assert shown.context["preview"].examples[0][1:] == ("", "12.5")
    done = signed_in.post(page, {**asked, "valeur": "12,50"})

    known.refresh_from_db()
    assert known.custom == {"autre": "x", "points": "12.5"}
    assert signed_in.get(done.url).context["words"] == "Points : 12,5"
    signed_in.post(address(workspace, "bulk_undo", BulkEdit.objects.get().pk))
    known.refresh_from_db()
    assert known.custom == {"autre": "x"}
    assert signed_in.get(page, {**asked, "acte": "custom:inconnu"}).context["form"] is None


def test_a_yes_is_filled_and_seen_in_words(signed_in: StrictClient, workspace: Workspace) -> None:
    make.custom_field(workspace, key="pro", label="Pro", kind="yes_no")
    known = make.customer(workspace, custom={"pro": False})
    asked = {"pk": known.pk, "acte": "custom:pro", "voir": "1", "valeur": "oui"}

    shown = signed_in.get(address(workspace, "bulk"), asked).context["preview"]

    assert shown.examples[0][1:] == ("non", "oui")


def test_a_withdrawal_is_recorded_once_and_is_not_taken_back(
    signed_in: StrictClient, workspace: Workspace, adviser: User
) -> None:
    agreed = make.customer(workspace, consents={"email_offers": {"granted": True}})
    unasked = make.customer(workspace)
    already = make.customer(workspace, consents={"email_offers": False})
    asked = {"tous": "1", "liste": "", "acte": "withdraw:email_offers", "attendues": "3"}
    shown = signed_in.get(address(workspace, "bulk"), {**asked, "voir": "1"}).context["preview"]
    assert [line[1:] for line in shown.examples] == [("oui", "non"), ("non recueilli", "non")]

    done = signed_in.post(address(workspace, "bulk"), asked)

    kept = Consent.objects.filter(given=False).values_list("customer", flat=True)
    assert sorted(kept) == [agreed.pk, unasked.pk]
    assert already.pk not in kept
    told = signed_in.get(done.url).context
    assert told["words"].endswith("Courriel")
    assert not told["may_undo"]
    with pytest.raises(NotUndoable):
        edit_in_bulk.ask_undo(edit=told["edit"], by=adviser, at=AT)


def test_a_long_edit_is_a_job_of_the_supervisor_and_so_is_its_undo(
    signed_in: StrictClient, supervising: StrictClient, workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(listing, "ADVISER_ROWS", 1)
    monkeypatch.setattr("acquis.desk.directory.list_views.AT_ONCE", 1)
    monkeypatch.setattr(edit_in_bulk, "SLICE", 2)
    rows = [make.customer(workspace) for _ in range(3)]
    asked = {"tous": "1", "liste": "", "acte": "tag_add", "valeur": "salon", "attendues": "3"}

    assert signed_in.post(address(workspace, "bulk"), asked).status_code == 422
    supervising.post(address(workspace, "bulk"), asked)
    edit = BulkEdit.objects.get()
    with pytest.raises(NotEnded):
        edit_in_bulk.ask_undo(edit=edit, by=rows and edit.author, at=AT)
    jobs.run_due(now=AT)
    edit.refresh_from_db()
    assert edit.ended_at
    assert Job.objects.get().done == 3
    assert {tuple(row.tags) for row in Customer.objects.all()} == {("salon",)}
    assert signed_in.post(address(workspace, "bulk_undo", edit.pk)).status_code == 422

    supervising.post(address(workspace, "bulk_undo", edit.pk))
    jobs.run_due(now=AT)

    assert {tuple(row.tags) for row in Customer.objects.all()} == {()}
    edit.refresh_from_db()
    assert edit.undone_at


def test_an_edit_that_was_cut_goes_on_where_it_stopped(
    workspace: Workspace, adviser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edit_in_bulk, "SLICE", 1)
    rows = [make.customer(workspace) for _ in range(3)]
    edit = edit_in_bulk.ask_bulk_edit(
        workspace=workspace, wanted=Wanted("segment", "fidèle"),
        keys=[rows[0].pk, 0, rows[2].pk], expected=3, by=adviser, at=AT,
    )  # fmt: skip

    def cut(done: int, total: int) -> None:
        raise jobs.JobTakenOver(f"{done}/{total}")

    with pytest.raises(jobs.JobTakenOver):
        edit_in_bulk.run_bulk_edit(edit=edit, by=adviser, at=AT, tell=cut)
    edit = edit_in_bulk.run_bulk_edit(edit=edit, by=adviser, at=AT)

    assert edit.seen == 3
    assert edit.changes.count() == 2
    assert edit.refusals[0][0] == 0
    lines = TraceLine.objects.filter(verb="customer.changed").count()
    assert lines == 2


def test_nothing_chosen_or_a_list_that_moved_is_refused(
    workspace: Workspace, adviser: User
) -> None:
    known = make.customer(workspace)
    wanted = Wanted("segment", "fidèle")

    def ask(keys: list[int], expected: int) -> None:
        edit_in_bulk.ask_bulk_edit(
            workspace=workspace, wanted=wanted, keys=keys, expected=expected, by=adviser, at=AT
        )

    with pytest.raises(NothingSelected):
        ask([], 0)
    with pytest.raises(SelectionMoved):
        ask([known.pk], 2)
    accounts.sealed(workspace)
    workspace.refresh_from_db()
    with pytest.raises(WorkspaceSealed):
        ask([known.pk], 1)
    assert not BulkEdit.objects.exists()


def test_what_one_record_refuses_spares_the_others(
    workspace: Workspace, adviser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [make.customer(workspace) for _ in range(2)]
    real = edit_in_bulk.change_customer

    def choosy(**given: Any) -> Customer:
        if given["customer"].pk == rows[0].pk:
            raise WorkspaceSealed
        return real(**given)

    edit = edit_in_bulk.ask_bulk_edit(
        workspace=workspace, wanted=Wanted("segment", "fidèle"),
        keys=[row.pk for row in rows], expected=2, by=adviser, at=AT,
    )  # fmt: skip
    monkeypatch.setattr(edit_in_bulk, "change_customer", choosy)
    edit = edit_in_bulk.run_bulk_edit(edit=edit, by=adviser, at=AT)
    assert (edit.changes.count(), len(edit.refusals)) == (1, 1)

    edit_in_bulk.ask_undo(edit=edit, by=adviser, at=AT)
    with pytest.raises(AlreadyUndone):
        edit_in_bulk.ask_undo(edit=edit, by=adviser, at=AT)
    rows.reverse()
    edit = edit_in_bulk.run_undo(edit=edit, by=adviser, at=AT)
    assert len(edit.not_undone) == 1


def test_the_edits_of_a_desk_cost_the_same_for_one_and_for_thirty(
    signed_in: StrictClient, workspace: Workspace, adviser: User,
    count_queries: Callable[..., int],
) -> None:  # fmt: skip
    field = make.custom_field(workspace, key="points", label="Points", kind="number")
    archive_field(field=CustomField.objects.get(pk=field.pk), archived=True, by=None, at=AT)
    known = make.customer(workspace)
    page = address(workspace, "bulk_edits")
    make.bulk_edit(known, adviser, act="custom", target="points", value="3")
    one = count_queries(lambda: signed_in.get(page))
    for _ in range(29):
        make.bulk_edit(known, adviser, act="custom", target="points", value=None)

    assert count_queries(lambda: signed_in.get(page)) == one


TAGS = [["a"], ["a", "b"], [], ["été"]]


@pytest.mark.parametrize("kept", TAGS)
@pytest.mark.parametrize("act", ["tag_add", "tag_remove"])
def test_tags_changed_then_given_back_are_what_they_were(act: Any, kept: list[str]) -> None:
    wanted = Wanted(act, ["A", "Ete", "c"])
    later = after(wanted, kept)

    assert sorted(undone(wanted, later, kept, later)) == sorted(kept)
    assert not changes(wanted, later)


def test_a_key_of_the_desk_is_emptied_filled_and_given_back() -> None:
    wanted = Wanted("custom", None, "points")

    assert after(wanted, {"points": "3", "x": "y"}) == {"x": "y"}
    assert undone(wanted, {"x": "z"}, {"points": "3"}, {}) == {"x": "z", "points": "3"}
    with pytest.raises(NotPossible) as refusal:
        undone(wanted, {"points": "9"}, {"points": "3"}, {})
    assert refusal.value.code == "changed_since"
    assert after(wanted, None) == {}
