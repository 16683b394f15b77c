"""What the chat of a site adds to an exchange of the desk."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from acquis.accounts.models import User
from acquis.desk.conversations.channels import ChannelRoom
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.webchat import queries
from acquis.desk.webchat.actions.end_chat import reach
from acquis.desk.webchat.actions.speak import ACCEPTED
from acquis.desk.webchat.models import Chat
from acquis.desk.webchat.news import topic_of
from acquis.kernel import outbox

OTHERS_SHOWN = 5


def context(conversation: Conversation, user: User) -> Mapping[str, Any]:
    """The facts of the visitor; `webchat` is None for a chat that came by another way."""
    del user
    chat = (
        Chat.objects.filter(conversation=conversation)
        .select_related("visitor__site", "conversation")
        .first()
    )
    if chat is None:
        return {"webchat": None}
    until = conversation.answered_at or conversation.ended_at or timezone.now()
    place = [conversation.workspace_id, conversation.pk]
    return {
        "webchat": chat,
        "without_video": not chat.visitor.site.video_offered,
        "visitor": chat.visitor,
        "waited_seconds": max(0, int((until - conversation.started_at).total_seconds())),
        "others": list(queries.other_chats(chat)[:OTHERS_SHOWN]),
        "topic": topic_of(conversation.pk),
        "typing_url": reverse("webchat:typing", args=place),
    }


def sent_together(messages: Sequence[Message], at: datetime) -> None:
    """Who left a message outside opening hours gets the answer by mail."""
    exchanges = {message.conversation_id for message in messages}
    left = Chat.objects.filter(conversation__in=exchanges, left_message=True)
    gone = set(left.values_list("conversation_id", flat=True))
    answers = [{"message": one.pk} for one in messages if one.conversation_id in gone]
    if answers:
        outbox.put_all("webchat.answer", answers, at=at)


def read(reached: Mapping[Conversation, int]) -> None:
    """The visitors see how far the adviser has read."""
    places = {conversation.pk: position for conversation, position in reached.items()}
    reach(places, side=Message.Author.ADVISER)


CHANNELS = [
    ChannelRoom(
        channel=Conversation.Channel.CHAT,
        panel="webchat/_panel.html",
        context=context,
        sent_together=sent_together,
        read=read,
        script="webchat/desk.js",
        files=ACCEPTED,
        in_place=True,
    )
]
