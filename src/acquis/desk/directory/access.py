"""The only way from outside to a customer: by a workspace in which the person has a seat."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User, Workspace
from acquis.desk.directory.models import (
    CompanyContact,
    ContactPoint,
    Customer,
    CustomField,
    PostalAddress,
)

Part = ContactPoint | PostalAddress | CompanyContact


def customer_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, Customer]:
    """The customer and its workspace. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=write)
    customer = get_object_or_404(Customer.objects.filter(workspace=workspace), pk=pk)
    # Its workspace is known: reading it again would cost a query a page.
    customer.workspace = workspace
    return workspace, customer


def part_for(customer: Customer, part: str, pk: int | None = None) -> Part:
    """A part of this customer's record, by the name its address has; a new one without key.

    Raises Http404.
    """
    if part in {"telephone", "courriel"}:
        kind = ContactPoint.Kind.PHONE if part == "telephone" else ContactPoint.Kind.EMAIL
        points = customer.contact_points.filter(kind=kind)
        return get_object_or_404(points, pk=pk) if pk else ContactPoint(kind=kind)
    if part == "adresse":
        return get_object_or_404(customer.addresses, pk=pk) if pk else PostalAddress()
    if part == "interlocuteur" and customer.kind == Customer.Kind.COMPANY:
        return get_object_or_404(customer.people, pk=pk) if pk else CompanyContact()
    raise Http404


def custom_field_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, CustomField]:
    """A field that the desk defines. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=write)
    field = get_object_or_404(CustomField.objects.filter(workspace=workspace), pk=pk)
    field.workspace = workspace
    return workspace, field
