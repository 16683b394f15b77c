"""A period that the product does not know yet, such as the rates of the half-year that begins."""

from datetime import date, datetime
from decimal import Decimal

from django.db import models, transaction
from django.utils.translation import gettext as _

from acquis.kernel import trace
from acquis.regulation import queries
from acquis.regulation.enums import Certainty, Unit
from acquis.regulation.errors import PeriodReversed, PeriodsOverlap
from acquis.regulation.models import Parameter


@transaction.atomic
def enter_period(
    *,
    code: str,
    valid_from: date,
    valid_to: date | None,
    value: Decimal | str,
    source: str,
    by: models.Model | None,
    at: datetime,
) -> Parameter:
    """Give a known parameter its value for one more period.

    Raises Parameter.DoesNotExist for a code that no period has, PeriodReversed, PeriodsOverlap.
    Source: §0.3 (domain rule book).
    """
    if valid_to is not None and valid_to < valid_from:
        raise PeriodReversed
    known = Parameter.objects.select_for_update().filter(code=code).order_by("-valid_from")
    model = known[:1].get()
    other = queries.overlapping(code, valid_from, valid_to).first()
    if other is not None:
        raise PeriodsOverlap(
            label=other.label,
            start=f"{other.valid_from:%d/%m/%Y}",
            end=_end(other),
        )
    is_text = model.unit == Unit.TEXT
    entered = Parameter.objects.create(
        code=code,
        label=model.label,
        theme=model.theme,
        rule=model.rule,
        unit=model.unit,
        valid_from=valid_from,
        valid_to=valid_to,
        value=None if is_text else Decimal(value),
        text=str(value) if is_text else "",
        source=source,
        certainty=Certainty.ENTERED,
        updated_at=at,
    )
    trace.record(
        "regulation.period_entered",
        entered,
        by=by,
        at=at,
        code=code,
        valid_from=valid_from,
        valid_to=valid_to,
        value=value,
        source=source,
    )
    return entered


def _end(period: Parameter) -> str:
    if period.valid_to is None:
        return _("sans fin connue")
    return _("au %(day)s") % {"day": f"{period.valid_to:%d/%m/%Y}"}
