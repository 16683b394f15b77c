"""What signing asks for: the centres of before keep their rule, those to come ask for a code."""

from django.db import migrations, models

CHOICES = [
    ("second_factor", "Code de vérification exigé de chaque signataire"),
    ("when_enrolled", "Code demandé aux signataires qui en ont un"),
]


def field(default):
    return models.CharField(
        choices=CHOICES,
        default=default,
        max_length=13,
        verbose_name="signature des procès-verbaux",
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_user_language")]

    operations = [
        migrations.AddField("organisation", "signing", field("when_enrolled")),
        migrations.AlterField("organisation", "signing", field("second_factor")),
    ]
