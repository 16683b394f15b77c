"""The telephone as the exchanges of the desk show it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from acquis.accounts.models import User
from acquis.desk.conversations.actions.accept_conversation import accept_conversation
from acquis.desk.conversations.channels import ChannelRoom
from acquis.desk.conversations.models import Conversation
from acquis.desk.phone import presentation
from acquis.desk.phone.actions.answer_call import answer_call
from acquis.desk.phone.actions.hang_up import close_call
from acquis.desk.phone.models import Call


def _context(conversation: Conversation, user: User) -> Mapping[str, Any]:
    return presentation.panel_context(conversation, user)


def _ended(conversation: Conversation, at: datetime) -> None:
    call = Call.objects.filter(conversation=conversation).first()
    if call is not None:
        close_call(call=call, ending=Call.Ending.HUNG_UP, at=at)


def _take(conversation: Conversation, user: User, at: datetime) -> None:
    """Answer the call that rings; a message left is taken as any contact."""
    call = (
        Call.objects.filter(conversation=conversation, state=Call.State.RINGING)
        .select_related("conversation__customer")
        .first()
    )
    if call is None:
        accept_conversation(conversation=conversation, by=user, at=at)
        return
    known = [one for one in presentation.callers_of(conversation.workspace, call) if one.known]
    answer_call(call=call, customer=known[0].customer if known else None, by=user, at=at)


def _listen(conversations: Sequence[Conversation]) -> Mapping[int, str]:
    calls = Call.objects.filter(conversation__in=conversations, state=Call.State.ACTIVE)
    return {
        call.conversation_id: reverse("phone:act", args=[call.workspace_id, call.pk])
        for call in calls
    }


CHANNELS = [
    ChannelRoom(
        Conversation.Channel.PHONE,
        panel="phone/_panel.html",
        composer="phone/_composer.html",
        accept="phone/_accept.html",
        context=_context,
        ended=_ended,
        take=_take,
        listen=_listen,
    )
]
