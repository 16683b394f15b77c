"""Who may follow who is writing in an exchange, and how it is told."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conversations.news import may_follow_conversation
from acquis.desk.webchat.models import CallBack
from acquis.kernel import realtime


def topic_of(conversation_id: int) -> str:
    return f"typing:{conversation_id}"


@realtime.guard("typing")
def may_follow_typing(user: User, key: str) -> bool:
    return may_follow_conversation(user, key)


def tell_typing(conversation_id: int, *, who: str) -> None:
    """« The customer is writing »: told, never kept; `who` is adviser or customer."""
    realtime.tell(topic_of(conversation_id), who=who)


def announce_read(reached: Mapping[int, int], *, side: str) -> None:
    """Tell the other sides, once it is committed, that `side` (adviser or customer) has read so far.

    `reached` gives a position by the key of each exchange.
    The place is told with it: a page that shows how far was read asks for nothing. It is told, never
    kept: a page that did not hear it sees it at its next look.
    """
    told = [
        {"topic": topic_of(pk), "what": "read", "side": side, "position": position}
        for pk, position in reached.items()
    ]
    transaction.on_commit(lambda: realtime.tell_each(told), robust=True)


def announce_call_back(call_back: CallBack, *, what: str, at: datetime) -> None:
    realtime.publish(
        f"workspace:{call_back.workspace_id}", at=at, what=what, call_back=call_back.pk
    )
