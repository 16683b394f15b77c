"""Chats and call-backs of one workspace."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.html import strip_tags

from acquis.accounts.models import Workspace
from acquis.desk.agenda import policy as agenda
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.directory import queries as directory
from acquis.desk.directory.models import Customer
from acquis.desk.knowledge import queries as knowledge
from acquis.desk.knowledge.models import Article
from acquis.desk.webchat import policy, slots
from acquis.desk.webchat.models import CallBack, Chat, ChatLine, Site

# What a visitor may read: procedures and authority matrices are the desk's own.
PUBLIC_KINDS = (
    Article.Kind.FAQ,
    Article.Kind.TERMS,
    Article.Kind.PRICE_LIST,
    Article.Kind.PRIVACY,
)
PROMISED = (CallBack.State.PLANNED, CallBack.State.CALLING)
# Messages that a hand-over writes for the adviser; the visitor has them as lines already.
BEFORE = "webchat-before"
ASKED = "webchat-asked"


def sites(workspace: Workspace) -> QuerySet[Site]:
    """Its sites, with how many exchanges each has had."""
    return Site.objects.filter(workspace=workspace).annotate(
        chat_count=Count("visitors__chats", distinct=True),
        call_count=Count("call_backs", distinct=True),
    )


def hours_of(site: Site) -> slots.Hours:
    """When somebody is there: the hours and closures of its queue, its own without one."""
    if site.queue is not None:
        closed = [date.fromisoformat(day) for day in site.queue.closures]
        hours = agenda.hours_of(site.queue.hours)
        if not any(hours.days):
            return slots.always_but(closed)
        return slots.Hours(dict(enumerate(hours.days)), hours.on_holidays, frozenset(closed))
    return slots.hours_of(site.hours, on_holidays=site.on_holidays)


def public_articles(workspace: Workspace, *, today: date) -> QuerySet[Article]:
    """What visitors may read: published, of a public kind, still valid."""
    return knowledge.published(workspace).filter(_readable(today))


def _readable(today: date) -> Q:
    valid = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    return valid & Q(kind__in=PUBLIC_KINDS)


def proposals(workspace: Workspace, question: str, *, today: date) -> list[dict[str, str]]:
    """What the automatic answer proposes to read, best first: slug, title and excerpt of each.

    A word that no article holds finds nothing: the nearest word would mislead who did not choose it.
    """
    found = []
    excerpts: dict[int, str] = {}
    for word in policy.keywords(question):
        answer = knowledge.search(workspace, word)
        hits = [] if answer.instead else [hit for hit in answer.hits if hit.excerpt]
        for hit in hits:
            excerpts.setdefault(hit.article.pk, unescape(strip_tags(hit.excerpt)))
        found.append([hit.article.pk for hit in hits])
    readable = public_articles(workspace, today=today).in_bulk(excerpts)
    kept = policy.best([pk for pk in of_word if pk in readable] for of_word in found)
    return [
        {"slug": readable[pk].slug, "title": readable[pk].title, "excerpt": excerpts[pk]}
        for pk in kept
    ]


def customer_of_email(workspace: Workspace, email: str) -> Customer | None:
    """The one customer who has this address; None for nobody or several."""
    if not email:
        return None
    return _alone(Customer.objects.filter(workspace=workspace, email__iexact=email))


def customer_of_phone(workspace: Workspace, phone: str, *, today: date) -> Customer | None:
    """The customer whose number it is, theirs alone; None for nobody or several."""
    known = [
        one for one in directory.identify(workspace, phone, on=today) if one.certainty == "known"
    ]
    return known[0].customer if len(known) == 1 else None


def _alone(customers: QuerySet[Customer]) -> Customer | None:
    found = list(customers[:2])
    return found[0] if len(found) == 1 else None


def chats_begun_from(site: Site, address_digest: str, *, since: datetime) -> int:
    return Chat.objects.filter(
        visitor__site=site, visitor__address_digest=address_digest, begun_at__gt=since
    ).count()


@dataclass(frozen=True, slots=True)
class Said:
    """What a visitor has said already, as the next message asks it.

    `repeated`: something bears its key, whenever it was said; `lately`: how much since an instant.
    """

    repeated: bool
    lately: int


def lines_said(chat: Chat, *, since: datetime, client_key: str) -> Said:
    """Among the lines of the time before an adviser came."""
    same = Q(client_key=client_key)
    late = Q(sent_at__gt=since, author=ChatLine.Author.VISITOR)
    known = chat.lines.aggregate(same=Count("pk", filter=same), lately=Count("pk", filter=late))
    return Said(bool(known["same"]), known["lately"])


def lines_said_of(
    spoken: Sequence[tuple[Chat, str]], *, since: datetime
) -> Mapping[tuple[int, str], Said]:
    """`lines_said` of several chats, each with the key it asks for: one query."""
    mine = ChatLine.objects.filter(chat__in={chat.pk for chat, _key in spoken})
    late = Q(sent_at__gt=since, author=ChatLine.Author.VISITOR)
    same = Q(client_key__in={key for _chat, key in spoken})
    lately: Counter[int] = Counter()
    keys: set[tuple[int, str]] = set()
    for chat, key, author, at in mine.filter(late | same).values_list(
        "chat", "client_key", "author", "sent_at"
    ):
        lately[chat] += author == ChatLine.Author.VISITOR and at > since
        keys.add((chat, key))
    return {(chat.pk, key): Said((chat.pk, key) in keys, lately[chat.pk]) for chat, key in spoken}


def visible_messages(chat: Chat) -> Iterable[Message]:
    """The messages that the visitor sees besides the lines, each with its `files`."""
    if chat.conversation is None:
        return ()
    return _seen(Q(conversation=chat.conversation))


@dataclass(frozen=True, slots=True)
class Span:
    """Part of what a visitor sees: the messages after one position, up to another and with it."""

    chat: Chat
    after: int
    until: int


def visible_in(spans: Sequence[Span]) -> list[list[Message]]:
    """Of each span, its part of `visible_messages`: two queries for all. Chats have an exchange."""
    if not spans:
        return []
    asked = Q()
    for span in spans:
        asked |= Q(
            conversation=span.chat.conversation_id,
            position__gt=span.after,
            position__lte=span.until,
        )
    found = _seen(asked)
    return [
        [
            message
            for message in found
            if message.conversation_id == span.chat.conversation_id
            and span.after < message.position <= span.until
        ]
        for span in spans
    ]


def _seen(which: Q) -> list[Message]:
    rows = Message.objects.filter(which).exclude(client_key__in=[BEFORE, ASKED])
    found = list(rows.prefetch_related("attachments__file").order_by("position"))
    for message in found:
        message.files = message.attachments.all()  # type: ignore[attr-defined]
    return found


def with_last_position(chats: QuerySet[Chat]) -> QuerySet[Chat]:
    """Chats, each with what `last_position` gives of it."""
    newest = Message.objects.filter(conversation=OuterRef("conversation_id")).order_by("-position")
    return chats.annotate(last_position=Subquery(newest.values("position")[:1]))


def last_position(chat: Chat) -> int:
    """The position of the last message, 0 without any: the one it was read with, else that of now."""
    found = vars(chat)
    if "last_position" in found:
        return found["last_position"] or 0
    said = Message.objects.filter(conversation=chat.conversation_id)
    return said.aggregate(last=Max("position"))["last"] or 0


def mark_of(chat: Chat) -> list[Any]:
    """What a widget compares now and then to know that nothing changed: one query at most.

    The last message, how far the adviser has read, the state and who holds the exchange.
    """
    conversation = chat.conversation
    if conversation is None:
        return [0, chat.lines.count(), "closed" if chat.closed_at else "automatic", ""]
    last = last_position(chat)
    return [last, chat.read_by_adviser, conversation.state, conversation.adviser_label]


def position_shown(shown: object, now: Sequence[Any]) -> int | None:
    """The position up to which a page shows an exchange, where only messages and reading are behind.

    `shown` is what the page says of itself, `now` its `mark_of`. None: the page needs the whole.
    """
    if not isinstance(shown, list) or len(shown) != len(now) or shown[2:] != now[2:]:
        return None
    numbers = all(type(one) is int and 0 <= one <= now[0] for one in shown[:2])
    return shown[0] if numbers else None


def ahead_of(conversation: Conversation) -> int:
    """How many chats of the desk have waited longer."""
    return Conversation.objects.filter(
        workspace_id=conversation.workspace_id,
        channel=Conversation.Channel.CHAT,
        state=Conversation.State.WAITING,
        started_at__lt=conversation.started_at,
    ).count()


def other_chats(chat: Chat) -> QuerySet[Chat]:
    """The other exchanges of the same browser, or of the same e-mail address."""
    same = Q(visitor_id=chat.visitor_id)
    if chat.visitor.email:
        same |= Q(visitor__email__iexact=chat.visitor.email)
    return (
        Chat.objects.filter(same, workspace_id=chat.workspace_id, conversation__isnull=False)
        .exclude(pk=chat.pk)
        .select_related("conversation")
    )


def taken(site: Site, *, since: datetime) -> dict[datetime, int]:
    """How many call-backs are promised in each slot that begins after an instant."""
    rows = (
        site.call_backs.filter(state__in=PROMISED, slot_start__gte=since)
        .values_list("slot_start")
        .annotate(promised=Count("pk"))
        .order_by()
    )
    return dict(rows)


def free_slots(site: Site, *, now: datetime) -> list[slots.Slot]:
    return slots.slots(
        hours_of(site),
        now=now,
        minutes=site.slot_minutes,
        capacity=site.slot_capacity,
        lead=timedelta(minutes=site.slot_lead_minutes),
        days=site.slot_days,
        taken=taken(site, since=now),
    )


def call_backs(workspace: Workspace) -> QuerySet[CallBack]:
    return (
        CallBack.objects.filter(workspace=workspace)
        .select_related("customer", "site")
        .prefetch_related("attempts")
    )


def to_call(workspace: Workspace) -> QuerySet[CallBack]:
    """Promised calls, the first due before."""
    return call_backs(workspace).filter(state__in=PROMISED).order_by("due_at", "pk")


def offers_video(conversation: Conversation) -> bool:
    """Whether one may go on by video from this exchange: the site of a chat may say no."""
    return not Chat.objects.filter(
        conversation=conversation, visitor__site__video_offered=False
    ).exists()
