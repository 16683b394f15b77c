from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow
from acquis.desk.billing import policy
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

    @property
    def open_dispute(self) -> "InvoiceDispute | None":
        """What the customer contests of it today; reads `disputes`, prefetched in lists."""
        return next((one for one in self.disputes.all() if one.settled_at is None), None)

    @property
    def owed(self) -> policy.Owed:
        """What is due and what may be claimed; reads `disputes` and `credit_notes`."""
        dispute = self.open_dispute
        return policy.Owed(
            self.total_ttc,
            paid=self.total_ttc if self.paid_on else policy.ZERO,
            credited=sum((note.total_ttc for note in self.credit_notes.all()), policy.ZERO),
            disputed=dispute.amount if dispute else policy.ZERO,
        )


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


class InvoiceDispute(WorkspaceRow):
    """What a customer disputes of an invoice (litige): nobody reminds them of it (V-13, R-07)."""

    class Reason(models.TextChoices):
        PRODUCT = "product", _("Produit non conforme ou défectueux")
        DELIVERY = "delivery", _("Livraison absente, partielle ou tardive")
        PRICE = "price", _("Prix ou quantité facturés")
        MISTAKE = "mistake", _("Erreur administrative")
        PRINCIPLE = "principle", _("Commande contestée")
        OTHER = "other", _("Autre motif de litige")

    class Outcome(models.TextChoices):
        CREDITED = "credited", _("Accepté, réglé par un avoir")
        REJECTED = "rejected", _("Contestation rejetée")
        WITHDRAWN = "withdrawn", _("Retiré par le client")

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="disputes")
    reason = models.CharField(max_length=10, choices=Reason)
    detail = models.TextField(blank=True)  # in the customer's words
    amount = models.DecimalField(max_digits=12, decimal_places=2)  # euros with VAT
    reference = models.CharField(max_length=30)  # number of the case in which it is handled
    opened_at = models.DateTimeField()
    opened_by_label = models.CharField(max_length=160)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    answer = models.TextField(blank=True)  # why, as the customer is told
    credit_note = models.ForeignKey(
        Invoice, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by_label = models.CharField(max_length=160, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice"],
                condition=models.Q(settled_at__isnull=True),
                name="invoice_disputed_once",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0), name="invoice_dispute_of_something"
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True, outcome="")
                | (models.Q(settled_at__isnull=False) & ~models.Q(outcome="")),
                name="invoice_dispute_settled_somehow",
            ),
        ]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(fields=["workspace", "reference"], name="invoice_dispute_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.amount}"

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.workspace_id}"
