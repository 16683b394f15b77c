"""SQLite's INSERT OR REPLACE would remove a line without waking its DELETE trigger."""

from django.db import migrations

TRIGGER = """CREATE TRIGGER kernel_trace_no_replace BEFORE INSERT ON kernel_traceline
    WHEN EXISTS (SELECT 1 FROM kernel_traceline
                 WHERE id = NEW.id OR (stream = NEW.stream AND position = NEW.position))
    BEGIN SELECT RAISE(ABORT, 'The trace is append-only.'); END"""


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(TRIGGER)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER kernel_trace_no_replace")


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_trace_append_only")]
    operations = [migrations.RunPython(forwards, backwards)]
