"""The only way from outside to products and orders: by a workspace open to the person."""

from django.shortcuts import get_object_or_404

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User, Workspace
from acquis.desk.sales import queries
from acquis.desk.sales.models import Order, Product


def product_for(user: User, workspace_id: int, pk: int) -> tuple[Workspace, Product]:
    workspace = workspace_for(user, workspace_id)
    return workspace, get_object_or_404(Product.objects.filter(workspace=workspace), pk=pk)


def order_for(user: User, workspace_id: int, pk: int) -> tuple[Workspace, Order]:
    workspace = workspace_for(user, workspace_id)
    return workspace, get_object_or_404(queries.orders(workspace), pk=pk)
