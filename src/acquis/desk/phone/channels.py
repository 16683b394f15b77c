"""The telephone as the exchanges of the desk show it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from acquis.accounts.models import User
from acquis.desk.conversations.channels import ChannelRoom
from acquis.desk.conversations.models import Conversation
from acquis.desk.phone import presentation
from acquis.desk.phone.actions.hang_up import close_call
from acquis.desk.phone.models import Call


def _context(conversation: Conversation, user: User) -> Mapping[str, Any]:
    return presentation.panel_context(conversation, user)


def _ended(conversation: Conversation, at: datetime) -> None:
    call = Call.objects.filter(conversation=conversation).first()
    if call is not None:
        close_call(call=call, ending=Call.Ending.HUNG_UP, at=at)


CHANNELS = [
    ChannelRoom(
        Conversation.Channel.PHONE,
        panel="phone/_panel.html",
        composer="phone/_composer.html",
        accept="phone/_accept.html",
        context=_context,
        ended=_ended,
    )
]
