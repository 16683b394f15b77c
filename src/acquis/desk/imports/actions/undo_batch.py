"""What an import made is taken back, record after record, but for those worked on since."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.apps import apps
from django.db import transaction
from django.db.models import F

from acquis.accounts.models import User
from acquis.desk.directory.models import Customer
from acquis.desk.imports import writing
from acquis.desk.imports.models import CustomerImport, ImportedRow
from acquis.desk.merging import rows as kept_rows
from acquis.desk.merging.models import Merge
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import files, realtime, trace

BATCH = 300
Outcome = ImportedRow.Outcome
State = CustomerImport.State


@transaction.atomic
def undo_batch(*, source: CustomerImport, before_line: int) -> int | None:
    """Take back the lines below `before_line`, the last first; the lowest read, None at the end.

    A created record on which anything else stands, or that was changed, stays as it is; so does a
    completed record that was changed. Raises WorkspaceSealed.
    """
    refuse_if_sealed(source.workspace)
    found = list(
        ImportedRow.objects.select_for_update(of=("self",))
        .filter(source=source, line__lt=before_line)
        .filter(outcome__in=[Outcome.CREATED, Outcome.FILLED, Outcome.KEPT_BACK])
        .order_by("-line")[:BATCH]
    )
    if not found:
        return None
    keys = {row.customer_id for row in found if row.customer_id}
    locked = Customer.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    records = {one.pk: one for one in locked}
    held = _held(found)
    removed: list[int] = []
    restored: dict[int, Customer] = {}
    for row in found:
        one = records.get(row.customer_id or 0)
        row.outcome = Outcome.REMOVED  # of a record that somebody removed, nothing is left
        if one is None:
            continue
        if one.updated_at != row.stamp or (not row.before and one.pk in held):
            row.outcome = Outcome.KEPT_BACK
        elif row.before:
            for name, value in kept_rows.typed(Customer, row.before).items():
                setattr(one, name, value)
            restored[one.pk] = one
        else:
            removed.append(one.pk)
    _remove_parts(row for row in found if row.outcome == Outcome.REMOVED)
    if restored:
        writing.update(list(restored.values()))
    Customer.objects.filter(pk__in=removed).delete()
    for row in found:
        if row.customer_id in removed:
            row.customer_id = None
    ImportedRow.objects.bulk_update(found, ["outcome"])
    kept = sum(row.outcome == Outcome.KEPT_BACK for row in found)
    CustomerImport.objects.filter(pk=source.pk).update(kept_back=F("kept_back") + kept)
    return found[-1].line


def _remove_parts(undone: Iterable[ImportedRow]) -> None:
    parts: dict[tuple[str, int], list[int]] = defaultdict(list)
    for row in undone:
        for label, keys in row.parts.items():
            parts[label, row.workspace_id] += keys
    for (label, workspace), keys in parts.items():
        rows = kept_rows.manager(apps.get_model(label)).filter(workspace=workspace)
        rows.filter(pk__in=keys).delete()


def _held(found: Sequence[ImportedRow]) -> set[int]:
    """The created records on which something stands that the import did not make."""
    created = {row.customer_id: row for row in found if not row.before and row.customer_id}
    held: set[int] = set()
    for model, name in kept_rows.pointers():
        if model in kept_rows.DERIVED or model is ImportedRow:
            continue
        label = kept_rows.label(model)
        rows = kept_rows.manager(model).filter(**{f"{name}__in": list(created)}).order_by()
        if model is Merge:  # one that was undone left the record as it was
            rows = rows.filter(undone_at=None)
        for key, pk in rows.values_list(f"{name}_id", "pk"):
            if pk not in created[key].parts.get(label, []):
                held.add(key)
    return held


@transaction.atomic
def end_undo(*, source: CustomerImport, by: User | None, at: datetime) -> CustomerImport:
    """The undoing is over, or as far as it can go."""
    row = CustomerImport.objects.select_for_update(of=("self",)).get(pk=source.pk)
    if row.state != State.UNDOING:
        return row
    stored, row.file = row.file, None  # of an import that was stopped: it will not go on
    row.state, row.undone_at = (State.DONE if row.kept_back else State.UNDONE), at
    row.save(update_fields=["file", "state", "undone_at"])
    files.forget(stored)
    stream = f"workspace:{row.workspace_id}"
    trace.record(
        "customers.import_undone", row, by=by, at=at, stream=stream, kept_back=row.kept_back
    )
    realtime.publish(stream, at=at, what="customers")
    return row
