"""The only way from outside to a customer: by a workspace in which the person has a seat."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User, Workspace
from acquis.desk.directory.errors import EditNotYours, ReservedForSupervisor, ViewNotYours
from acquis.desk.directory.models import (
    BulkEdit,
    CompanyContact,
    ContactPoint,
    Customer,
    CustomerExport,
    CustomField,
    PostalAddress,
    SavedView,
)
from acquis.desk.directory.policy import listing
from acquis.desk.shell import supervises

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


def view_for(
    user: User, workspace_id: int, pk: int, *, change: bool = False
) -> tuple[Workspace, SavedView]:
    """A view that the person may see: their own, or one shared; to write there.

    Its owner or a supervisor changes it. Raises Http404, ViewNotYours, or the refusal to write.
    """
    workspace = workspace_for(user, workspace_id, write=True)
    seen = Q(owner=user) | Q(shared=True)
    view = get_object_or_404(SavedView.objects.filter(seen, workspace=workspace), pk=pk)
    view.workspace = workspace
    if change and view.owner_id != user.pk and not supervises(user, workspace):
        raise ViewNotYours(owner=view.owner_label)
    return workspace, view


def edit_for(
    user: User, workspace_id: int, pk: int, *, undo: bool = False
) -> tuple[Workspace, BulkEdit]:
    """A bulk edit of the desk, which anybody there may read; its author or a supervisor undoes it.

    Raises Http404, EditNotYours, or the refusal to write there.
    """
    workspace = workspace_for(user, workspace_id, write=undo)
    edit = get_object_or_404(BulkEdit.objects.filter(workspace=workspace), pk=pk)
    edit.workspace = workspace
    if undo and edit.author_id != user.pk and not supervises(user, workspace):
        raise EditNotYours(author=edit.author_label)
    return workspace, edit


def export_for(user: User, workspace_id: int, pk: int) -> CustomerExport:
    """The file that the person asked for themself, as long as it is kept. Raises Http404."""
    workspace = workspace_for(user, workspace_id)
    mine = CustomerExport.objects.filter(workspace=workspace, author=user, file__isnull=False)
    return get_object_or_404(mine.select_related("file"), pk=pk)


def refuse_beyond_right(user: User, workspace: Workspace, rows: int) -> None:
    """Raise ReservedForSupervisor when so many records are a supervisor's to take or change."""
    if not listing.may_take(rows, supervises=supervises(user, workspace)):
        raise ReservedForSupervisor(most=listing.ADVISER_ROWS, found=rows)
