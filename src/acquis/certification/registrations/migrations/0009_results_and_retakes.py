"""A livret line names its edition, an enrolment its attempt; what a jury decided is kept here."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KINDS = [
    ("identity", "Pièce d’identité vue"),
    ("portfolio", "Dossier professionnel (DP)"),
    ("in_training", "Résultats des ECF"),
    ("booklet", "Livret de certification"),
    ("admissibility", "Décision de recevabilité VAE"),
    ("title", "Titre professionnel obtenu"),
    ("experience", "Expérience professionnelle dans le métier"),
    ("new_training", "Attestation d’une nouvelle formation"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("frameworks", "0003_published_is_frozen"),
        ("registrations", "0008_retake_right"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RemoveConstraint(model_name="enrolment", name="enrolment_once"),
        migrations.AddField("enrolment", "attempt", models.PositiveSmallIntegerField(default=1)),
        migrations.AddConstraint(
            "enrolment",
            models.UniqueConstraint(
                fields=("candidate", "version", "block", "attempt"), name="enrolment_once"
            ),
        ),
        migrations.AddField(
            "heldblock",
            "version",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="frameworks.frameworkversion",
            ),
        ),
        migrations.AlterField(
            "proof", "kind", models.CharField(choices=KINDS, max_length=13)
        ),
        migrations.CreateModel(
            name="Result",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("passed", "Admis"),
                            ("partial", "Réussite partielle"),
                            ("failed", "Refusé"),
                        ],
                        max_length=8,
                    ),
                ),
                ("blocks", models.JSONField(default=list)),
                ("sat_on", models.DateField()),
                ("session_reference", models.CharField(max_length=30)),
                ("decided_at", models.DateTimeField()),
                ("annulled_at", models.DateTimeField(null=True)),
                ("annulment_reason", models.CharField(blank=True, max_length=500)),
                (
                    "annulled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="registrations.enrolment",
                    ),
                ),
            ],
            options={
                "ordering": ["sat_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("annulled_at__isnull", True)),
                        fields=("enrolment",),
                        name="result_in_force_once",
                    )
                ],
            },
        ),
    ]
