"""Parameters on a day, and their history."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from acquis.regulation.errors import RateMissing
from acquis.regulation.models import Parameter


def holding(on: date) -> QuerySet[Parameter]:
    return Parameter.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)


def in_force(code: str, on: date) -> Parameter:
    """Raises RateMissing when no period of the parameter holds that day."""
    found = holding(on).filter(code=code).first()
    if found is None:
        label = Parameter.objects.filter(code=code).values_list("label", flat=True).first()
        raise RateMissing(label=label or code, day=f"{on:%d/%m/%Y}")
    return found


def history(code: str) -> QuerySet[Parameter]:
    """All periods of a parameter, the latest first."""
    return Parameter.objects.filter(code=code).order_by("-valid_from")


def latest_by_code(search: str = "") -> list[Parameter]:
    """For each code the period that started last, in the order of themes and labels."""
    latest = {one.code: one for one in Parameter.objects.order_by("valid_from")}
    return sorted(_matching(latest.values(), search), key=lambda one: (one.theme, one.label))


def _matching(rows: Iterable[Parameter], search: str) -> Iterable[Parameter]:
    words = search.casefold().split()
    for row in rows:
        said = f"{row.code} {row.label} {row.rule} {row.source}".casefold()
        if all(word in said for word in words):
            yield row


def overlapping(code: str, start: date, end: date | None) -> QuerySet[Parameter]:
    """The periods of a parameter that share a day with [start, end]."""
    rows = Parameter.objects.filter(Q(valid_to=None) | Q(valid_to__gte=start), code=code)
    return rows if end is None else rows.filter(valid_from__lte=end)
