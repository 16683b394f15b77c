"""The only way from outside to mail: by a workspace in which the person has a seat."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User, Workspace
from acquis.desk.mail.models import Mail, Mailbox, MailFile, SetAside
from acquis.desk.shell import keeps


def mail_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, Mail]:
    """A mail of a desk that left or came, or one's own draft.

    Raises Http404, or the refusal to write there.
    """
    workspace = workspace_for(user, workspace_id, write=write)
    rows = Mail.objects.filter(workspace=workspace).select_related(
        "mailbox", "raw", "conversation__customer", "customer", "message"
    )
    mail = get_object_or_404(rows, pk=pk)
    if mail.state in {Mail.State.DRAFT, Mail.State.SCHEDULED} and mail.author_id != user.pk:
        raise Http404
    mail.workspace = workspace
    if mail.conversation is not None:
        mail.conversation.workspace = workspace
    return workspace, mail


def draft_for(user: User, workspace_id: int, pk: int) -> tuple[Workspace, Mail]:
    """A mail that the person writes or wrote, to change it. Raises Http404, or the refusal to write."""
    workspace, mail = mail_for(user, workspace_id, pk, write=True)
    if mail.author_id != user.pk or mail.kind != Mail.Kind.NORMAL:
        raise Http404
    return workspace, mail


def file_for(user: User, workspace_id: int, pk: int, *, write: bool = False) -> MailFile:
    """An image of a mail, or a file of one's own draft. Raises Http404."""
    workspace = workspace_for(user, workspace_id, write=write)
    rows = MailFile.objects.filter(workspace=workspace).select_related("file", "mail")
    found = get_object_or_404(rows, pk=pk)
    private = {Mail.State.DRAFT, Mail.State.SCHEDULED}
    if found.mail.state in private and found.mail.author_id != user.pk:
        raise Http404
    return found


def managed_workspace(user: User, workspace_id: int, *, write: bool = False) -> Workspace:
    """The desk, for those who keep its mailboxes. Raises Http404, or the refusal to write."""
    workspace = workspace_for(user, workspace_id, write=write)
    if not keeps(user, workspace):
        raise Http404
    return workspace


def mailbox_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, Mailbox]:
    """A mailbox, for those who keep it. Raises Http404, or the refusal to write there."""
    workspace = managed_workspace(user, workspace_id, write=write)
    mailbox = get_object_or_404(Mailbox.objects.filter(workspace=workspace), pk=pk)
    mailbox.workspace = workspace
    return workspace, mailbox


def set_aside_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, SetAside]:
    """A message set aside, for those who keep the mailboxes. Raises Http404."""
    workspace = managed_workspace(user, workspace_id, write=write)
    rows = SetAside.objects.filter(workspace=workspace).select_related("mailbox", "raw")
    return workspace, get_object_or_404(rows, pk=pk)
