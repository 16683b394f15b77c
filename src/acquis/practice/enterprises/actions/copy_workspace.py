from datetime import datetime

from django.db import connection, transaction

from acquis.accounts.enums import WorkspaceKind
from acquis.accounts.models import User, Workspace, WorkspaceMember
from acquis.kernel import trace
from acquis.practice.enterprises.tables import ORIGIN, WORKSPACE, DeskTable, desk_tables, meta


@transaction.atomic
def copy_workspace(
    *, source: Workspace, name: str, by: User | None, at: datetime, member: User | None = None
) -> Workspace:
    """Make a private copy of a desk, with one INSERT … SELECT a table.

    Foreign keys inside the desk are followed through `origin_id`, those that leave it (people,
    stored files) are kept. `member` is given a seat in the copy. Rows keep their instants; the copy
    keeps the identity of its source, so that its texts stay dated from the same day.
    """
    source = Workspace.objects.select_for_update(of=("self",)).get(pk=source.pk)
    copy = Workspace.objects.create(
        organisation_id=source.organisation_id,
        kind=WorkspaceKind.COPY,
        name=name,
        identity=source.identity,
        pack=source.pack,
        origin=source,
        created_at=at,
    )
    rows = 0
    with connection.cursor() as cursor:
        for table in desk_tables():
            cursor.execute(_insert(table), {"copy": copy.pk, "source": source.pk})
            rows += cursor.rowcount
            for statement in _own_keys(table):
                cursor.execute(statement, {"copy": copy.pk})
    if member is not None:
        WorkspaceMember.objects.create(workspace=copy, user=member)
    trace.record(
        "workspace.copied",
        copy,
        by=by,
        at=at,
        origin=source.pk,
        rows=rows,
        member=member.pk if member else None,
    )
    return copy


def _insert(table: DeskTable) -> str:
    """Copy the rows of one table; a key of the table to itself still points at the source.

    A nullable key takes a left join: a row without it is copied too. A key that cannot be null
    takes a plain join, which loses no row, since its target was copied just before.
    """
    quote = _quoted
    own = quote(meta(table.model).db_table)
    columns: list[str | None] = [WORKSPACE + "_id", ORIGIN]
    values = ["%(copy)s", f"{own}.{quote(meta(table.model).pk.column)}"]
    joins = []
    for field in (*table.plain, *table.own):
        columns.append(field.column)
        values.append(f"{own}.{quote(field.column)}")
    for position, field in enumerate(table.inner):
        target, alias = meta(field.related_model), quote(f"to_{position}")
        kind = "LEFT JOIN" if field.null else "JOIN"
        joins.append(
            f"{kind} {quote(target.db_table)} {alias}"
            f" ON {alias}.{quote(WORKSPACE + '_id')} = %(copy)s"
            f" AND {alias}.{quote(ORIGIN)} = {own}.{quote(field.column)}"
        )
        columns.append(field.column)
        values.append(f"{alias}.{quote(target.pk.column)}")
    return (  # names of tables and columns only, quoted; values are bound
        f"INSERT INTO {own} ({', '.join(map(quote, columns))})"  # noqa: S608
        f" SELECT {', '.join(values)} FROM {own} {' '.join(joins)}"
        f" WHERE {own}.{quote(WORKSPACE + '_id')} = %(source)s"
        f" ORDER BY {own}.{quote(meta(table.model).pk.column)}"
    )


def _own_keys(table: DeskTable) -> list[str]:
    """Point the keys of a table to itself at the copied rows, once they all exist."""
    quote = _quoted
    own, pk = quote(meta(table.model).db_table), quote(meta(table.model).pk.column)
    workspace, origin = quote(WORKSPACE + "_id"), quote(ORIGIN)
    statements = []
    for field in table.own:
        column = quote(field.column)
        statements.append(
            f"UPDATE {own} SET {column} = (SELECT target.{pk} FROM {own} AS target"  # noqa: S608
            f" WHERE target.{workspace} = %(copy)s AND target.{origin} = {own}.{column})"
            f" WHERE {workspace} = %(copy)s AND {column} IS NOT NULL"
        )
    return statements


def _quoted(name: str | None) -> str:
    """A name of a table or column as SQL writes it; a concrete field always has one."""
    return connection.ops.quote_name(str(name))
