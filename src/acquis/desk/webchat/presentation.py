"""The chat as the widget reads it, and the notice that goes with every form (G-04)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from acquis.accounts.models import Workspace
from acquis.desk.conversations.models import Attachment, Conversation, Message
from acquis.desk.webchat import policy, queries
from acquis.desk.webchat.access import file_link
from acquis.desk.webchat.models import CallBack, Chat, ChatLine, Site
from acquis.desk.webchat.slots import PARIS, Hours, Slot

PICTURES = frozenset({"image/png", "image/jpeg"})


def state_of(chat: Chat, *, at: datetime) -> dict[str, Any]:
    """All that the widget shows; `version` changes whenever anything of it does."""
    conversation = chat.conversation
    stage = policy.stage(
        conversation.state if conversation else None, closed=chat.closed_at is not None
    )
    site = chat.visitor.site
    hours = queries.hours_of(site)
    mark = queries.mark_of(chat)  # before the items: no message may be counted and not shown
    items = [_line(site, line) for line in chat.lines.order_by("position")]
    items += [_message(chat, message) for message in queries.visible_messages(chat)]
    ahead = (
        queries.ahead_of(conversation) if conversation is not None and stage == "waiting" else None
    )
    shown: dict[str, Any] = {
        "stage": stage,
        "adviser": conversation.adviser_label if conversation else "",
        "ahead": ahead,
        "open": hours.is_open(at),
        "left": chat.left_message,
        "items": items,
        "read": chat.read_by_adviser,
        "seen": chat.read_by_visitor,
        "name": chat.visitor.name,
        "email": chat.visitor.email,
        "rated": chat.score,
        "transcript": chat.transcript_to,
        "mark": mark,
    }
    shown["version"] = "-".join(
        str(part)
        for part in (
            chat.pk, stage, len(items), ahead, shown["open"], chat.read_by_adviser,
            chat.read_by_visitor, chat.score or 0, len(chat.transcript_to),
            sum(len(item["files"]) for item in items), shown["adviser"],
        )
    )  # fmt: skip
    return shown


def items_of(spans: Sequence[queries.Span]) -> list[list[dict[str, Any]]]:
    """Of each span, the messages among the items of `state_of`."""
    found = zip(spans, queries.visible_in(spans), strict=True)
    return [[_message(span.chat, one) for one in messages] for span, messages in found]


def _line(site: Site, line: ChatLine) -> dict[str, Any]:
    automatic = line.author == ChatLine.Author.AUTOMATIC
    return {
        "id": f"l{line.position}",
        "who": "automatic" if automatic else "me",
        "label": _("Réponse automatique") if automatic else "",
        "body": line.body,
        "at": line.sent_at.isoformat(),
        "position": 0,
        "key": "" if automatic else line.client_key,
        "files": [],
        "articles": [
            {
                "title": article["title"],
                "excerpt": article["excerpt"],
                "url": reverse("webchat_public:article", args=[site.key, article["slug"]]),
            }
            for article in line.articles
        ],
    }


WHO = {
    Message.Author.CUSTOMER: "me",
    Message.Author.ADVISER: "adviser",
    Message.Author.SYSTEM: "system",
}


def _message(chat: Chat, message: Message) -> dict[str, Any]:
    own = message.author == Message.Author.CUSTOMER
    return {
        "id": f"m{message.position}",
        "who": WHO[Message.Author(message.author)],
        "label": "" if own else message.author_label,
        "body": message.body,
        "at": message.sent_at.isoformat(),
        "position": message.position,
        "key": message.client_key if own else "",
        "files": [_file(chat, attached) for attached in vars(message)["files"]],
        "articles": [],
    }


def _file(chat: Chat, attached: Attachment) -> dict[str, Any]:
    site = chat.visitor.site
    address = reverse("webchat_public:file", args=[site.key, file_link(chat, attached)])
    picture = attached.file.media_type in PICTURES
    return {
        "name": attached.name,
        "size": attached.file.size,
        "url": address,
        "picture": f"{address}?voir=1" if picture else "",
    }


def house_of(workspace: Workspace) -> str:
    return str(workspace.identity.get("name") or workspace.name)


def notice_of(site: Site) -> dict[str, Any]:
    """Who answers for the data, and whom to ask: what the law wants said at each collection."""
    identity = site.workspace.identity
    return {
        "house": house_of(site.workspace),
        "contact": str(identity.get("dpo") or identity.get("email") or ""),
        "privacy_url": site.privacy_url,
    }


def opening_words(hours: Hours, at: datetime) -> str:
    """When somebody will be there again; « » while somebody is."""
    if hours.is_open(at):
        return ""
    opening = hours.next_opening(at)
    if opening is None:
        return _("Nos conseillers sont absents pour le moment.")
    local = timezone.localtime(opening)
    return _("Nos conseillers seront là %(day)s à %(hour)s.") % {
        "day": date_format(local, "l j F"),
        "hour": f"{local:%H:%M}",
    }


def slot_choices(slots: Iterable[Slot]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The slots as a form offers them, by day in Paris: « jeudi 26 novembre », « jeu 26 novembre, 14:00 – 14:30 »."""
    found = []
    for day, of_day in groupby(slots, key=lambda slot: slot.start.astimezone(PARIS).date()):
        short = date_format(day, "D j F")
        choices = [
            (slot.start.isoformat(), f"{short}, {slot_words(slot.start, slot.end)}")
            for slot in of_day
        ]
        found.append((date_format(day, "l j F"), choices))
    return found


def slot_words(start: datetime, end: datetime) -> str:
    return f"{start.astimezone(PARIS):%H:%M} – {end.astimezone(PARIS):%H:%M}"


def tone_of(call_back: CallBack, *, at: datetime) -> str:
    """How much a promised call presses: late, now, soon, or later."""
    late_from = max(call_back.slot_end, call_back.due_at)
    if at > late_from:
        return "late"
    if at >= call_back.due_at:
        return "now"
    return "soon" if at >= call_back.due_at - policy.REMINDER else "later"


def is_running(conversation: Conversation | None) -> bool:
    return conversation is not None and conversation.state != Conversation.State.ENDED
