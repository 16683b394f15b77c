import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("planning", "0004_exam_of_each_plan"),
    ]

    operations = [
        migrations.AlterField(
            model_name="plansession",
            name="exam",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="sessions", to="planning.planexam"),
        ),
        migrations.RemoveConstraint(model_name="plansession", name="plan_session_once"),
        migrations.AddConstraint(
            model_name="plansession",
            constraint=models.UniqueConstraint(fields=("plan", "jury_number", "on", "exam"), name="plan_session_once"),
        ),
        migrations.RemoveField(model_name="seasonplan", name="version"),
        migrations.RemoveField(model_name="seasonplan", name="block"),
    ]
