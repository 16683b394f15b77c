"""What pages that show conversations are told, and who may be told."""

from datetime import datetime

from django.http import Http404

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User
from acquis.desk.conversations import routing
from acquis.desk.conversations.models import Conversation
from acquis.kernel import realtime
from acquis.kernel.errors import DomainRefusal


def announce(
    conversation: Conversation,
    *,
    what: str,
    at: datetime,
    position: int = 0,
    by: User | None = None,
) -> None:
    """Tell the open pages, after commit, that this conversation changed.

    A message of an exchange that somebody holds is told to that adviser alone: on a desk of
    hundreds, each word of each chat must not make every page ask for its queue again. `position` is that of the message
    sent, if one was, `by` the adviser who wrote it: a page that shows it already asks for nothing.
    """
    held = what == "message" and conversation.adviser_id is not None
    who = f"user:{conversation.adviser_id}" if held else f"workspace:{conversation.workspace_id}"
    topics = [f"conversation:{conversation.pk}", who]
    facts: dict[str, object] = {"what": what, "conversation": conversation.pk}
    if position:
        facts["position"] = position
    if by is not None:
        facts["by"] = by.pk
    realtime.publish_all(topics, at=at, **facts)
    if what != "message":
        routing.moved(conversation, what, at)


@realtime.guard("workspace")
def may_follow_workspace(user: User, key: str) -> bool:
    return key.isdecimal() and _has_seat(user, int(key[:18]))


@realtime.guard("conversation")
def may_follow_conversation(user: User, key: str) -> bool:
    if not key.isdecimal():
        return False
    found = (
        Conversation.objects.filter(pk=int(key[:18])).values_list("workspace_id", flat=True).first()
    )
    return found is not None and _has_seat(user, found)


def _has_seat(user: User, workspace_id: int) -> bool:
    try:
        workspace_for(user, workspace_id)
    except (Http404, DomainRefusal):
        return False
    return True
