from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from acquis.desk.conversations import policy as conversations
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.actions.start_conversation import start_conversation
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.queues.actions.place_contact import place_contact
from acquis.desk.webchat import policy, queries
from acquis.desk.webchat.actions._chat import checked_email, locked
from acquis.desk.webchat.errors import ChatOver, EmailNeeded
from acquis.desk.webchat.models import Chat, ChatLine
from acquis.kernel import trace


@transaction.atomic
def hand_over(*, chat: Chat, at: datetime, email: str = "") -> Chat:
    """Put the visitor in the queue of the advisers; asking again changes nothing.

    What was said with the automatic answer comes first, in one message of the system, then the
    last words of the visitor. Outside opening hours it is a message left: it needs an address, to
    which the answer will go, be it given now as `email`. Raises EmailNeeded, ChatOver or
    WorkspaceSealed; nothing is written then.
    """
    row = locked(chat)
    if row.conversation is not None:
        return row
    if row.closed_at is not None:
        raise ChatOver
    visitor = row.visitor
    if email.strip():
        visitor.email = checked_email(email)
        visitor.save(update_fields=["email"])
    is_open = queries.hours_of(visitor.site).is_open(at)
    if not is_open and not visitor.email:
        raise EmailNeeded
    row.left_message = not is_open
    row.conversation = start_conversation(
        workspace=row.workspace,
        channel=Conversation.Channel.CHAT,
        direction=Conversation.Direction.IN,
        contact_label=visitor.name,
        contact_address=visitor.email,
        subject=row.subject,
        customer=queries.customer_of_email(row.workspace, visitor.email),
        by=None,
        at=at,
    )
    place_contact(
        conversation=row.conversation, queue=visitor.site.queue, label=visitor.site.name, at=at
    )
    row.save(update_fields=["conversation", "left_message"])
    lines = list(row.lines.order_by("position"))
    _tell_before(row, row.conversation, lines, at=at)
    asked = [line for line in lines if line.author == ChatLine.Author.VISITOR]
    send_message(
        conversation=row.conversation,
        author=Message.Author.CUSTOMER,
        body=asked[-1].body,
        author_label=visitor.name,
        client_key=queries.ASKED,
        by=None,
        at=at,
    )
    trace.record(
        "webchat.handed_over",
        row,
        by=None,
        at=at,
        conversation_id=row.conversation.pk,
        left_message=row.left_message,
        lines=len(lines),
    )
    return row


def _tell_before(
    chat: Chat, conversation: Conversation, lines: list[ChatLine], *, at: datetime
) -> None:
    """What the adviser must know, in the language of the desk."""
    if not any(line.author == ChatLine.Author.AUTOMATIC for line in lines):
        return
    with override("fr"):
        heading = _("Avant l’échange, avec la réponse automatique :")
        robot = _("Réponse automatique")
        rows = [
            (
                f"{timezone.localtime(line.sent_at):%H:%M}",
                robot if line.author == ChatLine.Author.AUTOMATIC else chat.visitor.name,
                " ".join([line.body, *(f"[{one['title']}]" for one in line.articles)]),
            )
            for line in lines
        ]
    room = conversations.LONGEST_MESSAGE - len(heading) - 1
    send_message(
        conversation=conversation,
        author=Message.Author.SYSTEM,
        body=f"{heading}\n{policy.said_before(rows, room)}",
        author_label=robot,
        client_key=queries.BEFORE,
        by=None,
        at=at,
    )
