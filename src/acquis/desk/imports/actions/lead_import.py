"""The steps of an import that a person decides: check, start, stop, undo, discard."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.imports import queries
from acquis.desk.imports.errors import ColumnTwice, NoNameColumn, NotNow
from acquis.desk.imports.models import ColumnMemory, CustomerImport
from acquis.desk.imports.policy import columns
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import files, jobs, trace
from acquis.kernel.models import Job

CHECK, RUN, UNDO = "imports.check", "imports.run", "imports.undo"
State = CustomerImport.State
# Where an import rests when its work stops before its end.
RESTS = {State.CHECKING: State.MAPPING, State.IMPORTING: State.STOPPED, State.UNDOING: State.DONE}


@transaction.atomic
def check_lines(
    *,
    source: CustomerImport,
    mapping: Mapping[int, str],
    on_duplicate: str,
    by: User | None,
    at: datetime,
) -> CustomerImport:
    """Remember what the columns mean, and have every line read over.

    Raises NoNameColumn, ColumnTwice, NotNow or WorkspaceSealed; nothing is written then.
    """
    row = _locked(source, {State.MAPPING, State.CHECKED, State.CHECKING})
    if not columns.NAMES & set(mapping.values()):
        raise NoNameColumn
    repeated = columns.twice(mapping)
    if repeated is not None:
        raise ColumnTwice(field=repeated)
    row.mapping = {str(rank): field for rank, field in mapping.items()}
    row.on_duplicate = on_duplicate
    ColumnMemory.objects.update_or_create(
        workspace=row.workspace,
        header_key=columns.header_key(row.headers),
        defaults={"mapping": row.mapping},
    )
    return _at_work(row, State.CHECKING, CHECK, by=by, at=at)


@transaction.atomic
def start_import(*, source: CustomerImport, by: User | None, at: datetime) -> CustomerImport:
    """Import the lines without fault; what was stopped goes on where it was.

    Raises NotNow or WorkspaceSealed.
    """
    row = _locked(source, {State.CHECKED, State.STOPPED, State.IMPORTING})
    return _at_work(row, State.IMPORTING, RUN, by=by, at=at)


@transaction.atomic
def start_undo(*, source: CustomerImport, by: User | None, at: datetime) -> CustomerImport:
    """Take back what the import made, but for records worked on since.

    Raises NotNow or WorkspaceSealed.
    """
    row = _locked(source, {State.DONE, State.STOPPED, State.UNDOING})
    row.kept_back = 0
    return _at_work(row, State.UNDOING, UNDO, by=by, at=at)


@transaction.atomic
def stop_work(*, source: CustomerImport, by: User | None, at: datetime) -> CustomerImport:
    """Ask the work to stop: at once if it waits, else after the lines under way.

    Raises NotNow or WorkspaceSealed.
    """
    refuse_if_sealed(source.workspace)
    row = CustomerImport.objects.select_for_update(of=("self",)).get(pk=source.pk)
    job = queries.job_of(row)
    if State(row.state) not in RESTS or job is None or job.state not in jobs.ACTIVE:
        raise NotNow
    stopped = jobs.cancel(job=job, by=by, at=at)
    if stopped.state == Job.State.CANCELLED:
        rest(source=row)
    return row


@transaction.atomic
def rest(*, source: CustomerImport) -> None:
    """The work ended before its end: say where the import is."""
    row = CustomerImport.objects.select_for_update(of=("self",)).get(pk=source.pk)
    row.state = RESTS.get(State(row.state), State(row.state))
    row.save(update_fields=["state"])


@transaction.atomic
def discard_import(*, source: CustomerImport, by: User | None, at: datetime) -> None:
    """Forget a file that was not imported. Raises NotNow or WorkspaceSealed."""
    row = _locked(source, {State.MAPPING, State.CHECKED})
    stored, row.file = row.file, None
    trace.record(
        "customers.file_discarded",
        row,
        by=by,
        at=at,
        stream=row.workspace.trace_stream,
        name=row.name,
    )
    row.delete()
    files.forget(stored)


def _locked(source: CustomerImport, states: set[State]) -> CustomerImport:
    refuse_if_sealed(source.workspace)
    row = CustomerImport.objects.select_for_update(of=("self",)).get(pk=source.pk)
    if row.state not in states or queries.at_work(row):
        raise NotNow
    return row


def _at_work(
    row: CustomerImport, state: State, kind: str, *, by: User | None, at: datetime
) -> CustomerImport:
    job = jobs.enqueue(
        kind,
        by=by,
        at=at,
        args={"import": row.pk, "by": by.pk if by else None},
        unique_key=f"imports:{row.pk}",
    )
    row.state, row.job_key = state, job.pk
    row.save()
    return row
