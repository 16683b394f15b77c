from datetime import datetime

from django.db import connection, transaction

from acquis.accounts.enums import WorkspaceKind
from acquis.accounts.models import User, Workspace
from acquis.kernel import trace
from acquis.practice.enterprises.errors import NotAPracticeCopy
from acquis.practice.enterprises.tables import WORKSPACE, desk_tables, meta


@transaction.atomic
def seal_copy(*, copy: Workspace, by: User, at: datetime) -> Workspace:
    """Take no more writing in a practice copy; it can still be read. Sealed twice, sealed once.

    Raises NotAPracticeCopy.
    """
    locked = _practice(copy)
    if locked.sealed_at is None:
        locked.sealed_at = at
        locked.save(update_fields=["sealed_at"])
        trace.record("workspace.sealed", locked, by=by, at=at)
    return locked


@transaction.atomic
def remove_copy(*, copy: Workspace, by: User, at: datetime) -> int:
    """Remove a practice copy with all its rows; its trace stays. Returns how many rows left.

    One DELETE a table, each before those it points at. Raises NotAPracticeCopy.
    """
    locked = _practice(copy)
    rows = 0
    with connection.cursor() as cursor:
        for table in reversed(desk_tables()):
            name = connection.ops.quote_name(meta(table.model).db_table)
            column = connection.ops.quote_name(f"{WORKSPACE}_id")
            # names of tables and columns only, quoted; the value is bound
            cursor.execute(f"DELETE FROM {name} WHERE {column} = %s", [locked.pk])  # noqa: S608
            rows += cursor.rowcount
    trace.record("workspace.removed", locked, by=by, at=at, name=locked.name, rows=rows)
    locked.delete()
    return rows


def _practice(copy: Workspace) -> Workspace:
    locked = Workspace.objects.select_for_update(of=("self",)).get(pk=copy.pk)
    if locked.kind != WorkspaceKind.COPY or hasattr(locked, "sitting"):
        raise NotAPracticeCopy
    return locked
