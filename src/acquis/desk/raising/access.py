"""What was raised is read by the whole desk; its state is the supervisor's."""

from django.shortcuts import get_object_or_404

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User, Workspace
from acquis.desk.raising.errors import SupervisorOnly
from acquis.desk.raising.models import Raised
from acquis.desk.shell import supervises


def raised_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, Raised]:
    """What was raised, and its desk. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=write)
    found = Raised.objects.filter(workspace=workspace).select_related(
        "article", "conversation", "alert__product", "alert__symptom"
    )
    return workspace, get_object_or_404(found, pk=pk)


def refuse_unless_supervisor(user: User, workspace: Workspace) -> None:
    """Raise SupervisorOnly."""
    if not supervises(user, workspace):
        raise SupervisorOnly
