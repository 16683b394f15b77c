import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("frameworks", "0003_published_is_frozen"),
        ("planning", "0002_memberships_are_read"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanExam",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("block", models.CharField(blank=True, max_length=40)),
                ("plan", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="exams", to="planning.seasonplan")),
                ("version", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="frameworks.frameworkversion")),
            ],
            options={
                "ordering": ["plan", "pk"],
                "constraints": [models.UniqueConstraint(fields=("plan", "version", "block"), name="plan_exam_once")],
            },
        ),
        migrations.AddField(
            model_name="plansession",
            name="exam",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="sessions", to="planning.planexam"),
        ),
        migrations.AlterField(
            model_name="seasonplan",
            name="version",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="frameworks.frameworkversion"),
        ),
    ]
