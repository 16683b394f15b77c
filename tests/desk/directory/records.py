"""What the tests of a record share."""

from datetime import UTC, datetime, timedelta

from django.urls import reverse

from acquis.accounts.models import Workspace
from acquis.desk.directory import queries
from acquis.desk.directory.actions.record_consent import Statement
from acquis.desk.directory.models import Customer

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)  # a Friday, 10:30 in Paris
AGREED = Statement(
    channel="phone_offers",
    given=True,
    decided_at=AT - timedelta(days=10),
    medium="form",
    text_shown="J’accepte d’être appelé.",
    act="case cochée",
)


def address(of: Customer, name: str, *args: object) -> str:
    return reverse(f"directory:{name}", args=[of.workspace_id, of.pk, *args])


def found(workspace: Workspace, typed: str) -> list[int]:
    answer = queries.find(workspace, typed, filters=queries.Filters(), today=AT.date())
    return [one.pk for one in answer.customers]
