"""An exchange as the three panes show it."""

from datetime import date, datetime
from hashlib import blake2b
from typing import Any
from uuid import uuid4

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations import queries
from acquis.desk.conversations.channels import Mark, in_place, room_of
from acquis.desk.conversations.forms import MessageForm, QualificationForm
from acquis.desk.conversations.models import Conversation, ConversationNote, Message
from acquis.desk.directory import presentation as directory
from acquis.desk.directory import queries as customers
from acquis.desk.knowledge import queries as knowledge
from acquis.desk.sales import prices
from acquis.desk.sales import queries as sales

PALETTE_CUSTOMERS = 6
PALETTE_OTHERS = 4
MARKED = 40
CHANNEL_ICONS = {
    "phone": "phone",
    "chat": "messages",
    "mail": "at",
    "letter": "mail",
    "sms": "device-mobile",
    "whatsapp": "brand-whatsapp",
    "social": "world",
    "video": "video",
}


def state_of(conversation: Conversation) -> str:
    """The state as one word: waiting, open, ended, qualified; the customer's number after it."""
    word = "qualified" if conversation.qualified_at else conversation.state
    return f"{word} {conversation.customer_id or 0}"


def queue_version(queue: queries.Queue, chosen_pk: int | None) -> str:
    """A word that changes whenever anything that the left pane shows does."""
    groups = (queue.to_qualify, queue.mine, queue.waiting, queue.others, queue.done)
    shown = [
        [
            (
                row.pk, row.channel, row.started_at, row.subject, row.contact_label,
                row.customer.display_name if row.customer else "",
                "" if row.subject else vars(row)["last_body"], vars(row).get("unread", 0),
            )
            for row in rows
        ]
        for rows in groups
    ]  # fmt: skip
    counts = queue.waiting_count, queue.others_count, chosen_pk, get_language()
    return blake2b(repr((counts, shown)).encode(), digest_size=12).hexdigest()


def thread_messages(
    conversation: Conversation, *, after: int = 0, up_to: int | None = None
) -> list[Message]:
    """The messages that follow a position, each with what became of it once it left (`mark`).

    `detail` is what the room of its channel shows besides, or None; `files` are those attached.
    """
    rows = queries.messages(conversation, after=after)
    found = list(rows if up_to is None else rows.filter(position__lte=up_to))
    room = room_of(conversation)
    known, details = room.marks(found), room.details(found)
    for message in found:
        message.mark = known.get(message.pk)  # type: ignore[attr-defined]
        message.detail = details.get(message.pk)  # type: ignore[attr-defined]
        message.files = message.attachments.all()  # type: ignore[attr-defined]
    return found


def lines_of(
    workspace: Workspace,
    conversation: Conversation,
    reader: User,
    *,
    after: int,
    after_note: int,
    may_note: bool,
) -> dict[str, Any]:
    """What `conversations/_messages.html` adds to a thread that is shown up to there."""
    return {
        "workspace": workspace,
        "conversation": conversation,
        "thread_messages": thread_lines(conversation, reader, after=after, after_note=after_note),
        "marks": {},
        "shown_notes": shown_notes(conversation, reader, up_to=after_note),
        "may_note": may_note,
    }


def line(conversation: Conversation, position: int) -> str:
    """One message as the thread shows it; "" when there is none there."""
    found = _plain(conversation, position)
    if found is None:
        found = thread_messages(conversation, after=position - 1, up_to=position)
    return rendered(_alone(conversation, found)) if found else ""


def _plain(conversation: Conversation, position: int) -> list[Message] | None:
    """A message without a file, where its channel adds nothing to any: one query. None for another."""
    room = room_of(conversation)
    if room.marked or room.detailed:
        return None
    message = queries.message_at(conversation, position)
    if message is None or vars(message)["attached"]:
        return None
    return [_bare(message)]


def _bare(message: Message) -> Message:
    message.files = ()  # type: ignore[attr-defined]
    message.mark = message.detail = None  # type: ignore[attr-defined]
    return message


def line_sent(conversation: Conversation, message: Message) -> str:
    """A message of the adviser that has just been sent, as the thread shows it: nothing is read."""
    return rendered(_alone(conversation, [_bare(message)]))


def rendered(lines: dict[str, Any]) -> str:
    """Lines (`lines_of`) as a page in place adds them."""
    return render_to_string("conversations/_messages.html", lines)


def _alone(conversation: Conversation, found: list[Message]) -> dict[str, Any]:
    return {
        "conversation": conversation,
        "thread_messages": found,
        "marks": {},
        "shown_notes": [],
        "may_note": False,
    }


def row(conversation: Conversation) -> str:
    """One row of the left pane (`queries.held_row`), not the one of the exchange shown."""
    place = Workspace(pk=conversation.workspace_id)
    context = {
        "workspace": place,
        "rows": [conversation],
        "chosen_pk": None,
        "in_place": in_place(),
    }
    return render_to_string("conversations/_queue_list.html", context)


