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
        indexes = [
            *WorkspaceRow.Meta.indexes,
            # How a number begins, whatever the collation of the database.
            models.Index(
                fields=["workspace", "number"],
                opclasses=["int8_ops", "varchar_pattern_ops"],
                name="order_by_number",
            ),
            models.Index(fields=["workspace", "carrier_reference"], name="order_by_carrier"),
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


class PriceList(WorkspaceRow):
    """A « grille tarifaire »: for whom, and whether its prices hold the VAT.

    Those two are fixed by the first publication; what it charges is in its versions.
    """

    class Audience(models.TextChoices):
        ALL = "all", _("Tous les clients")
        PERSONS = "persons", _("Les particuliers")
        COMPANIES = "companies", _("Les professionnels")
        SEGMENT = "segment", _("Un segment")

    class Basis(models.TextChoices):
        HT = "ht", _("hors taxes (HT)")
        TTC = "ttc", _("toutes taxes comprises (TTC)")

    name = models.CharField(_("nom de la grille"), max_length=120)
    audience = models.CharField(
        _("pour qui"), max_length=10, choices=Audience, default=Audience.ALL
    )
    segment = models.CharField(_("segment"), max_length=40, blank=True)  # of that audience alone
    basis = models.CharField(_("prix exprimés"), max_length=3, choices=Basis, default=Basis.HT)
    currency = models.CharField(max_length=3, default="EUR")  # ISO 4217; the desk counts in euros
    owner = models.CharField(_("tenue par"), max_length=120, blank=True)
    review_on = models.DateField(_("à relire le"), null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="price_list_name_once"),
            models.CheckConstraint(
                condition=models.Q(audience="segment") ^ models.Q(segment=""),
                name="price_list_segment_of_its_audience",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PriceListVersion(WorkspaceRow):
    """The prices of a list from a day in Paris on; never changed once published."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Brouillon de grille")
        PUBLISHED = "published", _("Grille publiée")
        WITHDRAWN = "withdrawn", _("Retirée avant sa date")

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="versions")
    rank = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    valid_from = models.DateField(null=True, blank=True)  # from midnight in Paris
    valid_until = models.DateField(null=True, blank=True)  # its last day; null: until replaced
    note = models.CharField(_("ce qui change"), max_length=300, blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=160, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=160, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["price_list", "-rank"]
        constraints = [
            models.UniqueConstraint(fields=["price_list", "rank"], name="price_list_version_once"),
            models.UniqueConstraint(
                fields=["price_list"],
                condition=models.Q(state="draft"),
                name="price_list_draft_once",
            ),
            models.UniqueConstraint(
                fields=["price_list", "valid_from"],
                condition=models.Q(state="published"),
                name="price_list_begins_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(valid_from__isnull=False),
                name="price_list_published_with_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until=None)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="price_list_period_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_list_id} v{self.rank}"


class PriceLine(WorkspaceRow):
    """What a product costs from a quantity on: a price, or a percentage off the catalogue."""

    version = models.ForeignKey(PriceListVersion, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="price_lines")
    least = models.DecimalField(_("à partir de"), max_digits=10, decimal_places=3, default=1)
    price = models.DecimalField(
        _("prix"), max_digits=12, decimal_places=4, null=True, blank=True
    )  # euros; HT or TTC as the list says; of a TTC list, whole cents
    percent = models.DecimalField(
        _("remise sur le catalogue (%)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    note = models.CharField(_("précision"), max_length=200, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["version", "product", "least"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "product", "least"], name="price_line_step_once"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    price__isnull=True, percent__isnull=False, percent__range=(0, 100)
                )
                | models.Q(percent__isnull=True, price__isnull=False, price__gte=0),
                name="price_line_price_or_percent",
            ),
            models.CheckConstraint(
                condition=models.Q(least__gt=0), name="price_line_from_a_quantity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} ≥ {self.least}"
