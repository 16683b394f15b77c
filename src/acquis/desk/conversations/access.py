"""The only way from outside to a conversation: by a workspace in which the person has a seat."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from acquis.accounts.access import (
    open_to,
    refusals_to_write,
    refuse_writing,
    seat_of,
    workspace_for,
)
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations import queries
from acquis.desk.conversations.errors import HeldBySomebodyElse
from acquis.desk.conversations.models import Attachment, Conversation, ConversationNote
from acquis.kernel.errors import DomainRefusal
from acquis.kernel.standing import Standing


def conversation_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, Conversation]:
    """The conversation and its workspace, in one query. Raises Http404, or the refusal to write there."""
    return _found(_FOR_PAGE, user, workspace_id, pk, write=write)


def conversation_of_act(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, Conversation]:
    """`conversation_for`, as an act over a socket asks it: with `queries.ends`, without its record."""
    return _found(_OF_ACT, user, workspace_id, pk, write=write)


def conversations_of_acts(
    asked: Sequence[tuple[User, int, int]],
) -> list[Conversation | Http404 | DomainRefusal]:
    """`conversation_of_act` to write, for many at once: each exchange, or why it takes nothing.

    `asked` has the person, the desk and the exchange of each. A few queries for all; the people are
    objects of one act, and remember their roles.
    """
    rows = queries.with_ends(Conversation.objects.filter(pk__in={pk for *_who, pk in asked}))
    known = {one.pk: one for one in rows.select_related("workspace").only(*_ACT_ASKS)}
    there = [
        (user, one)
        for user, desk, pk in asked
        if (one := known.get(pk)) is not None and one.workspace_id == desk
    ]
    refusals = iter(refusals_to_write([(user, one.workspace) for user, one in there]))
    found: list[Conversation | Http404 | DomainRefusal] = []
    for _user, desk, pk in asked:
        one = known.get(pk)
        if one is None or one.workspace_id != desk:
            found.append(Http404())
        else:
            found.append(next(refusals) or one)
    return found


def readable(user: User, pk: int) -> Conversation | None:
    """A conversation of any desk open to the person, with what `news` of it ask."""
    return _READABLE.first(user=user.pk, pk=pk) if user.is_active else None


def _found(
    asked: Standing[Conversation], user: User, workspace_id: int, pk: int, *, write: bool
) -> tuple[Workspace, Conversation]:
    found = asked.first(user=user.pk, workspace=workspace_id, pk=pk) if user.is_active else None
    if found is None:
        raise Http404
    if write:
        refuse_writing(user, found.workspace, vars(found)["seat"])
    return found.workspace, found


def _rows_of(user: User, workspace_id: int) -> QuerySet[Conversation]:
    rows = Conversation.objects.filter(
        open_to(user, through="workspace__"), workspace_id=workspace_id
    )
    seat = seat_of(user, through="workspace__")
    return rows.select_related("workspace__organisation").annotate(seat=seat)


def _for_page(*, user: int, workspace: int, pk: int) -> QuerySet[Conversation]:
    rows = _rows_of(User(pk=user), workspace).filter(pk=pk)
    return rows.select_related("customer", "reason__parent", "outcome")


def _of_act(*, user: int, workspace: int, pk: int) -> QuerySet[Conversation]:
    rows = queries.with_ends(_rows_of(User(pk=user), workspace).filter(pk=pk))
    return rows.select_related(None).select_related("workspace").only(*_ACT_ASKS)


# What the acts of a socket ask of an exchange: fifty other columns stay where they are.
_ACT_ASKS = (
    "customer_id", "channel", "state", "adviser_id", "adviser_label", "qualified_at", "read_position",
    "read_note", "workspace__kind", "workspace__sealed_at", "workspace__organisation_id",
)  # fmt: skip


def _readable(*, user: int, pk: int) -> QuerySet[Conversation]:
    rows = Conversation.objects.filter(open_to(User(pk=user), through="workspace__"), pk=pk)
    return rows.only("workspace_id", "channel")


_FOR_PAGE = Standing(_for_page, user=int, workspace=int, pk=int)
_OF_ACT = Standing(_of_act, user=int, workspace=int, pk=int)
_READABLE = Standing(_readable, user=int, pk=int)


def held_conversation_for(user: User, workspace_id: int, pk: int) -> tuple[Workspace, Conversation]:
    """An exchange to answer, end or qualify: nobody does it in the place of who holds it.

    One that nobody holds is anybody's. Raises Http404, HeldBySomebodyElse, or the refusal to write
    there.
    """
    found = conversation_for(user, workspace_id, pk, write=True)
    refuse_if_held_by_another(user, found[1])
    return found


def refuse_if_held_by_another(user: User, conversation: Conversation) -> None:
    """Raises HeldBySomebodyElse."""
    if conversation.adviser_id not in {None, user.pk}:
        raise HeldBySomebodyElse(adviser=conversation.adviser_label)


def note_for(
    user: User, workspace_id: int, pk: int, note_pk: int
) -> tuple[Conversation, ConversationNote]:
    """A note to change, and its exchange. Raises Http404, or the refusal to write there."""
    _workspace, conversation = conversation_for(user, workspace_id, pk, write=True)
    return conversation, get_object_or_404(conversation.notes, pk=note_pk)


def attachment_for(user: User, workspace_id: int, pk: int) -> Attachment:
    """A file that came or left with a message of a desk. Raises Http404."""
    workspace = workspace_for(user, workspace_id)
    rows = Attachment.objects.filter(workspace=workspace).select_related("file")
    return get_object_or_404(rows, pk=pk)
