from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from acquis.accounts.models import User
from acquis.desk.conversations import queries as conversations
from acquis.desk.conversations.models import Conversation
from acquis.desk.queues import policy, queries
from acquis.desk.queues.actions._offers import OFFER_DUE, locked, tell
from acquis.desk.queues.models import Offer, Presence, Queue
from acquis.kernel import outbox, trace


@transaction.atomic
def offer_contact(
    *, conversation: Conversation, queue: Queue, adviser: User, reasons: Sequence[str], at: datetime
) -> Offer | None:
    """Ask one adviser to take a waiting contact, for the time that its queue gives.

    None, and nothing written, when it is no longer to be asked of them: the contact was taken, the
    adviser left, holds all they can, has a wrap-up to end, or something else was asked meanwhile.
    Raises WorkspaceSealed.
    """
    row = locked(conversation)
    spell = queries.presence_of(row.workspace, adviser, at)
    if (
        row.state != Conversation.State.WAITING
        or spell is None
        or spell.state != Presence.State.AVAILABLE
        or conversations.to_qualify(row.workspace, adviser).exists()
        or not policy.has_room(queries.seat_of(row.workspace, adviser), row.channel)
    ):
        return None
    try:
        with transaction.atomic():
            offer = Offer.objects.create(
                workspace=row.workspace,
                conversation=row,
                adviser=adviser,
                adviser_label=adviser.full_name[:160],
                queue=queue,
                reasons=list(reasons),
                offered_at=at,
                expires_at=at + timedelta(seconds=queue.offer_seconds),
            )
    except IntegrityError:  # one of the two is asked already
        return None
    trace.record(
        "contact.offered",
        offer,
        by=None,
        at=at,
        conversation_id=row.pk,
        adviser=adviser.pk,
        reasons=list(reasons),
        seconds=queue.offer_seconds,
    )
    outbox.put(OFFER_DUE, {"offer": offer.pk}, at=at, due=offer.expires_at)
    tell(offer, "offered", at=at)
    return offer
