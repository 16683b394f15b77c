"""Price lists as they are read: which holds on a day, what a customer is charged."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from acquis.accounts.models import Workspace
from acquis.desk.directory.models import Customer
from acquis.desk.knowledge import words
from acquis.desk.sales import pricing
from acquis.desk.sales.models import PriceLine, PriceList, PriceListVersion, Product

PUBLISHED = PriceListVersion.State.PUBLISHED


@dataclass(frozen=True, slots=True)
class Offer:
    """What one unit of a product costs a customer on a day; no `line`: the catalogue's price."""

    price: pricing.Price
    line: PriceLine | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A version as a page shows it; `end` is its last day, None while nothing replaces it."""

    version: PriceListVersion
    state: pricing.Standing
    end: date | None


@dataclass(frozen=True, slots=True)
class Difference:
    product: Product
    least: Decimal
    before: pricing.Step | None
    after: pricing.Step | None
    percent: Decimal | None  # of a price in euros against a price in euros


def price_lists(workspace: Workspace, typed: str = "") -> QuerySet[PriceList]:
    """Every word typed is in the name, the segment, the owner, or a product of a version."""
    found = PriceList.objects.filter(workspace=workspace)
    for word in words.telling(typed):
        spelt = words.spelt(word)
        priced = PriceLine.objects.filter(
            Q(product__label__iregex=spelt) | Q(product__reference__icontains=word),
            workspace=workspace,
        )
        found = found.filter(
            Q(name__iregex=spelt)
            | Q(segment__iregex=spelt)
            | Q(owner__iregex=spelt)
            | Q(pk__in=priced.values("version__price_list"))
        )
    return found.prefetch_related(
        Prefetch("versions", PriceListVersion.objects.order_by("-rank"))
    ).order_by("name", "pk")


def named(workspace: Workspace, typed: str) -> QuerySet[PriceList]:
    """Lists whose name holds every word typed."""
    found = PriceList.objects.filter(workspace=workspace)
    for word in words.telling(typed):
        found = found.filter(name__iregex=words.spelt(word))
    return found.order_by("name", "pk")


def standings(price_list: PriceList, today: date) -> list[Standing]:
    """Every version, the last first."""
    versions = list(price_list.versions.all())
    starts = [one.valid_from for one in versions if one.state == PUBLISHED and one.valid_from]
    return [_standing(one, starts, today) for one in versions]


def _standing(version: PriceListVersion, starts: Sequence[date], today: date) -> Standing:
    if version.valid_from is None:
        return Standing(version, "draft", None)
    period = pricing.Period(version.valid_from, version.valid_until)
    end = pricing.last_day(period, starts) if version.state == PUBLISHED else version.valid_until
    return Standing(version, pricing.standing(version.state, period, starts, today), end)


def in_force(workspace: Workspace, day: date) -> QuerySet[PriceListVersion]:
    """The version of each list that holds on a day, if one does."""
    begun = PriceListVersion.objects.filter(
        price_list=OuterRef("price_list"), state=PUBLISHED, valid_from__lte=day
    ).order_by("-valid_from")
    return PriceListVersion.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=day),
        workspace=workspace,
        pk=Subquery(begun.values("pk")[:1]),
    ).select_related("price_list")


def lines_in_force(workspace: Workspace, product: Product, day: date) -> list[PriceLine]:
    """What every list says of a product on a day, by list and quantity: one query."""
    versions = in_force(workspace, day)
    return list(
        PriceLine.objects.filter(workspace=workspace, product=product, version__in=versions)
        .select_related("version__price_list")
        .order_by("version__price_list__name", "version__price_list", "least")
    )


def offer(
    workspace: Workspace,
    product: Product,
    *,
    customer: Customer | None,
    day: date,
    quantity: Decimal = Decimal(1),
) -> Offer:
    """The price in force: of the list that is closest to the customer, else the catalogue's.

    Of two lists as close, the one that began last. A list that says nothing of the product, or
    nothing of so small a quantity, leaves it to the next.
    """
    base = pricing.catalogue(product.unit_price_ht, product.vat_rate)
    kind, segment = (customer.kind, customer.segment) if customer else ("", "")
    by_version: dict[int, list[PriceLine]] = defaultdict(list)
    for line in lines_in_force(workspace, product, day):
        by_version[line.version_id].append(line)
    best: tuple[tuple[int, date, int], PriceLine] | None = None
    for lines in by_version.values():
        version = lines[0].version
        listed = version.price_list
        close = pricing.closeness(listed.audience, listed.segment, kind=kind, of_segment=segment)
        reached = pricing.step_for([step_of(line) for line in lines], quantity)
        if not close or reached is None:
            continue
        rank = (close, version.valid_from or day, listed.pk)
        if best is None or rank > best[0]:
            best = (rank, next(line for line in lines if line.least == reached.least))
    if best is None:
        return Offer(base)
    return Offer(price_of(best[1], product), best[1])


def step_of(line: PriceLine) -> pricing.Step:
    return pricing.Step(line.least, line.price, line.percent)


def price_of(line: PriceLine, product: Product) -> pricing.Price:
    """What a line charges; its list is at hand."""
    base = pricing.catalogue(product.unit_price_ht, product.vat_rate)
    with_vat = line.version.price_list.basis == PriceList.Basis.TTC
    return pricing.price_of(step_of(line), base, product.vat_rate, with_vat=with_vat)


def priced(version: PriceListVersion, lines: Iterable[PriceLine]) -> list[dict[str, Any]]:
    """Lines of a version with their prices: `line`, `price`, `base`."""
    rows = []
    for line in lines:
        line.version = version
        product = line.product
        base = pricing.catalogue(product.unit_price_ht, product.vat_rate)
        rows.append({"line": line, "price": price_of(line, product), "base": base})
    return rows


def lines_of(version: PriceListVersion, typed: str = "") -> QuerySet[PriceLine]:
    """By family and name as the catalogue, then by quantity."""
    found = version.lines.select_related("product")
    for word in typed.split():
        found = found.filter(
            Q(product__label__icontains=word)
            | Q(product__reference__icontains=word)
            | Q(product__category__icontains=word)
        )
    return found.order_by("product__category", "product__label", "product", "least")


def differences(before: PriceListVersion, after: PriceListVersion) -> list[Difference]:
    """What the second version charges otherwise, by product and quantity: two queries."""
    products: dict[int, Product] = {}

    def steps(version: PriceListVersion) -> dict[tuple[int, Decimal], pricing.Step]:
        lines = version.lines.select_related("product")
        products.update({line.product_id: line.product for line in lines})
        return {(line.product_id, line.least): step_of(line) for line in lines}

    found = pricing.differences(steps(before), steps(after))
    rows = [
        Difference(
            products[one.key[0]], one.key[1], one.before, one.after,
            pricing.growth(one.before, one.after),
        )
        for one in found
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.product.label, row.product.pk, row.least))
