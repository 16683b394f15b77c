"""Unit prices as pages show them."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format

from acquis.kernel.money import NBSP, format_euros, round_cents

register = template.Library()


@register.filter
def unit_price(amount: Decimal) -> str:
    """« 92,40 € », « 0,1234 € »: two decimals, four when there are more (C-04)."""
    if round_cents(amount) == amount:
        return format_euros(amount)
    return f"{number_format(amount, 4, use_l10n=True, force_grouping=True)}{NBSP}€"
