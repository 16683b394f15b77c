"""The total of an invoice is checked within half a cent: SQLite keeps decimals as binary fractions."""

from decimal import Decimal

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="invoice", name="invoice_total_adds_up"),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    total_ttc__gt=models.F("total_ht") + models.F("total_vat") - Decimal("0.005"),
                    total_ttc__lt=models.F("total_ht") + models.F("total_vat") + Decimal("0.005"),
                ),
                name="invoice_total_adds_up",
            ),
        ),
    ]
