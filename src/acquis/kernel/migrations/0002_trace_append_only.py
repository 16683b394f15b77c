"""The database itself refuses to change or remove a line of the trace."""

from django.db import migrations

MESSAGE = "The trace is append-only."

SQLITE = [
    f"""CREATE TRIGGER kernel_trace_no_update BEFORE UPDATE ON kernel_traceline
        BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
    f"""CREATE TRIGGER kernel_trace_no_delete BEFORE DELETE ON kernel_traceline
        BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
]
SQLITE_BACK = [
    "DROP TRIGGER kernel_trace_no_update",
    "DROP TRIGGER kernel_trace_no_delete",
]
POSTGRESQL = [
    f"""CREATE FUNCTION kernel_trace_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER kernel_trace_no_change BEFORE UPDATE OR DELETE ON kernel_traceline
        FOR EACH ROW EXECUTE FUNCTION kernel_trace_refuse()""",
    """CREATE TRIGGER kernel_trace_no_truncate BEFORE TRUNCATE ON kernel_traceline
        FOR EACH STATEMENT EXECUTE FUNCTION kernel_trace_refuse()""",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER kernel_trace_no_truncate ON kernel_traceline",
    "DROP TRIGGER kernel_trace_no_change ON kernel_traceline",
    "DROP FUNCTION kernel_trace_refuse()",
]


def forwards(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in SQLITE_BACK if vendor == "sqlite" else POSTGRESQL_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
