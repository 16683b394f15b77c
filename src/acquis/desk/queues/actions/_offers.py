"""What every act on an offer does alike."""

from datetime import datetime

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation
from acquis.desk.queues import queries
from acquis.desk.queues.models import Offer
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import outbox, realtime, trace

OFFER_DUE = "queues.offer_due"  # of the outbox: the time of an offer is over
WRAPUP_DUE = "queues.wrapup_due"  # of the outbox: the time of a wrap-up is over
ROUTE = "queues.route"  # of the outbox: see what there is to offer at a desk


def locked(conversation: Conversation) -> Conversation:
    """The contact, locked after its desk: whoever routes takes both in this order.

    Raises WorkspaceSealed.
    """
    workspace = Workspace.objects.select_for_update(of=("self",)).get(pk=conversation.workspace_id)
    refuse_if_sealed(workspace)
    row = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
    row.workspace = workspace
    return row


def close(offer: Offer, state: Offer.State, *, at: datetime) -> bool:
    """End an offer that is pending; False when it ended meanwhile, and nothing is written then."""
    ended = Offer.objects.filter(pk=offer.pk, state=Offer.State.PENDING).update(
        state=state, ended_at=at
    )
    if ended:
        offer.state, offer.ended_at = state, at
    return bool(ended)


def tell(offer: Offer, what: str, *, at: datetime) -> None:
    """Tell the adviser at once, and the desk."""
    facts = {"what": what, "conversation": offer.conversation_id}
    realtime.publish(f"user:{offer.adviser_id}", at=at, **facts)
    realtime.publish(f"workspace:{offer.workspace_id}", at=at, **facts)


def ask_to_route(workspace_id: int, *, at: datetime) -> None:
    """Have the worker see, once the act is committed, what may be offered now."""
    if queries.pushes(workspace_id):
        outbox.put(ROUTE, {"workspace": workspace_id}, at=at)


def take_back(*, workspace: Workspace, adviser: User, at: datetime) -> None:
    """Ask no more of an adviser who is no longer available.

    Called in the act's transaction, once it has written its line of the trace: whoever takes a
    contact holds the trace before the offer too.
    """
    for offer in queries.pending(workspace).filter(adviser=adviser):
        if close(offer, Offer.State.WITHDRAWN, at=at):
            trace.record(
                "contact.offer_ended",
                offer,
                by=adviser,
                at=at,
                conversation_id=offer.conversation_id,
                state=offer.state,
            )
            tell(offer, "offer_ended", at=at)
