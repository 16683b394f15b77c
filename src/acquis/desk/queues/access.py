"""Who may set queues and see the wall; the only way from outside to a queue."""

from django.shortcuts import get_object_or_404

from acquis.accounts.access import may, workspace_for
from acquis.accounts.enums import WorkspaceKind
from acquis.accounts.models import User, Workspace
from acquis.accounts.verbs import Verb
from acquis.desk.queues.errors import NotTheSupervisor
from acquis.desk.queues.models import Offer, Queue


def supervises(user: User, workspace: Workspace) -> bool:
    """Whether the person decides for the desk: its supervisor; of a model, who may edit it."""
    verb = Verb.ENTERPRISE_EDIT if workspace.kind == WorkspaceKind.MODEL else Verb.DESK_SUPERVISE
    return may(user, verb, workspace.organisation)


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
