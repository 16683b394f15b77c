"""The only way from outside to products, orders and price lists: by a workspace open to the person."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User, Workspace
from acquis.desk.knowledge.access import managed_workspace
from acquis.desk.sales import queries
from acquis.desk.sales.models import Order, PriceList, PriceListVersion, Product
from acquis.desk.shell import keeps


def product_for(user: User, workspace_id: int, pk: int) -> tuple[Workspace, Product]:
    workspace = workspace_for(user, workspace_id)
    return workspace, get_object_or_404(Product.objects.filter(workspace=workspace), pk=pk)


def order_for(user: User, workspace_id: int, pk: int) -> tuple[Workspace, Order]:
    workspace = workspace_for(user, workspace_id)
    return workspace, get_object_or_404(queries.orders(workspace), pk=pk)


def price_list_for(user: User, workspace_id: int, pk: int) -> tuple[Workspace, PriceList]:
    """A list, for whoever uses the desk. Raises Http404."""
    return _listed(workspace_for(user, workspace_id), pk)


def managed_price_list(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, PriceList]:
    """A list, for those who keep what the desk shares. Raises Http404, or the refusal to write."""
    return _listed(managed_workspace(user, workspace_id, write=write), pk)


def price_version_for(
    user: User, workspace_id: int, pk: int, rank: int
) -> tuple[Workspace, PriceListVersion]:
    """A version; a draft exists for those alone who keep the lists. Raises Http404."""
    workspace, listed = price_list_for(user, workspace_id, pk)
    version = _version(listed, rank)
    if version.state == PriceListVersion.State.DRAFT and not keeps(user, workspace):
        raise Http404
    return workspace, version


def managed_price_version(
    user: User, workspace_id: int, pk: int, rank: int, *, write: bool = False
) -> tuple[Workspace, PriceListVersion]:
    """A version, for those who keep the lists. Raises Http404, or the refusal to write."""
    workspace, listed = managed_price_list(user, workspace_id, pk, write=write)
    return workspace, _version(listed, rank)


def _listed(workspace: Workspace, pk: int) -> tuple[Workspace, PriceList]:
    listed = get_object_or_404(PriceList, workspace=workspace, pk=pk)
    listed.workspace = workspace
    return workspace, listed


def _version(listed: PriceList, rank: int) -> PriceListVersion:
    version = get_object_or_404(PriceListVersion, price_list=listed, rank=rank)
    version.price_list, version.workspace = listed, listed.workspace
    return version
