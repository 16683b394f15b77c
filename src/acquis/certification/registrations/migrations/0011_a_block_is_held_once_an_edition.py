"""A block is held once an edition: two editions may each have their own « CCP1 »."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registrations", "0010_livret_lines_name_their_edition")]
    operations = [
        migrations.RemoveConstraint("heldblock", "held_block_once"),
        migrations.AlterField(
            "heldblock",
            "version",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="frameworks.frameworkversion",
            ),
        ),
        migrations.AddConstraint(
            "heldblock",
            models.UniqueConstraint(
                fields=("candidate", "version", "block"), name="held_block_once"
            ),
        ),
    ]
