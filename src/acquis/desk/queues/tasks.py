"""What routes by itself: at each change of a desk, at the end of an offer, and by the clock."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from acquis.accounts.models import Workspace
from acquis.desk.conversations.models import Conversation
from acquis.desk.queues import queries
from acquis.desk.queues.actions._offers import OFFER_DUE, ROUTE, WRAPUP_DUE
from acquis.desk.queues.actions.route import route
from acquis.desk.queues.models import Offer
from acquis.kernel import outbox, realtime, rounds

ROUND_SECONDS = 5  # how late, at most, an overflow by time may be


@outbox.handler(ROUTE)
def on_change(payload: dict[str, Any]) -> None:
    """Something waits, or somebody became free."""
    _route(Workspace.objects.filter(pk=payload["workspace"]).first(), timezone.now())


@outbox.handler(OFFER_DUE)
def on_due(payload: dict[str, Any]) -> None:
    """The time of an offer is over."""
    offer = Offer.objects.filter(pk=payload["offer"]).select_related("workspace").first()
    if offer is not None and offer.state == Offer.State.PENDING:
        _route(offer.workspace, timezone.now())


@outbox.handler(WRAPUP_DUE)
def on_wrapup_due(payload: dict[str, Any]) -> None:
    """Tell the adviser and the desk that a wrap-up lasts too long; nothing else happens to it."""
    now = timezone.now()
    row = Conversation.objects.filter(pk=payload["conversation"]).first()
    wrapup = queries.wrapup_of(row) if row is not None else None
    if row is not None and wrapup is not None and wrapup.is_over(now):
        for topic in (f"user:{row.adviser_id}", f"workspace:{row.workspace_id}"):
            realtime.publish(topic, at=now, what="wrapup_over", conversation=row.pk)


@rounds.every(ROUND_SECONDS, ROUTE)
def look(now: datetime) -> None:
    """By the clock: delays that ran out, and what an event told nobody."""
    for workspace in queries.desks_to_route(now):
        _route(workspace, now)


def _route(workspace: Workspace | None, now: datetime) -> None:
    if workspace is not None:
        route(workspace=workspace, at=now)
