"""What becomes of an offer: taken, refused, left without an answer."""

from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conversations.channels import room_of
from acquis.desk.conversations.models import Conversation
from acquis.desk.queues import queries
from acquis.desk.queues.actions import be_present
from acquis.desk.queues.actions._offers import ask_to_route, close, locked, tell
from acquis.desk.queues.errors import OfferGone
from acquis.desk.queues.models import Offer, Presence
from acquis.kernel import trace


@transaction.atomic
def accept_offer(*, offer: Offer, by: User, at: datetime) -> Conversation:
    """Take what is offered, as its channel takes it (a call is answered); twice changes nothing.

    Raises OfferGone, or the refusals of `accept_conversation` and of the channel.
    """
    if offer.adviser_id != by.pk:
        raise OfferGone
    conversation = Conversation.objects.select_related("workspace").get(pk=offer.conversation_id)
    offer.refresh_from_db()
    if offer.state == Offer.State.ACCEPTED and conversation.adviser_id == by.pk:
        return conversation
    if offer.state != Offer.State.PENDING:
        raise OfferGone
    # The act tells `routing.follow`, which ends the offer in the same transaction.
    room_of(conversation).take(conversation, by, at)
    offer.refresh_from_db()
    if offer.state != Offer.State.ACCEPTED:  # it ended between the look and the lock
        raise OfferGone
    conversation.refresh_from_db()
    return conversation


@transaction.atomic
def refuse_offer(*, offer: Offer, by: User, at: datetime) -> Offer:
    """Leave the contact to the next adviser; refusing twice changes nothing.

    Raises OfferGone or WorkspaceSealed.
    """
    row = locked(offer.conversation)
    offer.refresh_from_db()
    if offer.adviser_id != by.pk or offer.state not in {Offer.State.PENDING, Offer.State.REFUSED}:
        raise OfferGone
    if close(offer, Offer.State.REFUSED, at=at):
        trace.record("contact.offer_refused", offer, by=by, at=at, conversation_id=row.pk)
        tell(offer, "offer_refused", at=at)
        ask_to_route(row.workspace_id, at=at)
    return offer


@transaction.atomic
def expire_offer(*, offer: Offer, at: datetime) -> Offer:
    """End an offer whose time is over; the silent adviser is asked nothing more until they say so.

    One that was answered, or that has time left, does not change. An adviser whose page is closed
    is away rather than silent. Raises WorkspaceSealed.
    """
    row = locked(offer.conversation)
    offer.refresh_from_db()
    if offer.state != Offer.State.PENDING or offer.expires_at > at:
        return offer
    spell = queries.presence_of(row.workspace, offer.adviser, at)
    waits = row.state == Conversation.State.WAITING
    silent = waits and spell is not None and spell.state == Presence.State.AVAILABLE
    close(offer, Offer.State.UNANSWERED if silent else Offer.State.WITHDRAWN, at=at)
    trace.record(
        "contact.offer_ended", offer, by=None, at=at, conversation_id=row.pk, state=offer.state
    )
    if silent:
        be_present.fall_silent(workspace=row.workspace, adviser=offer.adviser, at=at)
    tell(offer, "offer_ended", at=at)
    ask_to_route(row.workspace_id, at=at)
    return offer