def thread_lines(
    conversation: Conversation, reader: User, *, after: int = 0, after_note: int = 0
) -> list[Message | ConversationNote]:
    """The thread as the desk reads it: messages and internal notes, each where it was written.

    `after` is the position of the last message shown, `after_note` the key of the last note.
    """
    said: list[Message | ConversationNote] = [*thread_messages(conversation, after=after)]
    noted = list(queries.notes(conversation, after=after_note))
    for note in noted:
        note.mine = note.author_id == reader.pk  # type: ignore[attr-defined]
    return sorted(
        [*said, *noted],
        key=lambda line: (
            (line.after_position, 1, line.pk)
            if isinstance(line, ConversationNote)
            else (line.position, 0, line.pk)
        ),
    )


def shown_notes(conversation: Conversation, reader: User, *, up_to: int) -> list[ConversationNote]:
    """The notes that a page shows already: one may have been withdrawn or put back since."""
    found = list(conversation.notes.filter(pk__lte=up_to).order_by("pk")) if up_to else []
    for note in found:
        note.mine = note.author_id == reader.pk  # type: ignore[attr-defined]
    return found


def marks_of(conversation: Conversation) -> dict[int, Mark]:
    """What became of the latest messages, for the pages that show them already."""
    room = room_of(conversation)
    if not room.marked:
        return {}
    return dict(room.marks(list(conversation.messages.order_by("-position")[:MARKED])))


def thread_context(
    workspace: Workspace, conversation: Conversation, reader: User, *, may_note: bool
) -> dict[str, Any]:
    """What `conversations/_thread.html` needs."""
    return {
        "workspace": workspace,
        "conversation": conversation,
        "thread_messages": thread_lines(conversation, reader),
        "marks": {},
        "shown_notes": [],
        "may_note": may_note,
    }


def exchange_context(
    workspace: Workspace, conversation: Conversation, user: User, *, may_write: bool
) -> dict[str, Any]:
    """What `conversations/_exchange.html` and the parts it includes need."""
    mine = conversation.adviser_id == user.pk
    writing = may_write and workspace.sealed_at is None
    state = Conversation.State(conversation.state)
    room = room_of(conversation)
    return thread_context(workspace, conversation, user, may_note=writing) | {
        "may_read": writing and mine,
        "note_key": uuid4().hex,
        "may_accept": writing and state == Conversation.State.WAITING,
        "may_answer": writing and mine and state == Conversation.State.OPEN,
        "may_qualify": writing
        and state == Conversation.State.ENDED
        and (mine or conversation.adviser_id is None),
        "composer": MessageForm(initial={"client_key": uuid4().hex}),
        "qualification": QualificationForm(
            workspace=workspace,
            conversation=conversation,
            initial={
                "reason": conversation.reason_id,
                "outcome": conversation.outcome_id,
                "summary": conversation.summary,
                **{f"detail_{code}": value for code, value in conversation.details.items()},
            },
        ),
        # Where somebody put it, said by the room of queues, which stands above this one.
        "handover": getattr(conversation, "placement", None),
        # That it was marked abusive, said by the room of conduct, which stands above as well.
        "conduct": getattr(conversation, "abusive_contact", None),
        "channel_room": room,
        "channel_context": room.context(conversation, user),
        "state_word": state_of(conversation),
        "channel_icon": CHANNEL_ICONS[conversation.channel],
    }


def customer_context(
    workspace: Workspace, conversation: Conversation, *, at: datetime
) -> dict[str, Any]:
    """What `conversations/_customer.html` needs."""
    customer = conversation.customer
    context: dict[str, Any] = {
        "workspace": workspace,
        "conversation": conversation,
        "customer": customer,
        "view_key": uuid4().hex,
    }
    if customer is not None:
        context["record"] = directory.record_of(customer, at=at)
    return context


def palette_results(workspace: Workspace, typed: str, *, today: date) -> list[dict[str, str]]:
    """Customers first, then articles, products and price lists: label, address and what each is."""
    if not typed.strip():
        return []
    found = customers.find(workspace, typed, filters=customers.Filters(), today=today)
    hits = knowledge.find(workspace, typed, today=today)[:PALETTE_OTHERS]
    sold = sales.products(workspace, typed)[:PALETTE_OTHERS]
    return [
        *(
            _result(one.display_name, "directory:record", workspace, one.pk, one.reference)
            for one in found.customers[:PALETTE_CUSTOMERS]
        ),
        *(
            _result(
                hit.article.title,
                "knowledge:article",
                workspace,
                hit.article.slug,
                hit.article.get_kind_display(),
            )
            for hit in hits
        ),
        *(_result(one.label, "sales:product", workspace, one.pk, one.reference) for one in sold),
        *(
            _result(one.name, "sales:price_list", workspace, one.pk, _("Grille tarifaire"))
            for one in prices.named(workspace, typed)[:PALETTE_OTHERS]
        ),
    ]


def _result(
    label: str, url_name: str, workspace: Workspace, key: int | str, detail: str
) -> dict[str, str]:
    address = reverse(url_name, args=[workspace.pk, key])
    return {"label": label, "url": address, "detail": str(detail)}
