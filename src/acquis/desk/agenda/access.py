"""The only way from outside to the planning: by a workspace in which the person has a seat."""

from django.shortcuts import get_object_or_404

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User, Workspace
from acquis.desk.agenda.models import Appointment, Resource


def appointment_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, Appointment]:
    """The appointment and its workspace. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=write)
    found = Appointment.objects.filter(workspace=workspace).select_related("resource", "customer")
    return workspace, get_object_or_404(found, pk=pk)


def resource_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, Resource]:
    """What can be booked, and its workspace. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=write)
    return workspace, get_object_or_404(Resource.objects.filter(workspace=workspace), pk=pk)
