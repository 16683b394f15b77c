"""What the routers of the desk share."""

from django.http import Http404, HttpRequest

from acquis.accounts.access import workspace_for
from acquis.accounts.api_kit import caller
from acquis.accounts.models import Workspace


def desk_for(request: HttpRequest, workspace_id: int, *, write: bool = False) -> Workspace:
    """The desk, if it is open to the person and of the organisation of their key.

    Raises Http404, or the refusal to write there.
    """
    who = caller(request)
    workspace = workspace_for(who.user, workspace_id, write=write)
    if workspace.organisation_id != who.organisation.pk:
        raise Http404
    return workspace
