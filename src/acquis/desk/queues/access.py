"""Who may set queues and see the wall; the only way from outside to a queue."""

from django.shortcuts import get_object_or_404

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User, Workspace
from acquis.desk.queues.errors import NotTheSupervisor
from acquis.desk.queues.models import Offer, Queue
from acquis.desk.shell import supervises


def refuse_unless_supervisor(user: User, workspace: Workspace) -> None:
    """Raise NotTheSupervisor."""
    if not supervises(user, workspace):
        raise NotTheSupervisor


def queue_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, Queue]:
    """A queue and its desk. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=write)
    return workspace, get_object_or_404(Queue, workspace=workspace, pk=pk)


def offer_for(user: User, workspace_id: int, pk: int) -> tuple[Workspace, Offer]:
    """What was offered to this person, and its desk. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=True)
    rows = Offer.objects.filter(workspace=workspace, adviser=user).select_related("conversation")
    return workspace, get_object_or_404(rows, pk=pk)
