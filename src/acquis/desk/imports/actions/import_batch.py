"""Some lines of a file become customers, all together or not at all."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.directory.models import Customer
from acquis.desk.imports import queries, writing
from acquis.desk.imports.models import CustomerImport, ImportedRow, ImportFault
from acquis.desk.imports.reading import Line
from acquis.desk.merging import rows as kept_rows
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import files, realtime, trace

Outcome = ImportedRow.Outcome
State = CustomerImport.State
OnDuplicate = CustomerImport.OnDuplicate


@transaction.atomic
def import_batch(
    *,
    source: CustomerImport,
    batch: Sequence[Line],
    custom: queries.Kinds,
    by: User | None,
    today: date,
    at: datetime,
) -> None:
    """Write the lines that were not written yet, and up to where the file is done.

    Given the same lines again it changes nothing: a job that was killed begins where the last
    commit ended. Raises WorkspaceSealed.
    """
    # Two people creating at once must not be given the same next reference.
    workspace = Workspace.objects.select_for_update(of=("self",)).get(pk=source.workspace_id)
    refuse_if_sealed(workspace)
    row = CustomerImport.objects.select_for_update(of=("self",)).get(pk=source.pk)
    row.workspace = workspace
    fresh = [(number, cells) for number, cells in batch if number > row.next_line]
    if row.state != State.IMPORTING or not fresh:
        return
    faulty = set(
        ImportFault.objects.filter(
            source=row, line__gte=fresh[0][0], line__lte=fresh[-1][0]
        ).values_list("line", flat=True)
    )
    numbers = [number for number, _cells in fresh if number not in faulty]
    lines = [
        queries.understood(row, cells, today=today, custom=custom)
        for number, cells in fresh
        if number not in faulty
    ]
    known = writing.matches(row, lines)
    beside = writing.known_of(
        {one.pk: one for one in known if one is not None}.values()
        if row.on_duplicate == OnDuplicate.FILL
        else ()
    )
    shared: dict[int, Customer] = {}  # two lines may complete the same record
    told: list[tuple[int, str, writing.Made]] = []
    for number, line, match in zip(numbers, lines, known, strict=True):
        same = match is not None and match.reference == line.values.get("reference")
        if match is None or (row.on_duplicate == OnDuplicate.CREATE and not same):
            told.append((number, Outcome.CREATED, writing.new(row, line, by=by, at=at)))
        elif row.on_duplicate == OnDuplicate.FILL:
            one = shared.setdefault(match.pk, match)
            made = writing.fill(row, one, line, beside, by=by, at=at)
            told.append((number, Outcome.FILLED if made.before else Outcome.SKIPPED, made))
        else:
            told.append((number, Outcome.SKIPPED, writing.Made(match)))
    _write(row, told)
    row.next_line = fresh[-1][0]
    row.save(update_fields=["next_line", "created", "filled", "skipped"])


def _write(source: CustomerImport, told: Sequence[tuple[int, str, writing.Made]]) -> None:
    writing.number(source, [made for _n, what, made in told if what == Outcome.CREATED])
    writing.insert([made for _n, _what, made in told], workspace_id=source.workspace_id)
    filled = {made.customer.pk: made.customer for _n, what, made in told if what == Outcome.FILLED}
    if filled:
        writing.update(list(filled.values()))
    ImportedRow.objects.bulk_create(
        ImportedRow(
            workspace_id=source.workspace_id,
            source=source,
            line=number,
            customer=made.customer,
            outcome=what,
            before=kept_rows.plain(made.before),
            parts=writing.parts_of(made),
            stamp=made.customer.updated_at,
        )
        for number, what, made in told
    )
    counted = [what for _n, what, _made in told]
    source.created += counted.count(Outcome.CREATED)
    source.filled += counted.count(Outcome.FILLED)
    source.skipped += counted.count(Outcome.SKIPPED)


@transaction.atomic
def end_import(*, source: CustomerImport, by: User | None, at: datetime) -> CustomerImport:
    """Every line is written: one line of the trace for the whole, and the file is forgotten."""
    row = CustomerImport.objects.select_for_update(of=("self",)).get(pk=source.pk)
    if row.state != State.IMPORTING:
        return row
    stored, row.file = row.file, None
    row.state, row.ended_at = State.DONE, at
    row.save(update_fields=["file", "state", "ended_at"])
    files.forget(stored)
    stream = f"workspace:{row.workspace_id}"
    trace.record(
        "customers.imported",
        row,
        by=by,
        at=at,
        stream=stream,
        name=row.name,
        sha256=stored.sha256 if stored else "",
        lines=row.lines,
        faulty=row.faulty,
        created=row.created,
        filled=row.filled,
        skipped=row.skipped,
        on_duplicate=row.on_duplicate,
    )
    realtime.publish(stream, at=at, what="customers")
    return row
