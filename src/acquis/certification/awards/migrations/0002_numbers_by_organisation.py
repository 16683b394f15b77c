"""Each organisation numbers its own documents; a document is corrected once."""

import django.db.models.deletion
from django.db import migrations, models


def fill(apps, editor):
    documents = apps.get_model("awards", "IssuedDocument")
    for document in documents.objects.select_related("session"):
        document.organisation_id = document.session.organisation_id
        document.save(update_fields=["organisation"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("awards", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="issueddocument",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="issueddocument",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="issueddocument",
            name="number",
            field=models.CharField(max_length=40),
        ),
        migrations.AddConstraint(
            model_name="issueddocument",
            constraint=models.UniqueConstraint(
                fields=("organisation", "number"), name="document_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="issueddocument",
            constraint=models.UniqueConstraint(
                condition=models.Q(("corrects__isnull", True), ("kind", "pv")),
                fields=("session",),
                name="one_pv_a_session",
            ),
        ),
        migrations.AddConstraint(
            model_name="issueddocument",
            constraint=models.UniqueConstraint(
                condition=models.Q(("candidate__isnull", False), ("corrects__isnull", True)),
                fields=("candidate", "kind"),
                name="one_document_a_candidate",
            ),
        ),
        migrations.AddConstraint(
            model_name="issueddocument",
            constraint=models.UniqueConstraint(
                fields=("corrects",), name="document_corrected_once"
            ),
        ),
    ]
