"""Conversations of one workspace: who waits, what was said, how fast it was answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations import policy
from acquis.desk.conversations.models import ContactCode, Conversation, Message

DONE_SHOWN = 15


@dataclass(frozen=True, slots=True)
class Queue:
    """The left pane: what asks for the adviser first comes first."""

    to_qualify: Sequence[Conversation]
    mine: Sequence[Conversation]
    waiting: Sequence[Conversation]
    others: Sequence[Conversation]
    done: Sequence[Conversation]


def of_workspace(workspace: Workspace) -> QuerySet[Conversation]:
    return Conversation.objects.filter(workspace=workspace)


def with_last_message(conversations: QuerySet[Conversation]) -> QuerySet[Conversation]:
    newest = Message.objects.filter(conversation=OuterRef("pk")).order_by("-position")
    return conversations.select_related("customer").annotate(
        last_body=Subquery(newest.values("body")[:1]),
        last_author=Subquery(newest.values("author")[:1]),
        last_at=Subquery(newest.values("sent_at")[:1]),
    )


def queue(workspace: Workspace, adviser: User) -> Queue:
    """One query for what is under way, one for what was done lately."""
    under_way = with_last_message(
        of_workspace(workspace).filter(
            ~Q(state=Conversation.State.ENDED)
            | Q(state=Conversation.State.ENDED, qualified_at__isnull=True, adviser=adviser)
        )
    ).order_by("started_at", "pk")
    parts: dict[str, list[Conversation]] = {"qualify": [], "mine": [], "waiting": [], "others": []}
    for conversation in under_way:
        parts[_part(conversation, adviser)].append(conversation)
    done = with_last_message(
        of_workspace(workspace).filter(
            state=Conversation.State.ENDED, qualified_at__isnull=False, adviser=adviser
        )
    ).order_by("-qualified_at", "-pk")
    return Queue(
        to_qualify=parts["qualify"],
        mine=parts["mine"],
        waiting=parts["waiting"],
        others=parts["others"],
        done=list(done[:DONE_SHOWN]),
    )


def _part(conversation: Conversation, adviser: User) -> str:
    if conversation.state == Conversation.State.ENDED:
        return "qualify"
    if conversation.state == Conversation.State.WAITING:
        return "waiting"
    return "mine" if conversation.adviser_id == adviser.pk else "others"


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
