"""One change of many records: what it does, what refuses it, how it is taken back."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse

from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.directory.actions import edit_in_bulk
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
    CustomField,
)
from acquis.desk.directory.policy import listing
from acquis.desk.directory.policy.bulk import NotPossible, Wanted, after, changes, undone
from acquis.kernel import jobs
from acquis.kernel.models import Job, TraceLine
from acquis.kernel.testing import StrictClient
from tests.factories import accounts
from tests.factories import desk as make

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def address(workspace: Workspace, name: str, *args: object) -> str:
    return reverse(f"directory:{name}", args=[workspace.pk, *args])


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
