"""The database itself refuses two values of one parameter for one day."""

from django.db import migrations

MESSAGE = "Periods of one parameter do not overlap."
SHARED_DAY = """code = NEW.code AND id <> {id}
    AND (valid_to IS NULL OR valid_to >= NEW.valid_from)
    AND (NEW.valid_to IS NULL OR valid_from <= NEW.valid_to)"""

SQLITE = [
    f"""CREATE TRIGGER regulation_no_overlap_{verb} BEFORE {verb} ON regulation_parameter
        WHEN EXISTS (SELECT 1 FROM regulation_parameter
                     WHERE {SHARED_DAY.format(id="COALESCE(NEW.id, -1)")})
        BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"""
    for verb in ("insert", "update")
]
SQLITE_BACK = [f"DROP TRIGGER regulation_no_overlap_{verb}" for verb in ("insert", "update")]
POSTGRESQL = [
    f"""CREATE FUNCTION regulation_refuse_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT 1 FROM regulation_parameter WHERE {SHARED_DAY.format(id="NEW.id")}) THEN
                RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'exclusion_violation';
            END IF;
            RETURN NEW;
        END $$""",
    """CREATE TRIGGER regulation_no_overlap BEFORE INSERT OR UPDATE ON regulation_parameter
        FOR EACH ROW EXECUTE FUNCTION regulation_refuse_overlap()""",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER regulation_no_overlap ON regulation_parameter",
    "DROP FUNCTION regulation_refuse_overlap()",
]


def forwards(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in SQLITE_BACK if vendor == "sqlite" else POSTGRESQL_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("regulation", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
