"""The only way from outside to a conversation: by a workspace in which the person has a seat."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from acquis.accounts.access import open_to, refuse_writing, seat_of, workspace_for
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.errors import HeldBySomebodyElse
from acquis.desk.conversations.models import Attachment, Conversation, ConversationNote


def conversation_for(
    user: User,
    workspace_id: int,
    pk: int,
    *,
    write: bool = False,
    rows: QuerySet[Conversation] | None = None,
) -> tuple[Workspace, Conversation]:
    """The conversation and its workspace, in one query. Raises Http404, or the refusal to write there.

    `rows` are those to look among, with what the caller reads of them; by default all that pages show.
    """
    if rows is None:
        rows = Conversation.objects.select_related("customer", "reason__parent", "outcome")
    rows = rows.filter(open_to(user, through="workspace__"), workspace_id=workspace_id)
    rows = rows.select_related("workspace__organisation")
    if write:
        rows = rows.annotate(seat=seat_of(user, through="workspace__"))
    found = get_object_or_404(rows, pk=pk)
    if write:
        refuse_writing(user, found.workspace, vars(found)["seat"])
    return found.workspace, found


def held_conversation_for(
    user: User, workspace_id: int, pk: int, *, rows: QuerySet[Conversation] | None = None
) -> tuple[Workspace, Conversation]:
    """An exchange to answer, end or qualify: nobody does it in the place of who holds it.

    One that nobody holds is anybody's. Raises Http404, HeldBySomebodyElse, or the refusal to write
    there.
    """
    workspace, conversation = conversation_for(user, workspace_id, pk, write=True, rows=rows)
    if conversation.adviser_id not in {None, user.pk}:
        raise HeldBySomebodyElse(adviser=conversation.adviser_label)
    return workspace, conversation


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
