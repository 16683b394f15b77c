"""One change asked of many records: made in slices that a cut does not repeat, and undone alike."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import User, Workspace
from acquis.desk.directory.actions.keep_customer import change_customer
from acquis.desk.directory.actions.record_consent import Statement, record_consent
from acquis.desk.directory.errors import (
    AlreadyUndone,
    NotEnded,
    NothingSelected,
    NotUndoable,
    SelectionMoved,
)
from acquis.desk.directory.models import BulkChange, BulkEdit, Consent, Customer
from acquis.desk.directory.policy import bulk
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace
from acquis.kernel.errors import DomainRefusal

SLICE = 100  # records a transaction
Tell = Callable[[int, int], object]

WHY: dict[str, Any] = {
    "tags_too_long": _("Ses étiquettes dépasseraient 300 caractères."),
    "changed_since": _("La valeur a été changée depuis : elle reste."),
    "gone": _("La fiche n’existe plus."),
}


def _silent(done: int, total: int) -> None:
    del done, total


@transaction.atomic
def ask_bulk_edit(
    *,
    workspace: Workspace,
    wanted: bulk.Wanted,
    keys: Sequence[int],
    expected: int,
    by: User,
    at: datetime,
) -> BulkEdit:
    """Keep what is asked and of whom; `run_bulk_edit` does it.

    `expected` is the number that the person was shown. Raises NothingSelected, SelectionMoved or
    WorkspaceSealed; nothing is written then.
    """
    refuse_if_sealed(workspace)
    if not keys:
        raise NothingSelected
    if len(keys) != expected:
        raise SelectionMoved(found=len(keys), expected=expected)
    edit = BulkEdit.objects.create(
        workspace=workspace,
        act=wanted.act,
        target=wanted.target,
        value=wanted.value,
        keys=[*keys],
        author=by,
        author_label=by.full_name,
        asked_at=at,
    )
    trace.record(
        "customers.bulk_edit_asked",
        edit,
        by=by,
        at=at,
        stream=workspace.trace_stream,
        act=wanted.act,
        target=wanted.target,
        value=wanted.value,
        records=len(keys),
    )
    return edit


def wanted_of(edit: BulkEdit) -> bulk.Wanted:
    return bulk.Wanted(bulk.act_of(edit.act), edit.value, edit.target)


def run_bulk_edit(
    *, edit: BulkEdit, by: User | None, at: datetime, tell: Tell = _silent
) -> BulkEdit:
    """Change the records one slice at a time, each a transaction; run again it goes on.

    What a record refuses is kept with its reason, and the others are changed all the same.
    Raises WorkspaceSealed.
    """
    while edit.ended_at is None:
        edit = _change_slice(edit, by=by, at=at)
        tell(edit.seen, len(edit.keys))
    return edit


@transaction.atomic
def _change_slice(edit: BulkEdit, *, by: User | None, at: datetime) -> BulkEdit:
    row = _locked(edit)
    refuse_if_sealed(row.workspace)
    wanted = wanted_of(row)
    keys = row.keys[row.seen : row.seen + SLICE]
    found = Customer.objects.filter(workspace=row.workspace).in_bulk(keys)
    for key in keys:
        customer = found.get(key)
        if customer is None:
            row.refusals.append([key, "", str(WHY["gone"])])
            continue
        customer.workspace = row.workspace
        why = _change(row, customer, wanted, by=by, at=at)
        if why:
            row.refusals.append([key, customer.display_name or customer.reference, why])
    row.seen += len(keys)
    if row.seen >= len(row.keys):
        row.ended_at = at
        _tell_end("customers.bulk_edited", row, row.refusals, by=by, at=at)
    row.save(update_fields=["seen", "refusals", "ended_at"])
    return row


def _change(
    edit: BulkEdit, customer: Customer, wanted: bulk.Wanted, *, by: User | None, at: datetime
) -> str:
    """Why the record refuses; empty when it took the change, or had it already."""
    before = getattr(customer, wanted.field)
    try:
        if not bulk.changes(wanted, before):
            return ""
        if wanted.undoes:
            after = bulk.after(wanted, before)
            change_customer(customer=customer, values={wanted.field: after}, by=by, at=at)
        else:
            after = _withdraw(customer, wanted.target, by=by, at=at)
    except bulk.NotPossible as refusal:
        return str(WHY[refusal.code])
    except DomainRefusal as refusal:
        return str(refusal)
    BulkChange.objects.create(
        workspace=edit.workspace, edit=edit, customer=customer, before=before, after=after
    )
    return ""


def _withdraw(customer: Customer, channel: str, *, by: User | None, at: datetime) -> Any:
    statement = Statement(
        channel=channel, given=False, decided_at=at, medium=Consent.Medium.DECLARED
    )
    return {channel: record_consent(customer=customer, statement=statement, by=by, at=at).given}


@transaction.atomic
def ask_undo(*, edit: BulkEdit, by: User, at: datetime) -> BulkEdit:
    """Keep that the edit is to be taken back; `run_undo` does it.

    Raises NotUndoable, NotEnded, AlreadyUndone or WorkspaceSealed.
    """
    refuse_if_sealed(edit.workspace)
    row = _locked(edit)
    if not wanted_of(row).undoes:
        raise NotUndoable
    if row.ended_at is None:
        raise NotEnded
    if row.undo_asked_at is not None:
        raise AlreadyUndone
    row.undo_asked_at = at
    row.save(update_fields=["undo_asked_at"])
    trace.record("customers.bulk_undo_asked", row, by=by, at=at, stream=row.workspace.trace_stream)
    return row


def run_undo(*, edit: BulkEdit, by: User | None, at: datetime, tell: Tell = _silent) -> BulkEdit:
    """Give each record its value back, unless it was changed since; run again it goes on.

    Raises WorkspaceSealed.
    """
    total = edit.changes.count()
    while edit.undone_at is None:
        edit = _undo_slice(edit, by=by, at=at)
        tell(total - edit.changes.filter(undo_seen=False).count(), total)
    return edit


@transaction.atomic
def _undo_slice(edit: BulkEdit, *, by: User | None, at: datetime) -> BulkEdit:
    row = _locked(edit)
    refuse_if_sealed(row.workspace)
    wanted = wanted_of(row)
    left = row.changes.filter(undo_seen=False).select_related("customer")
    changes = list(left[:SLICE])
    for change in changes:
        customer = change.customer
        customer.workspace = row.workspace
        kept = getattr(customer, wanted.field)
        name = customer.display_name or customer.reference
        try:
            value = bulk.undone(wanted, kept, change.before, change.after)
            change_customer(customer=customer, values={wanted.field: value}, by=by, at=at)
        except bulk.NotPossible as refusal:
            row.not_undone.append([customer.pk, name, str(WHY[refusal.code])])
        except DomainRefusal as refusal:
            row.not_undone.append([customer.pk, name, str(refusal)])
    BulkChange.objects.filter(pk__in=[change.pk for change in changes]).update(undo_seen=True)
    if len(changes) < SLICE:
        row.undone_at = at
        _tell_end("customers.bulk_undone", row, row.not_undone, by=by, at=at)
    row.save(update_fields=["not_undone", "undone_at"])
    return row


def _locked(edit: BulkEdit) -> BulkEdit:
    rows = BulkEdit.objects.select_for_update(of=("self",)).select_related("workspace")
    return rows.get(pk=edit.pk)


def _tell_end(
    verb: str, edit: BulkEdit, refused: Sequence[Any], *, by: User | None, at: datetime
) -> None:
    trace.record(
        verb,
        edit,
        by=by,
        at=at,
        stream=edit.workspace.trace_stream,
        changed=edit.changes.count(),
        refused=len(refused),
    )
