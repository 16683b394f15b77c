"""Products and orders of one workspace."""

from django.db.models import Prefetch, Q, QuerySet

from acquis.accounts.models import Workspace
from acquis.desk.knowledge import words
from acquis.desk.sales.models import Order, OrderLine, Product

UNDER_WAY = (Order.State.CONFIRMED, Order.State.PREPARING, Order.State.SHIPPED)


def products(workspace: Workspace, typed: str = "", category: str = "") -> QuerySet[Product]:
    """Products on sale first; every word typed is somewhere in what describes them.

    Accents and the plural do not count, nor do words that carry no meaning.
    """
    found = Product.objects.filter(workspace=workspace)
    if category:
        found = found.filter(category=category)
    for word in words.telling(typed):
        spelt = words.spelt(word)
        found = found.filter(
            Q(label__iregex=spelt)
            | Q(reference__icontains=word)
            | Q(description__iregex=spelt)
            | Q(category__iregex=spelt)
        )
    return found.order_by("-is_active", "category", "label", "pk")


def categories(workspace: Workspace) -> list[str]:
    return list(
        Product.objects.filter(workspace=workspace)
        .exclude(category="")
        .order_by("category")
        .values_list("category", flat=True)
        .distinct()
    )


def orders(workspace: Workspace) -> QuerySet[Order]:
    return (
        Order.objects.filter(workspace=workspace)
        .select_related("customer")
        .prefetch_related(
            Prefetch("lines", OrderLine.objects.select_related("product").order_by("position"))
        )
    )
