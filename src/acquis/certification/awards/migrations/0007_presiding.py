from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("awards", "0006_result_notices"),
    ]

    operations = [
        migrations.AlterField(
            model_name="signature",
            name="quality",
            field=models.CharField(
                choices=[
                    ("juror", "Membre du jury"),
                    ("president", "Présidence du jury"),
                    ("countersign", "Responsable de session (contreseing)"),
                ],
                max_length=12,
            ),
        ),
    ]
