from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow
from acquis.desk.directory.models import Customer


class Product(WorkspaceRow):
    reference = models.CharField(_("référence"), max_length=40)
    label = models.CharField(_("désignation"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    category = models.CharField(_("famille"), max_length=80, blank=True)
    unit_price_ht = models.DecimalField(
        _("prix unitaire HT"), max_digits=12, decimal_places=4, validators=[MinValueValidator(0)]
    )  # euros, four decimals at most (C-04)
    vat_rate = models.DecimalField(_("taux de TVA (%)"), max_digits=5, decimal_places=2)
    warranty_months = models.PositiveSmallIntegerField(_("garantie (mois)"), default=0)
    stock = models.IntegerField(_("stock"), null=True, blank=True)  # null: not stocked (service)
    period = models.CharField(_("périodicité"), max_length=20, blank=True)  # month, year; "" once
    is_active = models.BooleanField(default=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["category", "label"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "reference"], name="product_reference_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.label}"


class Order(WorkspaceRow):
    class State(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmée")
        PREPARING = "preparing", _("En préparation")
        SHIPPED = "shipped", _("Expédiée")
        DELIVERED = "delivered", _("Livrée")
        CANCELLED = "cancelled", _("Annulée")
        RETURNED = "returned", _("Retournée")

    number = models.CharField(max_length=30)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="orders")
    state = models.CharField(max_length=12, choices=State)
    ordered_on = models.DateField()
    promised_on = models.DateField(null=True, blank=True)
    delivered_on = models.DateField(null=True, blank=True)
    carrier_reference = models.CharField(max_length=60, blank=True)
    remark = models.TextField(blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["-ordered_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="order_number_once")
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(WorkspaceRow):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=200)  # copied: what was sold
    quantity = models.DecimalField(max_digits=10, decimal_places=3)
    unit_price_ht = models.DecimalField(max_digits=12, decimal_places=4)
    discount_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta(WorkspaceRow.Meta):
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position_once")
        ]

    def __str__(self) -> str:
        return self.label
