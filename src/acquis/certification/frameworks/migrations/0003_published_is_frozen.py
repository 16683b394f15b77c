"""The database itself refuses to change what a published edition says, or to remove it."""

from django.db import migrations

TABLE = "frameworks_frameworkversion"
MESSAGE = "A published edition is frozen."
# Its last day of validity and its correspondences may still be stated.
FROZEN = ("framework_id", "edition", "state", "content", "content_sha256", "valid_from", "published_at")


def changed(vendor):
    # json has no equality on PostgreSQL's side of older columns; text has.
    cast = "::text" if vendor == "postgresql" else ""
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    return " OR ".join(f"OLD.{name}{cast} {differs} NEW.{name}{cast}" for name in FROZEN)


def forwards(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "sqlite":
        for statement in (
            f"""CREATE TRIGGER frameworks_frozen_update BEFORE UPDATE ON {TABLE}
                WHEN OLD.state = 'published' AND ({changed(vendor)})
                BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
            f"""CREATE TRIGGER frameworks_frozen_delete BEFORE DELETE ON {TABLE}
                WHEN OLD.state = 'published' BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END""",
        ):
            schema_editor.execute(statement)
        return
    for statement in (
        f"""CREATE FUNCTION frameworks_frozen() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
        f"""CREATE TRIGGER frameworks_frozen_update BEFORE UPDATE ON {TABLE} FOR EACH ROW
            WHEN (OLD.state = 'published' AND ({changed(vendor)}))
            EXECUTE FUNCTION frameworks_frozen()""",
        f"""CREATE TRIGGER frameworks_frozen_delete BEFORE DELETE ON {TABLE} FOR EACH ROW
            WHEN (OLD.state = 'published') EXECUTE FUNCTION frameworks_frozen()""",
    ):
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER frameworks_frozen_update")
        schema_editor.execute("DROP TRIGGER frameworks_frozen_delete")
        return
    schema_editor.execute(f"DROP TRIGGER frameworks_frozen_update ON {TABLE}")
    schema_editor.execute(f"DROP TRIGGER frameworks_frozen_delete ON {TABLE}")
    schema_editor.execute("DROP FUNCTION frameworks_frozen()")


class Migration(migrations.Migration):
    dependencies = [("frameworks", "0002_corrections")]
    operations = [migrations.RunPython(forwards, backwards)]
