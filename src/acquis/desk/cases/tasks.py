"""What is asked of customers at its hour."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from acquis.accounts.models import User
from acquis.desk.cases.actions.ask_satisfaction import ASK, ask_when_due
from acquis.desk.cases.models import Case
from acquis.kernel import outbox


@outbox.handler(ASK)
def on_due(payload: dict[str, Any]) -> None:
    """The delay after the closing of a case is over."""
    case = Case.objects.filter(pk=payload["case"]).first()
    by = User.objects.filter(pk=payload["by"]).first()
    if case is not None and by is not None:
        ask_when_due(
            case=case,
            closed_at=datetime.fromisoformat(payload["closed"]),
            origin=payload["origin"],
            by=by,
            at=timezone.now(),
        )
