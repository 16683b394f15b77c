from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="field_seqs",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
