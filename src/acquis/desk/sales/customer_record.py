"""What this room tells of a customer: orders, and what was promised."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Workspace
from acquis.desk.directory.models import Customer
from acquis.desk.directory.queries.numbers import by_number
from acquis.desk.directory.rooms import Contract, Fact, Moment, Room, Situation
from acquis.desk.sales.models import Order
from acquis.desk.sales.presentation import STATE_TONES
from acquis.desk.sales.queries import UNDER_WAY
from acquis.desk.shell import noon_of

LATE = _("en retard")


def moments(customer: Customer, channel: str, limit: int) -> Iterable[Moment]:
    del channel  # an order has none
    for order in customer.orders.prefetch_related("lines")[:limit]:
        yield Moment(
            kind="order",
            at=noon_of(order.ordered_on),
            pk=order.pk,
            title=_("Commande %(number)s") % {"number": order.number},
            text=", ".join(line.label for line in order.lines.all()),
            url=_address(order),
            icon="shopping-cart",
            badge=order.get_state_display(),
            tone=STATE_TONES[order.state],
            day_only=True,
        )


def facts(customer: Customer, today: date) -> Iterable[Fact]:
    for order in customer.orders.filter(state__in=UNDER_WAY):
        yield Fact(
            section="open",
            title=_("Commande %(number)s") % {"number": order.number},
            text=order.get_state_display(),
            url=_address(order),
        )
        if order.promised_on:
            late = order.promised_on < today
            yield Fact(
                section="promised",
                title=LATE if late else _("Livraison %(number)s") % {"number": order.number},
                text=_("Livraison %(number)s") % {"number": order.number} if late else "",
                url=_address(order),
                tone="danger" if late else "neutral",
                on=order.promised_on,
            )


def contracts(customer: Customer, on: date) -> Iterable[Contract]:
    """Orders not yet delivered, and subscriptions delivered that nobody ended."""
    running = Q(state__in=UNDER_WAY) | Q(state=Order.State.DELIVERED, lines__product__period__gt="")
    for order in customer.orders.filter(running, ordered_on__lte=on).distinct():
        yield Contract(
            reference=order.number,
            label=_("Commande %(number)s") % {"number": order.number},
            url=_address(order),
        )


def customers(workspace: Workspace, number: str) -> QuerySet[Customer]:
    rows = Order.objects.filter(workspace=workspace)
    carried = Q(carrier_reference__in={number.strip(), number.strip().upper()} - {""})
    found = rows.filter(by_number(rows, number) | carried)
    return Customer.objects.filter(workspace=workspace, pk__in=found.values("customer"))


def _address(order: Order) -> str:
    return reverse("sales:order", args=[order.workspace_id, order.pk])


def _under_way(today: date) -> Q:
    del today
    return Q(pk__in=Order.objects.filter(state__in=UNDER_WAY).values("customer"))


ROOM = Room(
    kind="order",
    label=_("Commandes"),
    moments=moments,
    facts=facts,
    customers=customers,
    contracts=contracts,
    situations=(Situation("commande", _("Commande en cours"), _under_way),),
)
