"""What is closed never changes again: the database itself refuses, on both engines."""

from django.db import migrations

# table, the closed row that freezes it (OLD is the row about to change)
FROZEN = {
    "grading_grid": "OLD.closed_at",
    "grading_mark": "(SELECT closed_at FROM grading_grid WHERE id = OLD.grid_id)",
    "grading_deliberation": "OLD.closed_at",
    "grading_criteriondecision": (
        "(SELECT closed_at FROM grading_deliberation WHERE id = OLD.deliberation_id)"
    ),
}
SQLITE = """
    CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table} WHEN {closed} IS NOT NULL
    BEGIN SELECT RAISE(ABORT, '{table}: closed, nothing changes any more'); END
"""
FUNCTION = """
    CREATE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {closed} IS NOT NULL THEN
            RAISE EXCEPTION '{table}: closed, nothing changes any more'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
"""
TRIGGER = """
    CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_frozen()
"""


def freeze(apps, editor):
    for table, closed in FROZEN.items():
        if editor.connection.vendor == "sqlite":
            editor.execute(SQLITE.format(table=table, closed=closed))
        else:
            editor.execute(FUNCTION.format(table=table, closed=closed))
            editor.execute(TRIGGER.format(table=table))


def thaw(apps, editor):
    for table in FROZEN:
        if editor.connection.vendor == "sqlite":
            editor.execute(f"DROP TRIGGER {table}_frozen")
        else:
            editor.execute(f"DROP TRIGGER {table}_frozen ON {table}")
            editor.execute(f"DROP FUNCTION {table}_frozen")


class Migration(migrations.Migration):
    dependencies = [("grading", "0002_marks_keep_their_sender")]
    operations = [migrations.RunPython(freeze, thaw)]
