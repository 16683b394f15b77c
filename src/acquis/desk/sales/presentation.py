"""Orders as the pages show them."""

from dataclasses import dataclass
from decimal import Decimal

from acquis.desk.directory.rooms import Tone
from acquis.desk.sales import policy
from acquis.desk.sales.models import Order, OrderLine, Product
from acquis.kernel.money import round_cents

STATE_TONES: dict[str, Tone] = {
    Order.State.CONFIRMED: "info",
    Order.State.PREPARING: "info",
    Order.State.SHIPPED: "info",
    Order.State.DELIVERED: "success",
    Order.State.CANCELLED: "neutral",
    Order.State.RETURNED: "warning",
}


@dataclass(frozen=True, slots=True)
class LineShown:
    line: OrderLine
    total: Decimal


def order_lines(order: Order) -> list[LineShown]:
    return [LineShown(line, _policy_line(line).total) for line in order.lines.all()]


def order_totals(order: Order) -> policy.Computation:
    return policy.compute([_policy_line(line) for line in order.lines.all()])


def _policy_line(line: OrderLine) -> policy.Line:
    return policy.Line(
        line.label, line.quantity, line.unit_price_ht, line.vat_rate, line.discount_percent
    )


def price_with_vat(product: Product) -> Decimal:
    ht = round_cents(product.unit_price_ht)
    return ht + policy.vat_of(ht, product.vat_rate)
