"""The parameters that ship with the product, brought into the database."""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import models, transaction

from acquis.kernel import trace
from acquis.regulation.models import Parameter

SHIPPED = Path(__file__).resolve().parents[1] / "data" / "parameters.json"
STREAM = "regulation"


@transaction.atomic
def install_parameters(*, by: models.Model | None, at: datetime) -> int:
    """Add the shipped periods that are absent, correct those that changed; how many did.

    What was entered here stays; where it overlaps a shipped period, the entered one is kept: a
    person has looked at it.
    """
    rows = shipped()
    known = {(one.code, one.valid_from): one for one in Parameter.objects.select_for_update()}
    changed = [row for row in rows if _differs(row, known.get((row.code, row.valid_from)))]
    # Ends move before beginnings: a period that was open is closed by the one that follows it.
    changed.sort(key=lambda row: (row.code, row.valid_from))
    entered = [one for one in known.values() if not one.shipped]
    kept = [row for row in changed if not any(_share_a_day(row, one) for one in entered)]
    for row in kept:
        before = known.get((row.code, row.valid_from))
        row.pk, row.updated_at = before.pk if before else None, at
        row.save()
    if kept:
        codes = sorted({row.code for row in kept})
        trace.record(
            "regulation.parameters_installed", None, by=by, at=at, stream=STREAM, codes=codes
        )
    return len(kept)


def shipped() -> list[Parameter]:
    """The periods as the file gives them, not saved."""
    content = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return [_period(entry, period) for entry in content for period in entry["periods"]]


def _period(entry: dict[str, Any], period: dict[str, Any]) -> Parameter:
    return Parameter(
        code=entry["code"],
        label=entry["label"],
        theme=entry["theme"],
        rule=entry.get("rule", ""),
        unit=entry["unit"],
        valid_from=date.fromisoformat(period["from"]),
        valid_to=date.fromisoformat(period["to"]) if "to" in period else None,
        value=Decimal(period["value"]) if "value" in period else None,
        text=period.get("text", ""),
        source=period["source"],
        certainty=period["certainty"],
        shipped=True,
    )


COMPARED = (
    "label", "theme", "rule", "valid_to", "value", "text", "unit", "source", "certainty", "shipped",
)  # fmt: skip


def _differs(row: Parameter, known: Parameter | None) -> bool:
    return known is None or any(getattr(row, name) != getattr(known, name) for name in COMPARED)


def _share_a_day(one: Parameter, other: Parameter) -> bool:
    return (
        one.code == other.code
        and (one.valid_to is None or other.valid_from <= one.valid_to)
        and (other.valid_to is None or one.valid_from <= other.valid_to)
    )
