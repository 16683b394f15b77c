from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.actions.start_conversation import start_conversation
from acquis.desk.conversations.models import Conversation, Message
from acquis.practice.enterprises.moments import reference_day
from acquis.practice.scenarios import library
from acquis.practice.scenarios.actions.open_subject import customer_of, playable
from acquis.practice.scenarios.errors import ExchangeUnknown


def played_key(content: Mapping[str, Any], key: str) -> str:
    """Name an exchange of a subject in the conversation that plays it: « VAL-S01.a »."""
    return f"{content['code']}.{key}"


@transaction.atomic
def begin_exchange(
    *, workspace: Workspace, content: Mapping[str, Any], key: str, by: User | None, at: datetime
) -> Conversation:
    """Let the customer of an exchange appear in the queue and say the opening line of the sheet.

    The contact comes without a name: whoever answers has to identify it. The same exchange begins
    once. `content` is the whole subject, with the jury's part. Each act leaves its own line.
    Raises ExchangeUnknown, NotAPrivateCopy, OtherEnterprise or CustomerAbsent.
    """
    workspace = playable(workspace, content)
    exchange = exchange_of(content, key)
    customer_of(workspace, exchange["customer"])
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


def exchange_of(content: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Find one exchange of a subject. Raises ExchangeUnknown."""
    for exchange in content.get("exchanges", []):
        if exchange["key"] == key:
            return dict(exchange)
    raise ExchangeUnknown(key=key)
