import re
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext, ngettext

from acquis.certification.frameworks.presentation import anchor as anchor_of
from acquis.certification.frameworks.presentation import duration

register = template.Library()


@register.filter
def minutes(value: int | None) -> str:
    return duration(value)


@register.filter
def anchor(pointer: str) -> str:
    return anchor_of(pointer)


@register.filter
def percent(ratio: str) -> str:
    return f"{(Decimal(ratio) * 100).normalize():f}\u00a0%"


@register.filter
def skill_lists(competency: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The lists of a competency that hold something, each with its heading."""
    skills = competency["skills"]
    lists = [
        (gettext("Savoir-faire techniques"), skills.get("technical")),
        (gettext("Savoir-faire organisationnels"), skills.get("organisational")),
        (gettext("Savoir-faire relationnels"), skills.get("relational")),
        (gettext("Savoir-faire"), skills.get("unsorted")),
        (gettext("Connaissances"), competency["knowledge"]),
    ]
    return [(label, lines) for label, lines in lists if lines]


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
