"""What leaves by mail, and what is told at its hour."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from acquis.desk.conversations.models import Message
from acquis.desk.webchat import queries
from acquis.desk.webchat.models import CallBack, Chat, ChatLine
from acquis.desk.webchat.news import announce_call_back
from acquis.kernel import outbox
from acquis.kernel.mail_leaving import leave


def _house(chat: Chat) -> str:
    return str(chat.workspace.identity.get("name") or chat.workspace.name)


def _mail(chat: Chat, *, subject: str, lines: list[str], to: str) -> None:
    answers = chat.workspace.identity.get("email")
    message = EmailMessage(
        subject=subject,
        body="\n".join(lines),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        reply_to=[str(answers)] if answers else None,
    )
    leave(message)


@outbox.handler("webchat.transcript")
def send_transcript(payload: dict[str, Any]) -> None:
    """The whole exchange, in the language of the visitor."""
    chat = (
        Chat.objects.select_related("workspace", "visitor", "conversation")
        .filter(pk=payload["chat"])
        .first()
    )
    if chat is None:
        return
    with translation.override(chat.visitor.language):
        said = [
            (
                line.sent_at,
                _("Réponse automatique")
                if line.author == ChatLine.Author.AUTOMATIC
                else chat.visitor.name,
                line.body,
            )
            for line in chat.lines.order_by("position")
        ]
        said += [
            (message.sent_at, message.author_label or message.get_author_display(), message.body)
            for message in queries.visible_messages(chat)
        ]
        lines = [
            _("Bonjour %(name)s,") % {"name": chat.visitor.name},
            "",
            _("Voici l’échange que vous avez eu avec %(house)s le %(day)s.")
            % {"house": _house(chat), "day": f"{timezone.localtime(chat.begun_at):%d/%m/%Y}"},
            "",
            *(f"{timezone.localtime(at):%H:%M} · {who} : {body}" for at, who, body in said),
        ]
        subject = _("Votre échange avec %(house)s") % {"house": _house(chat)}
    _mail(chat, subject=subject, lines=lines, to=payload["to"])


@outbox.handler("webchat.answer")
def send_answer(payload: dict[str, Any]) -> None:
    """The answer to a message left outside opening hours: nobody waits before the widget."""
    message = Message.objects.filter(pk=payload["message"]).first()
    if message is None:
        return
    chat = (
        Chat.objects.select_related("workspace", "visitor")
        .filter(conversation=message.conversation_id)
        .first()
    )
    if chat is None or not chat.visitor.email:
        return
    with translation.override(chat.visitor.language):
        lines = [
            _("Bonjour %(name)s,") % {"name": chat.visitor.name},
            "",
            _("%(who)s répond au message que vous avez laissé sur notre site :")
            % {"who": message.author_label},
            "",
            message.body,
            "",
            _("Votre message du %(day)s : « %(subject)s »")
            % {"day": f"{timezone.localtime(chat.begun_at):%d/%m/%Y}", "subject": chat.subject},
            "",
            _house(chat),
        ]
        subject = _("Réponse à votre message – %(house)s") % {"house": _house(chat)}
    _mail(chat, subject=subject, lines=lines, to=chat.visitor.email)


@outbox.handler("webchat.call_back")
def announce_due(payload: dict[str, Any]) -> None:
    """Tell the desk that a call is due, soon or now, unless it was made, moved or cancelled."""
    call_back = CallBack.objects.filter(pk=payload["call_back"]).first()
    if call_back is None or call_back.state != CallBack.State.PLANNED:
        return
    if call_back.due_at != datetime.fromisoformat(payload["due"]):
        return
    announce_call_back(call_back, what=f"call_back_{payload['what']}", at=timezone.now())
