"""A line that an exam confirms keeps what was typed of it before: it stays when the decision falls."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registrations", "0012_withdrawn_lines_stay")]
    operations = [
        migrations.AddField("heldblock", "typed_on", models.DateField(null=True)),
        migrations.AddField("heldblock", "typed_pv", models.CharField(blank=True, max_length=80)),
        migrations.AddConstraint(
            "heldblock",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("typed_on__isnull", True), ("typed_pv", "")),
                    models.Q(("earned_by__isnull", False), ("typed_on__isnull", False)),
                    _connector="OR",
                ),
                name="held_block_typed_before_its_exam",
            ),
        ),
    ]
