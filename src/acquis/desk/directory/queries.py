"""Customers of one workspace, as lists and as histories."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from heapq import nlargest
from operator import or_

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from acquis.accounts.models import Workspace
from acquis.desk.directory import policy
from acquis.desk.directory.models import Customer
from acquis.desk.directory.rooms import Fact, Moment, rooms, situations

CANDIDATES_FOR_TYPOS = 5_000  # rows compared in memory when no spelling matches

SORTS: Mapping[str, tuple[str, ...]] = {
    "nom": ("last_name", "first_name", "company_name", "pk"),
    "reference": ("reference", "pk"),
    "ville": ("city", "last_name", "pk"),
    "depuis": ("customer_since", "pk"),
    "segment": ("segment", "last_name", "pk"),
    "modifie": ("updated_at", "pk"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    kind: str = ""
    segment: str = ""
    area: str = ""  # the beginning of a postcode
    situation: str = ""  # a key of `rooms.situations()`


@dataclass(frozen=True, slots=True)
class Found:
    """Customers, and whether they only resemble what was typed."""

    customers: QuerySet[Customer]
    approximate: bool = False


def of_workspace(workspace: Workspace) -> QuerySet[Customer]:
    return Customer.objects.filter(workspace=workspace)


def search_text(customer: Customer) -> str:
    """What `find` looks in: to be kept in `Customer.search_text` at every write."""
    return policy.searchable(
        (
            customer.first_name,
            customer.last_name,
            customer.company_name,
            customer.reference,
            customer.email,
            customer.siren,
            customer.address_1,
            customer.address_2,
            customer.postcode,
            customer.city,
        ),
        (customer.phone, customer.phone_alt),
    )


def find(
    workspace: Workspace, typed: str, *, filters: Filters, sort: str = "nom", today: date
) -> Found:
    """Customers that match everything typed; if nobody does, those whose name comes closest."""
    scope = _filtered(of_workspace(workspace), filters, today)
    asked = policy.understand(typed)
    if not asked:
        return Found(_sorted(scope, sort))
    number = policy.e164(typed) if asked.fragment else None
    callers = _callers(scope, number) if number else set()
    if callers:
        return Found(_sorted(scope.filter(pk__in=callers), sort))
    exact = scope.filter(_condition(asked) | _by_number(workspace, typed))
    if asked.fragment or exact.exists():
        return Found(_sorted(exact, sort))
    keys = policy.closest(typed, _names(scope))
    rank = Case(
        *(When(pk=key, then=Value(place)) for place, key in enumerate(keys)),
        default=Value(len(keys)),
        output_field=IntegerField(),
    )
    return Found(scope.filter(pk__in=keys).order_by(rank, "pk"), approximate=True)


def _callers(scope: QuerySet[Customer], number: str) -> set[int]:
    """Two queries, each by its index: one condition on both columns would read every row."""
    columns = ("phone", "phone_alt")
    return {
        key
        for column in columns
        for key in scope.filter(**{column: number}).values_list("pk", flat=True)
    }


def _condition(asked: policy.Asked) -> Q:
    if asked.fragment:
        return Q(search_text__contains=asked.fragment)
    condition = Q()
    for word in asked.words:
        condition &= Q(search_text__contains=word)
    return condition


def _by_number(workspace: Workspace, typed: str) -> Q:
    """Customers of an order, an invoice or a case whose number contains what was typed."""
    number = typed.strip()
    if not any(map(str.isdigit, number)):
        return Q(pk__in=[])
    return reduce(
        or_,
        (Q(pk__in=room.customers(workspace, number).values("pk")) for room in rooms()),
        Q(pk__in=[]),
    )


def _names(scope: QuerySet[Customer]) -> dict[int, str]:
    rows = scope.order_by("-updated_at").values_list(
        "pk", "first_name", "last_name", "company_name", "city"
    )[:CANDIDATES_FOR_TYPOS]
    return {pk: " ".join(parts) for pk, *parts in rows}


def _filtered(scope: QuerySet[Customer], filters: Filters, today: date) -> QuerySet[Customer]:
    if filters.kind:
        scope = scope.filter(kind=filters.kind)
    if filters.segment:
        scope = scope.filter(segment=filters.segment)
    if filters.area:
        scope = scope.filter(postcode__startswith=filters.area)
    situation = situations().get(filters.situation)
    if situation is not None:
        scope = scope.filter(situation.condition(today))
    return scope


def _sorted(scope: QuerySet[Customer], sort: str) -> QuerySet[Customer]:
    """Sort by a key of SORTS, « - » before it reversing; what has no value comes last."""
    descending = sort.startswith("-")
    first, *others = SORTS.get(sort.removeprefix("-"), SORTS["nom"])
    leading = F(first).desc(nulls_last=True) if descending else F(first).asc(nulls_last=True)
    return scope.order_by(leading, *others)


def segments(workspace: Workspace) -> list[str]:
    return list(
        of_workspace(workspace)
        .exclude(segment="")
        .order_by("segment")
        .values_list("segment", flat=True)
        .distinct()
    )


def history(
    customer: Customer, *, kind: str = "", channel: str = "", start: int = 0, count: int = 20
) -> tuple[list[Moment], bool]:
    """A slice of what happened with the customer, newest first, and whether there is more."""
    limit = start + count + 1
    told: Iterable[Moment] = (
        moment
        for room in rooms()
        if kind in {"", room.kind} and (not channel or room.channels)
        for moment in room.moments(customer, channel, limit)
    )
    newest = nlargest(limit, told, key=lambda moment: (moment.at, moment.kind, moment.pk))
    return newest[start : start + count], len(newest) > start + count


def facts(customer: Customer, *, today: date) -> Mapping[str, Sequence[Fact]]:
    """What the rooms say at a glance, by section; a section without fact is an empty list."""
    told: dict[str, list[Fact]] = {"open": [], "owed": [], "promised": [], "contacts": []}
    for room in rooms():
        for fact in room.facts(customer, today):
            told[fact.section].append(fact)
    return told
