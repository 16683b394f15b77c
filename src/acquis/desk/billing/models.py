from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow
from acquis.desk.directory.models import Customer
from acquis.desk.sales.models import Order


class Invoice(WorkspaceRow):
    """An invoice or credit note (avoir): never edited; a later document corrects it (C-07)."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Facture")
        CREDIT_NOTE = "credit_note", _("Avoir")

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.INVOICE)
    number = models.CharField(max_length=30)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="invoices")
    order = models.ForeignKey(
        Order, on_delete=models.SET_NULL, null=True, blank=True, related_name="invoices"
    )
    refers_to = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="credit_notes"
    )
    issued_on = models.DateField()
    due_on = models.DateField()
    total_ht = models.DecimalField(max_digits=12, decimal_places=2)
    total_vat = models.DecimalField(max_digits=12, decimal_places=2)
    total_ttc = models.DecimalField(max_digits=12, decimal_places=2)
    paid_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="invoice_number_once"),
            # Within half a cent: SQLite keeps decimals as binary fractions.
            models.CheckConstraint(
                condition=models.Q(
                    total_ttc__gt=models.F("total_ht") + models.F("total_vat") - Decimal("0.005"),
                    total_ttc__lt=models.F("total_ht") + models.F("total_vat") + Decimal("0.005"),
                ),
                name="invoice_total_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class InvoiceLine(WorkspaceRow):
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=200)
    quantity = models.DecimalField(max_digits=10, decimal_places=3)
    unit_price_ht = models.DecimalField(max_digits=12, decimal_places=4)
    discount_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2)
    total_ht = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta(WorkspaceRow.Meta):
        ordering = ["invoice", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "position"], name="invoice_line_position_once"
            )
        ]

    def __str__(self) -> str:
        return self.label
