"""The observations of a closed grid may be erased once, and nothing else of it changes (G-02).

The grid says when: without it the database refuses to empty an observation, as it refuses any change.
"""

from django.db import migrations, models

GRID = ("id", "candidate_id", "juror_id", "opened_at", "closed_at")
MARK = (
    "id", "grid_id", "position", "criterion", "text", "theme", "competency", "competency_text",
    "elsewhere", "verdict", "seq", "client_id", "marked_at",
)  # fmt: skip
# table: the closed row that freezes it, the erasure that passes, the columns that it leaves alone
FROZEN = {
    "grading_grid": (
        "OLD.closed_at",
        "OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.general_observation = ''",
        GRID,
    ),
    "grading_mark": (
        "(SELECT closed_at FROM grading_grid WHERE id = OLD.grid_id)",
        "NEW.observation = ''"
        " AND (SELECT erased_at FROM grading_grid WHERE id = OLD.grid_id) IS NOT NULL",
        MARK,
    ),
}
NEVER = "1 = 0"  # as before this migration: nothing passes
SQLITE = """
    CREATE TRIGGER {table}_frozen BEFORE UPDATE ON {table}
    WHEN {closed} IS NOT NULL AND NOT ({erased})
    BEGIN SELECT RAISE(ABORT, '{table}: closed, nothing changes any more'); END
"""
FUNCTION = """
    CREATE OR REPLACE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {closed} IS NOT NULL AND NOT ({erased}) THEN
            RAISE EXCEPTION '{table}: closed, nothing changes any more'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
"""


def let_erase(apps, editor):
    for table, (closed, erased, columns) in FROZEN.items():
        same = "IS" if editor.connection.vendor == "sqlite" else "IS NOT DISTINCT FROM"
        kept = " AND ".join(f"NEW.{name} {same} OLD.{name}" for name in columns)
        _write(editor, table, closed, f"{erased} AND {kept}")


def forbid_again(apps, editor):
    for table, (closed, _erased, _columns) in FROZEN.items():
        _write(editor, table, closed, NEVER)


def _write(editor, table, closed, erased):
    if editor.connection.vendor == "sqlite":
        editor.execute(f"DROP TRIGGER {table}_frozen")
        editor.execute(SQLITE.format(table=table, closed=closed, erased=erased))
    else:
        editor.execute(FUNCTION.format(table=table, closed=closed, erased=erased))


class Migration(migrations.Migration):
    dependencies = [("grading", "0005_results_of_former_sessions")]
    operations = [
        migrations.AddField("grid", "erased_at", models.DateTimeField(null=True)),
        migrations.RunPython(let_erase, forbid_again),
    ]
