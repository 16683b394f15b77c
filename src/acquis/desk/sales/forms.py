from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from acquis.desk.sales import policy

VAT_RATES = [
    ("20.00", "20 %"),
    ("10.00", "10 %"),
    ("5.50", "5,5 %"),
    ("2.10", "2,1 %"),
    ("0.00", "0 %"),
]
LINES = 5


def decimal_field(label: Any, *, most: int, decimals: int = 2, required: bool = False) -> Any:
    return forms.DecimalField(
        label=label,
        required=required,
        min_value=0,
        max_value=most,
        decimal_places=decimals,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


class LineForm(forms.Form):
    label = forms.CharField(label=_("Désignation"), required=False, max_length=80)
    quantity = decimal_field(_("Quantité"), most=1_000_000, decimals=3)
    unit_price = decimal_field(_("Prix unitaire HT"), most=10_000_000, decimals=4)
    discount_percent = decimal_field(_("Remise de ligne (%)"), most=100)
    vat_rate = forms.ChoiceField(label=_("TVA"), choices=VAT_RATES, required=False)

    def line(self) -> policy.Line | None:
        kept = self.cleaned_data
        if kept.get("quantity") is None or kept.get("unit_price") is None:
            return None
        return policy.Line(
            label=kept["label"],
            quantity=kept["quantity"],
            unit_price=kept["unit_price"],
            vat_rate=Decimal(kept["vat_rate"] or VAT_RATES[0][0]),
            discount_percent=kept["discount_percent"] or policy.ZERO,
        )


class CalculatorForm(forms.Form):
    """The reductions of the whole document, in the order in which they apply."""

    rabais = decimal_field(_("Rabais (%)"), most=100)
    remise_1 = decimal_field(_("Remise 1 (%)"), most=100)
    remise_2 = decimal_field(_("Remise 2 (%)"), most=100)
    escompte = decimal_field(_("Escompte (%)"), most=100)
    carriage = decimal_field(_("Port et frais HT"), most=1_000_000)
    deposit = decimal_field(_("Acompte TTC déjà versé"), most=10_000_000)

    def reductions(self) -> list[policy.Reduction]:
        asked = [(name, self.cleaned_data.get(name)) for name in REDUCTIONS]
        return [
            policy.Reduction(str(REDUCTIONS[name]), percent) for name, percent in asked if percent
        ]


REDUCTIONS = {
    "rabais": _("Rabais"),
    "remise_1": _("Remise"),
    "remise_2": _("Seconde remise"),
    "escompte": _("Escompte"),
}


class FromTtcForm(forms.Form):
    ttc = decimal_field(_("Prix TTC"), most=10_000_000, required=True)
    rate = forms.ChoiceField(label=_("Taux de TVA"), choices=VAT_RATES)


class MarginForm(forms.Form):
    buying = decimal_field(_("Prix d’achat HT"), most=10_000_000, required=True)
    selling = decimal_field(_("Prix de vente HT"), most=10_000_000, required=True)
    rate = forms.ChoiceField(label=_("Taux de TVA"), choices=VAT_RATES)
    least = decimal_field(_("Taux de marge minimal (%)"), most=1000)


class EarlyPaymentForm(forms.Form):
    ttc = decimal_field(_("Facture TTC"), most=10_000_000, required=True)
    percent = decimal_field(_("Escompte (%)"), most=100, required=True)
    rate = forms.ChoiceField(label=_("Taux de TVA"), choices=VAT_RATES)


class CreditForm(forms.Form):
    invoiced = decimal_field(_("Facture TTC"), most=10_000_000, required=True)
    credited = decimal_field(_("Avoirs déjà émis TTC"), most=10_000_000)
    asked = decimal_field(_("Avoir demandé TTC"), most=10_000_000, required=True)
    rate = forms.ChoiceField(label=_("Taux de TVA"), choices=VAT_RATES)
