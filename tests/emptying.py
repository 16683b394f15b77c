"""The tables emptied after a test that commits, the triggers that protect them set aside."""

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

# What `migrate` writes and no test changes.
_KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def empty() -> None:
    """Empty every table that holds a row."""
    with transaction.atomic(), connection.cursor() as cursor:
        filled = _filled(cursor)
        if connection.vendor == "sqlite":
            _empty_sqlite(cursor, filled)
        else:
            _empty_postgresql(cursor, filled)


def _filled(cursor: CursorWrapper) -> list[str]:
    tables = connection.introspection.django_table_names(include_views=False)
    asked = [
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")"  # noqa: S608  our own names
        for table in sorted(set(tables) - _KEPT)
    ]
    cursor.execute(" UNION ALL ".join(asked))
    return [row[0] for row in cursor.fetchall()]


def _empty_sqlite(cursor: CursorWrapper, filled: list[str]) -> None:
    cursor.execute("PRAGMA defer_foreign_keys = ON")
    cursor.execute(
        "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE%'"
    )
    triggers = [(name, sql) for table, name, sql in cursor.fetchall() if table in filled]
    for name, _sql in triggers:
        cursor.execute(f'DROP TRIGGER "{name}"')
    for table in filled:
        cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608
    for _name, sql in triggers:
        cursor.execute(sql)


def _empty_postgresql(cursor: CursorWrapper, filled: list[str]) -> None:
    # Foreign keys are checked at the end of the transaction, when nothing is left.
    for table in filled:
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in filled:
        cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
