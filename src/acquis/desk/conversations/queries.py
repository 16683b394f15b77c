"""Conversations of one workspace: who waits, what was said, how fast it was answered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations import policy
from acquis.desk.conversations.models import (
    Attachment,
    ContactCode,
    Conversation,
    ConversationNote,
    Message,
)
from acquis.kernel.standing import Standing

DONE_SHOWN = 15
WAITING_SHOWN = 100  # rows of the left pane; the wall shows all
OTHERS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Queue:
    """The left pane: what asks for the adviser first comes first.

    `waiting` and `others` hold so many rows at most; their counts say how many there are. Each row
    of `mine` says in `unread` how many words the adviser has not seen yet.
    """

    to_qualify: Sequence[Conversation]
    mine: Sequence[Conversation]
    waiting: Sequence[Conversation]
    waiting_count: int
    others: Sequence[Conversation]
    others_count: int
    done: Sequence[Conversation]

    @property
    def asking(self) -> int:
        """How many exchanges ask for the adviser: who waits, and who wrote since they last looked."""
        return self.waiting_count + sum(bool(vars(one)["unread"]) for one in self.mine)


def of_workspace(workspace: Workspace) -> QuerySet[Conversation]:
    return Conversation.objects.filter(workspace=workspace)


# What a row of the left pane shows: forty other columns stay where they are.
ROW = (
    "workspace_id", "channel", "state", "started_at", "subject", "contact_label", "customer__kind",
    "customer__title", "customer__first_name", "customer__last_name", "customer__company_name",
)  # fmt: skip


def with_last_message(conversations: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """What `ROW` names, with the text of the last message of each (`last_body`)."""
    newest = Message.objects.filter(conversation=OuterRef("pk")).order_by("-position")
    return (
        conversations.select_related("customer")
        .only(*ROW)
        .annotate(last_body=Subquery(newest.values("body")[:1]))
    )


def queue(workspace: Workspace, adviser: User) -> Queue:
    """A few queries, whatever the size of the desk."""
    whose = {"workspace": workspace.pk, "adviser": adviser.pk}
    own: dict[str, list[Conversation]] = {Conversation.State.OPEN: [], Conversation.State.ENDED: []}
    for conversation in _OWN.all(**whose):
        own[conversation.state].append(conversation)
    waiting, others = _WAITING.all(workspace=workspace.pk), _OTHERS.all(**whose)
    return Queue(
        to_qualify=own[Conversation.State.ENDED],
        mine=own[Conversation.State.OPEN],
        waiting=waiting,
        waiting_count=_count(_waiting(workspace=workspace.pk), waiting, WAITING_SHOWN),
        others=others,
        others_count=_count(_others(**whose), others, OTHERS_SHOWN),
        done=_DONE.all(**whose),
    )


def _oldest_first(workspace: int) -> QuerySet[Conversation]:
    rows = Conversation.objects.filter(workspace=workspace)
    return with_last_message(rows).order_by("started_at", "pk")


def _own(*, workspace: int, adviser: int) -> QuerySet[Conversation]:
    under_way = Q(state=Conversation.State.OPEN)
    to_qualify = Q(state=Conversation.State.ENDED, qualified_at__isnull=True)
    rows = _oldest_first(workspace).filter(under_way | to_qualify, adviser=adviser)
    return _with_unread(rows, adviser)


def _waiting(*, workspace: int) -> QuerySet[Conversation]:
    return _oldest_first(workspace).filter(state=Conversation.State.WAITING)


def _others(*, workspace: int, adviser: int) -> QuerySet[Conversation]:
    of_others = ~Q(adviser=adviser) | Q(adviser__isnull=True)
    return _oldest_first(workspace).filter(of_others, state=Conversation.State.OPEN)


def _done(*, workspace: int, adviser: int) -> QuerySet[Conversation]:
    rows = Conversation.objects.filter(
        workspace=workspace,
        state=Conversation.State.ENDED,
        qualified_at__isnull=False,
        adviser=adviser,
    )
    return with_last_message(rows).order_by("-qualified_at", "-pk")[:DONE_SHOWN]


def _with_unread(conversations: QuerySet[Conversation], adviser: int) -> QuerySet[Conversation]:
    """Each with `unread`: messages of the customer and notes of others, not yet seen."""
    here = {"conversation": OuterRef("pk")}
    messages = Message.objects.filter(
        **here, author=Message.Author.CUSTOMER, position__gt=OuterRef("read_position")
    )
    notes = ConversationNote.objects.filter(
        **here, withdrawn_at__isnull=True, pk__gt=OuterRef("read_note")
    ).exclude(author=adviser)
    return conversations.annotate(unread=_counted(messages) + _counted(notes))


def _counted(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("conversation").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


_OWN = Standing(_own, workspace=int, adviser=int)
_WAITING = Standing(
    lambda *, workspace: _waiting(workspace=workspace)[:WAITING_SHOWN], workspace=int
)
_OTHERS = Standing(lambda **whose: _others(**whose)[:OTHERS_SHOWN], workspace=int, adviser=int)
_DONE = Standing(_done, workspace=int, adviser=int)


def held_row(conversation: int, adviser: User) -> Conversation | None:
    """A row of the left pane, for whoever holds the exchange under way; None for anybody else."""
    return _HELD_ROW.first(pk=conversation, adviser=adviser.pk)


def _held_row(*, pk: int, adviser: int) -> QuerySet[Conversation]:
    rows = Conversation.objects.filter(pk=pk, adviser=adviser, state=Conversation.State.OPEN)
    return _with_unread(with_last_message(rows), adviser)


_HELD_ROW = Standing(_held_row, pk=int, adviser=int)


def message_at(conversation: Conversation, position: int) -> Message | None:
    """The message of a position, which bears whether files are attached to it (`attached`)."""
    return _MESSAGE_AT.first(conversation=conversation.pk, position=position)


def _message_at(*, conversation: int, position: int) -> QuerySet[Message]:
    attached = Exists(Attachment.objects.filter(message=OuterRef("pk")))
    rows = Message.objects.filter(conversation=conversation, position=position)
    return rows.annotate(attached=attached)


_MESSAGE_AT = Standing(_message_at, conversation=int, position=int)


@dataclass(slots=True)
class Thread:
    """An exchange held to the end of the transaction, while messages are added to it.

    `last` is its last position, 0 without any; `lately` how many messages the customer wrote since
    an instant; `sent` those of the keys asked for; `fresh` those not written yet, with who wrote them.
    """

    row: Conversation
    last: int = 0
    lately: int = 0
    sent: dict[str, Message] = field(default_factory=dict)
    fresh: list[tuple[Message, User | None]] = field(default_factory=list)


def threads(
    pks: Collection[int], keys: Collection[str], *, since: datetime, but: str = ""
) -> dict[int, Thread]:
    """Exchanges and their desks, locked in one order whoever asks; a few queries for all of them.

    `but` is the key of a message that does not count among those written lately. Raises
    Conversation.DoesNotExist when one of them is not there.
    """
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("workspace")
    found = {row.pk: Thread(row) for row in rows.filter(pk__in=pks).order_by("pk")}
    if len(found) < len(set(pks)):
        raise Conversation.DoesNotExist
    here = Message.objects.filter(conversation__in=pks)
    lately = Q(sent_at__gt=since, author=Message.Author.CUSTOMER) & ~Q(client_key=but)
    counted = here.order_by().values("conversation").annotate(
        last=Max("position"),
        lately=Count("pk", filter=lately),
        again=Count("pk", filter=Q(client_key__in=keys)),
    )  # fmt: skip
    repeated = False
    for pk, last, count, again in counted.values_list("conversation", "last", "lately", "again"):
        found[pk].last, found[pk].lately = last, count
        repeated = repeated or bool(again)
    for message in here.filter(client_key__in=keys) if repeated else ():
        thread = found[message.conversation_id]
        message.conversation = thread.row
        thread.sent[message.client_key] = message
    return found


def notes(conversation: Conversation, *, after: int = 0) -> QuerySet[ConversationNote]:
    """Notes in the order they were written, those that follow the key `after`."""
    return conversation.notes.filter(pk__gt=after).order_by("pk")


def with_ends(conversations: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """Conversations, each with what `ends` gives of it."""
    newest = Message.objects.filter(conversation=OuterRef("pk")).order_by("-position")
    noted = ConversationNote.objects.filter(conversation=OuterRef("pk")).order_by("-pk")
    return conversations.annotate(
        last_position=Subquery(newest.values("position")[:1]),
        last_note=Subquery(noted.values("pk")[:1]),
    )


def ends(conversation: Conversation) -> tuple[int, int]:
    """The position of its last message and the key of its last note; 0 for none.

    Those that it was read with (`with_ends`), else those of now.
    """
    found = vars(conversation)
    if "last_position" not in found:
        row = with_ends(Conversation.objects.filter(pk=conversation.pk)).only("pk")
        found = vars(row.get())
    return found["last_position"] or 0, found["last_note"] or 0


def _count(rows: QuerySet[Conversation], shown: Sequence[Conversation], most: int) -> int:
    return len(shown) if len(shown) < most else rows.count()


def to_qualify(workspace: Workspace, adviser: User) -> QuerySet[Conversation]:
    """Ended conversations that keep the adviser in wrap-up, oldest first."""
    return (
        of_workspace(workspace)
        .filter(
            state=Conversation.State.ENDED,
            qualified_at__isnull=True,
            adviser=adviser,
        )
        .order_by("ended_at", "pk")
    )


def messages(conversation: Conversation, *, after: int = 0) -> QuerySet[Message]:
    """Messages in the order they were sent, from the position that follows `after`."""
    return (
        conversation.messages.filter(position__gt=after)
        .prefetch_related("attachments__file")
        .order_by("position")
    )


def response_times(conversation: Conversation) -> policy.ResponseTimes:
    said = conversation.messages.order_by("position").values_list("pk", "author", "sent_at")
    return policy.response_times(conversation.started_at, (policy.Said(*row) for row in said))


def codes(workspace: Workspace, kind: str) -> QuerySet[ContactCode]:
    """The codes that may be chosen: outcomes, or reasons not divided further, with their parent."""
    return (
        ContactCode.objects.filter(workspace=workspace, kind=kind, children__isnull=True)
        .select_related("parent")
        .order_by("parent__position", "parent__code", "position", "code")
    )


@dataclass(frozen=True, slots=True)
class Detail:
    """Something the desk asks of every contact besides its codes, and the answers it offers."""

    code: str
    label: str
    values: tuple[str, ...]


def details(workspace: Workspace) -> list[Detail]:
    """What this desk asks, in its order; many ask nothing."""
    asked = workspace.identity.get("qualification_fields", [])
    return [Detail(one["code"], one["label"], tuple(one["values"])) for one in asked]
