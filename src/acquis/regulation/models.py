from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from acquis.regulation.enums import Certainty, Theme, Unit


class Parameter(models.Model):
    """The value of a legal parameter in one period, with where it comes from.

    A percentage is kept as it is said: 2.62 for 2,62 %. Periods of one code never overlap: a
    trigger of the database refuses it on both engines.
    """

    code = models.CharField(max_length=80)
    label = models.CharField(_("libellé"), max_length=200)
    theme = models.CharField(_("thème"), max_length=20, choices=Theme)
    rule = models.CharField(_("règle"), max_length=20, blank=True)
    valid_from = models.DateField(_("du"))
    valid_to = models.DateField(_("au"), null=True, blank=True)  # its last day; None: no end known
    value = models.DecimalField(_("valeur"), max_digits=14, decimal_places=4, null=True)
    text = models.CharField(_("texte"), max_length=300, blank=True)
    unit = models.CharField(_("unité"), max_length=10, choices=Unit)
    source = models.CharField(_("source"), max_length=300)
    certainty = models.CharField(_("certitude"), max_length=1, choices=Certainty)
    shipped = models.BooleanField(default=False)  # came with the product, not entered here
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["code", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="parameter_starts_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to=None), name="parameter_open_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="parameter_period_forward",
            ),
            models.CheckConstraint(
                condition=Q(unit=Unit.TEXT, value=None) & ~Q(text="")
                | ~Q(unit=Unit.TEXT) & Q(value__isnull=False, text=""),
                name="parameter_value_or_text",
            ),
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="parameter_unit_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from:%Y-%m-%d}"

    @property
    def trace_stream(self) -> str:
        return "regulation"

    @property
    def rate(self) -> Decimal:
        """A percentage as a factor: 0.0262 for 2,62 %."""
        return self.number / 100

    @property
    def number(self) -> Decimal:
        if self.value is None:
            raise ValueError(f"{self.code} is a text")
        return self.value

    @property
    def whole(self) -> int:
        """A number of days, months, years, times or people."""
        return int(self.number)

    @property
    def is_on(self) -> bool:
        """Whether an obligation is in force, for a parameter that is yes or no."""
        return bool(self.number)

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
