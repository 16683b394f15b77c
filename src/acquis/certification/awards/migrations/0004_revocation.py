"""A certificate may be revoked; a revocation never changes, both engines refuse."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDS = [("UPDATE", "awards_revocation_frozen"), ("DELETE", "awards_revocation_kept")]
MESSAGE = "a revocation never changes"


def guard(apps, editor):
    for event, name in GUARDS:
        if editor.connection.vendor == "sqlite":
            editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON awards_revocation "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
            continue
        editor.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; "
            "END $$"
        )
        editor.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON awards_revocation FOR EACH ROW "
            f"EXECUTE FUNCTION {name}()"
        )


def unguard(apps, editor):
    for _event, name in GUARDS:
        if editor.connection.vendor == "sqlite":
            editor.execute(f"DROP TRIGGER {name}")
        else:
            editor.execute(f"DROP TRIGGER {name} ON awards_revocation")
            editor.execute(f"DROP FUNCTION {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("awards", "0003_issued_is_frozen"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Revocation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                ("revoked_at", models.DateTimeField()),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revocation",
                        to="awards.issueddocument",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="revocation_has_a_reason",
                    )
                ],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
