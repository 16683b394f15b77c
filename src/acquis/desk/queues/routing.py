"""What queues decide about contacts, and how they follow them."""

from datetime import datetime

from acquis.accounts.models import User
from acquis.desk.conversations import routing
from acquis.desk.conversations.models import Conversation
from acquis.desk.queues import policy, queries
from acquis.desk.queues.actions._offers import WRAPUP_DUE, ask_to_route, close, tell
from acquis.desk.queues.errors import OfferedToSomebody
from acquis.desk.queues.models import Offer
from acquis.kernel import outbox

# What makes something wait, or somebody free.
MOVES = frozenset({"started", "accepted", "ended", "qualified", "reopened", "handed_over"})


@routing.before_taking
def refuse_if_offered(conversation: Conversation, by: User, at: datetime) -> None:
    """Raise OfferedToSomebody while another adviser is asked and has time left."""
    offer = Offer.objects.filter(
        conversation=conversation, state=Offer.State.PENDING, expires_at__gt=at
    ).first()
    if offer is not None and offer.adviser_id != by.pk:
        raise OfferedToSomebody(adviser=offer.adviser_label)


@routing.when_moved
def follow(conversation: Conversation, what: str, at: datetime) -> None:
    """End the offer of a contact that no longer waits as it did, and see who is free."""
    if what not in MOVES:
        return
    for offer in Offer.objects.filter(conversation=conversation, state=Offer.State.PENDING):
        taken = what == "accepted" and offer.adviser_id == conversation.adviser_id
        close(offer, Offer.State.ACCEPTED if taken else Offer.State.WITHDRAWN, at=at)
    if what == "accepted" and conversation.channel in policy.ONE_BY_ONE:
        _ask_nothing_more(conversation, at)
    if what == "ended" and conversation.adviser_id is not None:
        _time_wrapup(conversation, at)
    ask_to_route(conversation.workspace_id, at=at)


def _ask_nothing_more(conversation: Conversation, at: datetime) -> None:
    """A call takes its adviser whole: what else they were asked goes to somebody free."""
    for offer in queries.pending(conversation.workspace).filter(adviser=conversation.adviser_id):
        if close(offer, Offer.State.WITHDRAWN, at=at):
            tell(offer, "offer_ended", at=at)


def _time_wrapup(conversation: Conversation, at: datetime) -> None:
    """Have the adviser and the supervisor told when the time to qualify is over."""
    wrapup = queries.wrapup_of(conversation)
    if wrapup is not None and wrapup.ends_at is not None:
        outbox.put(WRAPUP_DUE, {"conversation": conversation.pk}, at=at, due=wrapup.ends_at)


@routing.narrows_codes
def codes_of_queue(conversation: Conversation) -> list[tuple[str, str]]:
    """The codes that its queue keeps to."""
    queue = queries.queue_of(conversation)
    return [(kind, code) for kind, code in queue.codes] if queue else []
