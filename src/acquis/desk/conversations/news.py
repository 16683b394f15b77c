"""What pages that show conversations are told, and who may be told."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import Http404

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User
from acquis.desk.conversations import routing
from acquis.desk.conversations.models import Conversation, Message
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
    realtime.publish_each(_told(conversation, what, position, by), at=at)
    if what != "message":
        routing.moved(conversation, what, at)


def announce_messages(sent: Iterable[tuple[Message, User | None]], *, at: datetime) -> None:
    """`announce` each message, with the adviser who wrote it if one did: one statement for all."""
    told = (_told(one.conversation, "message", one.position, by) for one, by in sent)
    realtime.publish_each([news for each in told for news in each], at=at)


def _told(
    conversation: Conversation, what: str, position: int, by: User | None
) -> list[dict[str, Any]]:
    held = what == "message" and conversation.adviser_id is not None
    who = f"user:{conversation.adviser_id}" if held else f"workspace:{conversation.workspace_id}"
    facts: dict[str, Any] = {"what": what, "conversation": conversation.pk}
    if position:
        facts["position"] = position
    if by is not None:
        facts["by"] = by.pk
    return [{"topic": topic, **facts} for topic in (f"conversation:{conversation.pk}", who)]


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
