"""Legal parameters, each with the period in which it holds, and the calendars of French law.

`parameter("late_interest.legal.other", on=day)` gives a value with its unit and its source, or
refuses: a value of another period is never taken instead.
"""

from datetime import date
from typing import TYPE_CHECKING

from acquis.regulation import calendars

if TYPE_CHECKING:
    from acquis.regulation.models import Parameter

__all__ = ["calendars", "parameter"]


def parameter(code: str, *, on: date) -> "Parameter":
    """The parameter in force on a day. Raises RateMissing."""
    from acquis.regulation import queries  # noqa: PLC0415  models load after this package

    return queries.in_force(code, on)
