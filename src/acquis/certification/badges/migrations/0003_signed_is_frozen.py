"""A signed badge and a public key never change but to be revoked or retired: both engines refuse."""

from django.db import migrations

# A column of dates or texts is the same, empty or not, in the words of both engines.
SAME = "COALESCE(CAST(NEW.{0} AS text), '') = COALESCE(CAST(OLD.{0} AS text), '')"
BADGE = (
    "id", "certificate_id", "uuid", "rsa_key_id", "ed25519_key_id", "achievement", "salt", "jwt",
    "json_ld", "issued_at",
)  # fmt: skip
KEY = ("id", "organisation_id", "issuer", "name", "kind", "public", "made_at")


def changes(columns, once):
    """What is frozen: these columns, and all of the row once that moment is set."""
    same = " AND ".join(SAME.format(column) for column in columns)
    return f"OLD.{once} IS NOT NULL OR NOT ({same})"


# table, event, name, when the row may not change (empty: never)
GUARDS = [
    ("badges_badge", "UPDATE", "badges_badge_frozen", changes(BADGE, "revoked_at")),
    ("badges_badge", "DELETE", "badges_badge_kept", ""),
    ("badges_badgekey", "UPDATE", "badges_key_frozen", changes(KEY, "retired_at")),
    ("badges_badgekey", "DELETE", "badges_key_kept", ""),
]
MESSAGE = "signed badges and their public keys never change"


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
    dependencies = [("badges", "0002_key_retirement_reason")]
    operations = [migrations.RunPython(guard, unguard)]
