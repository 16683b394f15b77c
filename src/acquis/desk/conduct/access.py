"""Who may see an abusive contact, and what of it: the facts are for its adviser and the supervisor."""

from django.shortcuts import get_object_or_404

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User, Workspace
from acquis.desk.conduct.errors import SupervisorOnly
from acquis.desk.conduct.models import AbusiveContact, ContactMeasure
from acquis.desk.shell import supervises


def contact_for(user: User, workspace_id: int, pk: int) -> tuple[Workspace, AbusiveContact]:
    """An abusive contact to act on. Raises Http404, or the refusal to write there.

    It exists for its adviser and the supervisor alone.
    """
    workspace = workspace_for(user, workspace_id, write=True)
    found = AbusiveContact.objects.filter(workspace=workspace).select_related(
        "conversation__customer"
    )
    if not supervises(user, workspace):
        found = found.filter(adviser=user)
    return workspace, get_object_or_404(found, pk=pk)


def measure_for(user: User, workspace_id: int, pk: int) -> tuple[Workspace, ContactMeasure]:
    """A measure to decide or lift. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=True)
    found = ContactMeasure.objects.filter(workspace=workspace).select_related("customer")
    return workspace, get_object_or_404(found, pk=pk)


def may_read_facts(user: User, workspace: Workspace, contact: AbusiveContact) -> bool:
    return contact.adviser_id == user.pk or supervises(user, workspace)


def refuse_unless_supervisor(user: User, workspace: Workspace) -> None:
    """Raise SupervisorOnly."""
    if not supervises(user, workspace):
        raise SupervisorOnly
