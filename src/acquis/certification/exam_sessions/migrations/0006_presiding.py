from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exam_sessions", "0005_feeds_and_accreditations"),
    ]

    operations = [
        migrations.AlterField(
            model_name="sessionjuror",
            name="function",
            field=models.CharField(
                choices=[("president", "Présidence du jury"), ("member", "Membre")],
                default="member",
                max_length=10,
            ),
        ),
    ]
