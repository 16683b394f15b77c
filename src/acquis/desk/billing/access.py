"""The only way from outside to an invoice: by a workspace in which the person has a seat."""

from django.shortcuts import get_object_or_404

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User, Workspace
from acquis.desk.billing.models import Invoice, InvoiceDispute


def invoice_for(user: User, workspace_id: int, pk: int) -> tuple[Workspace, Invoice]:
    workspace = workspace_for(user, workspace_id)
    found = (
        Invoice.objects.filter(workspace=workspace)
        .select_related("customer", "order", "refers_to")
        .prefetch_related("lines", "credit_notes", "disputes__credit_note")
    )
    return workspace, get_object_or_404(found, pk=pk)


def dispute_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, InvoiceDispute]:
    """A dispute and its desk. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=write)
    found = InvoiceDispute.objects.filter(workspace=workspace).select_related(
        "invoice__customer", "credit_note"
    )
    return workspace, get_object_or_404(found, pk=pk)
