from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.actions.start_conversation import start_conversation
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.phone.actions.place_call import place_call
from acquis.practice.enterprises.moments import reference_day
from acquis.practice.scenarios import library
from acquis.practice.scenarios.actions.open_subject import customer_of, playable
from acquis.practice.scenarios.errors import ExchangeOutgoing, ExchangeUnknown


def played_key(content: Mapping[str, Any], key: str) -> str:
    """Name an exchange of a subject in the conversation that plays it: « VAL-S01.a »."""
    return f"{content['code']}.{key}"


@transaction.atomic
def begin_exchange(
    *, workspace: Workspace, content: Mapping[str, Any], key: str, by: User | None, at: datetime
) -> Conversation:
    """Let the customer of an exchange appear: in the queue with the opening line, or by telephone.

    The contact comes without a name: whoever answers has to identify it. The same exchange begins
    once, but a call that nobody answered may be placed again. `content` is the whole subject, with
    the jury's part. Each act leaves its own line. Raises ExchangeUnknown, ExchangeOutgoing,
    NotAPrivateCopy, OtherEnterprise or CustomerAbsent.
    """
    workspace = playable(workspace, content)
    exchange = exchange_of(content, key)
    customer_of(workspace, exchange["customer"])
    if exchange["direction"] == Conversation.Direction.OUT:
        raise ExchangeOutgoing
    if exchange["channel"] == Conversation.Channel.PHONE:
        return _ring(workspace, played_key(content, key), by, at)
    role = library.dated(dict(exchange), reference_day(workspace.identity))["role"]
    visitor = _("Visiteur du site")
    conversation = start_conversation(
        workspace=workspace,
        channel=exchange["channel"],
        direction=exchange["direction"],
        contact_label=visitor,
        subject="",
        played_key=played_key(content, key),
        by=by,
        at=at,
    )
    send_message(
        conversation=conversation,
        author=Message.Author.CUSTOMER,
        body=role["opening"],
        author_label=visitor,
        client_key=f"opening-{played_key(content, key)}",
        by=by,
        at=at,
    )
    return conversation


def _ring(workspace: Workspace, key: str, by: User | None, at: datetime) -> Conversation:
    """Ring without a number; whoever answers asks who is calling."""
    set_aside_unanswered(workspace, key)
    leg = place_call(
        workspace=workspace,
        number="",
        name=_("Client au téléphone"),
        played_key=key,
        by=by,
        at=at,
    )
    return leg.call.conversation


def set_aside_unanswered(workspace: Workspace, key: str) -> None:
    """A call that ended before anybody spoke leaves its key to the next one: « VAL-S06.a~1 »."""
    former = Conversation.objects.filter(
        workspace=workspace,
        played_key=key,
        state=Conversation.State.ENDED,
        call__answered_at__isnull=True,
        call__isnull=False,
    ).first()
    if former is None:
        return
    former.played_key = next_key(workspace, key)
    former.save(update_fields=["played_key"])


def next_key(workspace: Workspace, key: str) -> str:
    """A key for another call of the same exchange."""
    kept = Conversation.objects.filter(workspace=workspace, played_key__startswith=f"{key}~")
    return f"{key}~{kept.count() + 1}"


def exchange_of(content: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Find one exchange of a subject. Raises ExchangeUnknown."""
    for exchange in content.get("exchanges", []):
        if exchange["key"] == key:
            return dict(exchange)
    raise ExchangeUnknown(key=key)
