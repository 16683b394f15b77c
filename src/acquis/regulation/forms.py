from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.regulation.enums import Unit


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayForm(forms.Form):
    """The day that a list of parameters is shown for; today when it says nothing."""

    q = forms.CharField(label=_("Chercher"), required=False, max_length=100)
    on = forms.DateField(label=_("En vigueur le"), required=False, widget=DayInput())

    def day(self, today: date) -> date:
        return (self.is_valid() and self.cleaned_data["on"]) or today


class PeriodForm(forms.Form):
    valid_from = forms.DateField(label=_("Du"), widget=DayInput())
    valid_to = forms.DateField(
        label=_("Au"),
        required=False,
        widget=DayInput(),
        help_text=_("Dernier jour compris ; vide si la fin n’est pas connue."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("Le texte et sa date : arrêté du 15 décembre 2025, JO du 18."),
    )

    def __init__(self, *args: Any, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = _value_field(unit)
        self.order_fields(["valid_from", "valid_to", "value", "source"])


def _value_field(unit: str) -> forms.Field:
    label = _("Valeur (%(unit)s)") % {"unit": Unit(unit).label}
    if unit == Unit.TEXT:
        return forms.CharField(label=label, max_length=300)
    if unit == Unit.FLAG:
        return forms.TypedChoiceField(
            label=label, choices=[("1", _("oui")), ("0", _("non"))], coerce=int
        )
    whole = unit not in {Unit.PERCENT, Unit.POINTS, Unit.EURO}
    return forms.DecimalField(
        label=label, localize=True, max_digits=14, decimal_places=0 if whole else 4, min_value=0
    )
