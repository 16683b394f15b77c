"""What the rules of routes and of retakes share; pure."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

TRAINING, VAE, CAPITALISATION, CCS, FREE = "training", "vae", "capitalisation", "ccs", "free"


@dataclass(frozen=True, slots=True)
class Bar:
    """Why somebody may not: a code and what its sentence needs; `presentation` writes it."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


def months_later(day: date, months: int) -> date:
    """The same day of a later month; its last one where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
