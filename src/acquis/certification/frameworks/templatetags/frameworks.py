import re
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext, ngettext

from acquis.certification.frameworks.presentation import duration

register = template.Library()


@register.filter
def minutes(value: int | None) -> str:
    return duration(value)


@register.filter
def anchor(pointer: str) -> str:
    return pointer.strip("/").replace("/", "-")


@register.filter
def percent(ratio: str) -> str:
    return f"{(Decimal(ratio) * 100).normalize():f}\u00a0%"


@register.filter
def item(mapping: dict[str, Any], key: str) -> Any:
    return mapping[key]


@register.filter
def kind_name(kind: str) -> str:
    return {
        "block": gettext("bloc"),
        "competency": gettext("compétence"),
        "criterion": gettext("critère"),
        "transversal": gettext("compétence transversale"),
    }[kind]


@register.filter
def iso_duration(value: str) -> str:
    """P10D → « 10 jours »; P1M → « 1 mois »; P1Y → « 1 an »."""
    match = re.fullmatch(r"P(\d+)([DWMY])", value)
    if not match:
        return value
    number, unit = int(match[1]), match[2]
    words = {
        "D": ngettext("%(n)d jour", "%(n)d jours", number),
        "W": ngettext("%(n)d semaine", "%(n)d semaines", number),
        "M": ngettext("%(n)d mois", "%(n)d mois", number),
        "Y": ngettext("%(n)d an", "%(n)d ans", number),
    }
    return words[unit] % {"n": number}
