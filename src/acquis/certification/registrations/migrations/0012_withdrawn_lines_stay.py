"""A line of the livret whose decision fell is withdrawn with its reason, and stays."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("registrations", "0011_a_block_is_held_once_an_edition"),
    ]
    operations = [
        migrations.AddField("heldblock", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "heldblock",
            "withdrawn_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "heldblock", "withdrawal_reason", models.CharField(blank=True, max_length=1000)
        ),
        migrations.RemoveConstraint("heldblock", "held_block_once"),
        migrations.AddConstraint(
            "heldblock",
            models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("candidate", "version", "block"),
                name="held_block_once",
            ),
        ),
        migrations.AddConstraint(
            "heldblock",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawal_reason", ""), ("withdrawn_at__isnull", True)),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        models.Q(("withdrawal_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="held_block_withdrawn_with_a_reason",
            ),
        ),
    ]
