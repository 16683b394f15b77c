"""The only way from outside to a customer: by a workspace in which the person has a seat."""

from django.shortcuts import get_object_or_404

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User, Workspace
from acquis.desk.directory.models import Customer


def customer_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, Customer]:
    """The customer and its workspace. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=write)
    customer = get_object_or_404(Customer.objects.filter(workspace=workspace), pk=pk)
    # Its workspace is known: reading it again would cost a query a page.
    customer.workspace = workspace
    return workspace, customer
