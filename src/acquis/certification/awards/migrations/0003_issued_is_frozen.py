"""An issued document, what is signed and the signatures never change: both engines refuse."""

from django.db import migrations

# table, event, name, when the row may not change (empty: never)
GUARDS = [
    (
        "awards_issueddocument",
        "UPDATE",
        "awards_document_frozen",
        "OLD.state = 'issued' OR NEW.data_sha256 <> OLD.data_sha256"
        " OR CAST(NEW.data AS text) <> CAST(OLD.data AS text) OR NEW.number <> OLD.number",
    ),
    ("awards_issueddocument", "DELETE", "awards_document_kept", ""),
    ("awards_signature", "UPDATE", "awards_signature_frozen", ""),
    ("awards_signature", "DELETE", "awards_signature_kept", ""),
]
MESSAGE = "official documents and their signatures never change"


def guard(apps, editor):
    for table, event, name, condition in GUARDS:
        when = f"WHEN ({condition})" if condition else ""
        if editor.connection.vendor == "sqlite":
            editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when} "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
            continue
        editor.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; "
            "END $$"
        )
        editor.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {when} "
            f"EXECUTE FUNCTION {name}()"
        )


def unguard(apps, editor):
    for table, _event, name, _condition in GUARDS:
        if editor.connection.vendor == "sqlite":
            editor.execute(f"DROP TRIGGER {name}")
        else:
            editor.execute(f"DROP TRIGGER {name} ON {table}")
            editor.execute(f"DROP FUNCTION {name}")


class Migration(migrations.Migration):
    dependencies = [("awards", "0002_numbers_by_organisation")]
    operations = [migrations.RunPython(guard, unguard)]
