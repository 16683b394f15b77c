"""How people read a parameter."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from acquis.kernel import money, typography
from acquis.regulation.enums import Theme, Unit
from acquis.regulation.models import Parameter


def shown_value(row: Parameter) -> str:
    """« 2,62 % », « 40,00 € », « 14 jours », « oui »."""
    if row.unit == Unit.TEXT:
        return row.text
    number = row.number
    if row.unit == Unit.EURO:
        return money.format_euros(number)
    if row.unit == Unit.FLAG:
        return _("oui") if row.is_on else _("non")
    decimals = max(0, -int(number.normalize().as_tuple().exponent))
    figure = typography.number(number, decimals)
    return f"{figure}{typography.NBSP}{_unit(row.unit, row.whole)}"


def _unit(unit: str, number: int) -> str:
    words = {
        Unit.PERCENT: "%",
        Unit.POINTS: ngettext("point", "points", number),
        Unit.HOURS: ngettext("heure", "heures", number),
        Unit.DAYS: ngettext("jour", "jours", number),
        Unit.MONTHS: _("mois"),
        Unit.YEARS: ngettext("an", "ans", number),
        Unit.TIMES: _("fois"),
        Unit.PEOPLE: ngettext("personne", "personnes", number),
    }
    return words[Unit(unit)]


def by_theme(
    rows: Iterable[Parameter], in_force: dict[str, Parameter], on: date
) -> list[dict[str, Any]]:
    """The parameters of each theme with their value on a day, or that it is missing."""
    order = list(Theme.values)
    sorted_rows = sorted(rows, key=lambda row: (order.index(row.theme), row.label))
    return [
        {
            "theme": Theme(theme).label,
            "rows": [_line(row, in_force.get(row.code), on) for row in group],
        }
        for theme, group in groupby(sorted_rows, key=lambda row: row.theme)
    ]


def _line(row: Parameter, holding: Parameter | None, on: date) -> dict[str, Any]:
    return {
        "parameter": holding or row,
        "value": shown_value(holding) if holding else "",
        "missing": holding is None,
        "later": holding is None and row.valid_from > on,
    }


def periods(rows: Iterable[Parameter], on: date) -> list[dict[str, Any]]:
    return [{"parameter": row, "value": shown_value(row), "now": row.holds_on(on)} for row in rows]
