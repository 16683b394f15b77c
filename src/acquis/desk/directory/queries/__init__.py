"""Customers of one workspace, as lists and as histories."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from heapq import nlargest
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from acquis.accounts.models import Workspace
from acquis.desk.directory import index, policy
from acquis.desk.directory.models import (
    CompanyContact,
    ContactPoint,
    Customer,
    CustomField,
    HouseholdMember,
)
from acquis.desk.directory.policy import listing
from acquis.desk.directory.queries import narrow
from acquis.desk.directory.rooms import Fact, Moment, rooms, situations
from acquis.desk.shell import day_in_paris

MOST_FOUND = 500  # records a search gives at most: beyond, more must be typed
MOST_CALLERS = 20
HISTORY_READ = 2_000  # moments of each room looked through for a text or a period
WORDS_GUESSED = 6
RANGE_FIGURES = 2  # last figures in which the lines of one switchboard differ
CERTAINTIES: Sequence[policy.Certainty] = ("known", "likely", "possible")

_SEGMENTS = """WITH RECURSIVE found(segment) AS (
    SELECT MIN(segment) FROM directory_customer
        WHERE workspace_id = %(workspace)s AND segment > ''
    UNION ALL
    SELECT (SELECT MIN(segment) FROM directory_customer
        WHERE workspace_id = %(workspace)s AND segment > found.segment)
        FROM found WHERE found.segment IS NOT NULL)
    SELECT segment FROM found WHERE segment IS NOT NULL"""
ABSENT = ("customer_since",)
SORTS: Mapping[str, tuple[str, ...]] = {
    "nom": ("last_name", "first_name", "company_name", "pk"),
    "reference": ("reference", "pk"),
    "courriel": ("email", "pk"),
    "cp": ("postcode", "last_name", "pk"),
    "ville": ("city", "last_name", "pk"),
    "depuis": ("customer_since", "pk"),
    "segment": ("segment", "last_name", "pk"),
    "modifie": ("updated_at", "pk"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included; an absent one sets no bound."""

    first: date | None = None
    last: date | None = None

    def holds(self, at: datetime) -> bool:
        day = day_in_paris(at)
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


EVER = Period()


@dataclass(frozen=True, slots=True)
class Filters:
    kind: str = ""
    segment: str = ""
    area: str = ""  # the beginning of a postcode
    situation: str = ""  # a key of `rooms.situations()`
    tag: str = ""
    consent: str = ""  # « phone_offers:yes », « …:no », « …:unknown »
    since: Period = EVER  # days since which they are customers
    changed: Period = EVER  # days of the last change
    custom: tuple[tuple[str, str, Any], ...] = ()  # key and kind of a field, value as it is kept


@dataclass(frozen=True, slots=True)
class Found:
    """Customers; whether they only resemble what was typed, and whether there are more."""

    customers: QuerySet[Customer]
    approximate: bool = False
    more: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """Who may be at the other end, and how sure it is."""

    customer: Customer
    certainty: policy.Certainty
    through: str  # phone, phone_alt, point, contact, range
    contact: CompanyContact | None = None


@dataclass(frozen=True, slots=True)
class _Match:
    customer_id: int
    through: str
    contact: CompanyContact | None = None
    point: ContactPoint | None = None
    same_range: bool = False

    def left(self, on: date) -> bool:
        """Whether the number, or the person, no longer belongs there."""
        return any(
            part is not None and not part.holds_on(on) for part in (self.point, self.contact)
        )


def of_workspace(workspace: Workspace) -> QuerySet[Customer]:
    return Customer.objects.filter(workspace=workspace)


def search_text(customer: Customer, *parts: str, phones: Iterable[str] = ()) -> str:
    """What `find` looks in: to be kept in `Customer.search_text` at every write.

    `parts` and `phones` are what the other tables say of the customer: `search_text_of` reads
    them; without them, what is on the record alone.
    """
    return policy.searchable(
        (
            customer.first_name,
            customer.last_name,
            customer.company_name,
            customer.reference,
            customer.email,
            customer.siret or customer.siren,
            customer.vat_number,
            customer.address_1,
            customer.address_2,
            customer.postcode,
            customer.city,
            *parts,
        ),
        (customer.phone, customer.phone_alt, *phones),
    )


def search_text_of(customer: Customer) -> str:
    """The text of a kept record with its numbers, addresses, people: three queries."""
    texts: list[str] = []
    phones: list[str] = []
    for kind, value in customer.contact_points.values_list("kind", "value"):
        (phones if kind == ContactPoint.Kind.PHONE else texts).append(value)
    lines = ("recipient", "inside", "outside", "street", "locality", "postcode", "city")
    for row in customer.addresses.values_list(*lines):
        texts += row
    for first, last, function in customer.people.values_list("first_name", "last_name", "function"):
        texts += (first, last, function)
    return search_text(customer, *dict.fromkeys(texts), phones=dict.fromkeys(phones))


def find(
    workspace: Workspace, typed: str, *, filters: Filters, sort: str = "nom", today: date
) -> Found:
    """Customers that match everything typed; if nobody does, those whose name comes closest.

    Each step goes by an index, and stops at MOST_FOUND records: a person reads no more of them.
    """
    asked = policy.understand(typed)
    if not asked and typed.strip():
        return Found(Customer.objects.none())  # signs that are no word
    if not asked:
        return Found(_sorted(_filtered(of_workspace(workspace), filters, today), sort))
    scope = _filtered(index.records(workspace), filters, today)
    keys = (
        _named(workspace, scope, typed, asked)
        or _first(index.holding(scope, asked.terms))
        or _first(_by_number(scope, workspace, typed))
    )
    if keys or asked.fragment:
        few = keys[:MOST_FOUND]
        found = _sorted(scope.filter(pk__in=few), sort, by_index=False)
        return Found(found, more=len(keys) > len(few))
    return _closest(workspace, scope, typed, asked.words)


def _closest(
    workspace: Workspace, scope: QuerySet[Customer], typed: str, words: Sequence[str]
) -> Found:
    """Nobody spells it so: each word may stand for those of the records that look like it."""
    spellings = [[word, *index.like_words(workspace, word)] for word in words[:WORDS_GUESSED]]
    if all(len(term) == 1 for term in spellings):
        return Found(scope.none(), approximate=True)
    # An order that no index gives: told to stop at the first ones, the database would bet on
    # meeting them soon and read the whole desk, as it cannot tell how rare a spelling is.
    rows = (
        index.holding(scope, spellings)
        .order_by(Length("search_text"), "pk")
        .values_list("pk", "first_name", "last_name", "company_name", "city")[:MOST_FOUND]
    )
    names = {pk: " ".join(parts) for pk, *parts in rows}
    keys = policy.closest(typed, names) or [*names][: policy.CLOSEST_SHOWN]
    rank = Case(
        *(When(pk=key, then=Value(place)) for place, key in enumerate(keys)),
        default=Value(len(keys)),
        output_field=IntegerField(),
    )
    return Found(scope.filter(pk__in=keys).order_by(rank, "pk"), approximate=True)


def _named(
    workspace: Workspace, scope: QuerySet[Customer], typed: str, asked: policy.Asked
) -> list[int]:
    """Whom a whole telephone number, e-mail address or reference names, each by its own index."""
    number = policy.e164(typed) if asked.fragment else None
    word = typed.strip()
    if number:
        keys = {caller.customer_id for caller in _callers(workspace, number)}
    elif "@" in word:
        spellings = {word, word.lower()}
        points = ContactPoint.objects.filter(
            workspace=workspace, kind=ContactPoint.Kind.EMAIL, value=word.lower()
        )
        owners = of_workspace(workspace).filter(email__in=spellings)
        keys = {*_first(owners), *points.values_list("customer_id", flat=True)[:MOST_FOUND]}
    elif len(asked.words) == 1 and any(map(str.isdigit, word)):
        keys = {*_first(of_workspace(workspace).filter(reference__in={word, word.upper()}))}
    else:
        return []
    return _first(scope.filter(pk__in=keys)) if keys else []


def _first(found: QuerySet[Customer]) -> list[int]:
    """At most one more than MOST_FOUND keys, in no order: sorting all would read all."""
    return list(found.order_by().values_list("pk", flat=True)[: MOST_FOUND + 1])


def _by_number(scope: QuerySet[Customer], workspace: Workspace, typed: str) -> QuerySet[Customer]:
    """Customers of an order, an invoice or a case whose number contains what was typed."""
    number = typed.strip()
    if not any(map(str.isdigit, number)):
        return scope.none()
    owners = (Q(pk__in=room.customers(workspace, number).values("pk")) for room in rooms())
    return scope.filter(reduce(or_, owners))


def identify(workspace: Workspace, number: str, *, on: date) -> list[Caller]:
    """Who may be calling from `number` (as the network gives it), the surest first.

    Nothing is read but what an index names: five queries, whatever the size of the desk.
    """
    known = policy.e164(number)
    if known is None:
        return []
    found = _callers(workspace, known) or _colleagues(workspace, known)
    customers = {
        row.pk: row for row in of_workspace(workspace).filter(pk__in={c.customer_id for c in found})
    }
    people = len({caller.customer_id for caller in found if not caller.left(on)})
    told = [
        Caller(
            customer=customers[caller.customer_id],
            contact=caller.contact,
            certainty=policy.certainty(
                current=not caller.left(on),
                shared_by=people,
                same_range=caller.same_range,
            ),
            through=caller.through,
        )
        for caller in found
    ]
    best: dict[int, Caller] = {}
    for caller in sorted(told, key=lambda caller: CERTAINTIES.index(caller.certainty)):
        best.setdefault(caller.customer.pk, caller)
    return list(best.values())


def _callers(workspace: Workspace, number: str) -> list[_Match]:
    """Three queries, each by its index: one condition on all would read every row."""
    own = [
        _Match(key, through=column)
        for column in ("phone", "phone_alt")
        for key in of_workspace(workspace)
        .filter(**{column: number})
        .values_list("pk", flat=True)[:MOST_CALLERS]
    ]
    points = ContactPoint.objects.filter(
        workspace=workspace, kind=ContactPoint.Kind.PHONE, value=number
    ).select_related("contact")[:MOST_CALLERS]
    return own + [
        _Match(
            point.customer_id,
            through="contact" if point.contact else "point",
            contact=point.contact,
            point=point,
        )
        for point in points
    ]


def _colleagues(workspace: Workspace, number: str) -> list[_Match]:
    """Companies whose own number differs in its last two figures: one switchboard, it may be."""
    stem = number[:-RANGE_FIGURES]
    companies = of_workspace(workspace).filter(
        phone__gte=f"{stem}00", phone__lte=f"{stem}99", kind=Customer.Kind.COMPANY
    )
    return [
        _Match(key, through="range", same_range=True)
        for key in companies.values_list("pk", flat=True)[:MOST_CALLERS]
    ]


def _filtered(scope: QuerySet[Customer], filters: Filters, today: date) -> QuerySet[Customer]:
    if filters.kind:
        scope = scope.filter(kind=filters.kind)
    if filters.segment:
        scope = scope.filter(segment=filters.segment)
    areas = listing.areas(filters.area)
    if filters.area.strip() and not areas:
        return scope.none()
    if areas:
        scope = scope.filter(reduce(or_, (Q(postcode__startswith=area) for area in areas)))
    scope = narrow.narrowed(
        scope,
        tag=filters.tag,
        consent=filters.consent,
        since=(filters.since.first, filters.since.last),
        changed=(filters.changed.first, filters.changed.last),
        custom=filters.custom,
    )
    situation = situations().get(filters.situation)
    if situation is not None:
        scope = scope.filter(situation.condition(today))
    return scope


def _sorted(scope: QuerySet[Customer], sort: str, *, by_index: bool = True) -> QuerySet[Customer]:
    """Sort by a key of SORTS, « - » before it reversing; what has no value comes last.

    A few records are sorted once read: by the index of names the database would walk the whole
    desk to meet them. Saying where absent values come, though none is, keeps it from that.
    """
    descending = sort.startswith("-")
    first, *others = SORTS.get(sort.removeprefix("-"), SORTS["nom"])
    absent: dict[str, Any] = {}
    if first in ABSENT or (descending and not by_index):
        absent = {"nulls_last": True}
    elif not by_index:
        absent = {"nulls_first": True}
    leading = F(first).desc(**absent) if descending else F(first).asc(**absent)
    return scope.order_by(leading, *others)


def segments(workspace: Workspace) -> list[str]:
    """The segments in use, in order: one step of the index for each, and not one a customer."""
    with connection.cursor() as cursor:
        cursor.execute(_SEGMENTS, {"workspace": workspace.pk})
        return [row[0] for row in cursor.fetchall()]


def custom_fields(workspace: Workspace, *, archived: bool = False) -> list[CustomField]:
    """The fields that the desk defines, in order; with those it no longer asks for on request."""
    fields = CustomField.objects.filter(workspace=workspace)
    return list(fields if archived else fields.filter(archived_at=None))


def household_of(customer: Customer) -> list[HouseholdMember]:
    """The others who live with the customer."""
    return list(
        HouseholdMember.objects.filter(household__members__customer=customer)
        .exclude(customer=customer)
        .select_related("household", "customer")
    )


def history(
    customer: Customer,
    *,
    kind: str = "",
    channel: str = "",
    period: Period = EVER,
    text: str = "",
    start: int = 0,
    count: int = 20,
) -> tuple[list[Moment], bool]:
    """A slice of what happened with the customer, newest first, and whether there is more.

    With a text or a period, at most HISTORY_READ moments of each room are looked through.
    """
    asked = policy.fold(text).split()
    narrowed = bool(asked) or period != EVER
    limit = HISTORY_READ if narrowed else start + count + 1
    told: Iterable[Moment] = (
        moment
        for room in rooms()
        if kind in {"", room.kind} and (not channel or room.channels)
        for moment in room.moments(customer, channel, limit)
        if not narrowed or (period.holds(moment.at) and _says(moment, asked))
    )
    newest = nlargest(
        start + count + 1, told, key=lambda moment: (moment.at, moment.kind, moment.pk)
    )
    return newest[start : start + count], len(newest) > start + count


def _says(moment: Moment, words: Sequence[str]) -> bool:
    parts = (moment.title, moment.text, moment.actor, moment.badge, moment.channel_label)
    said = policy.fold(" ".join(map(str, parts)))
    return all(word in said for word in words)


def facts(customer: Customer, *, today: date) -> Mapping[str, Sequence[Fact]]:
    """What the rooms say at a glance, by section; a section without fact is an empty list."""
    told: dict[str, list[Fact]] = {"open": [], "owed": [], "promised": [], "contacts": []}
    for room in rooms():
        for fact in room.facts(customer, today):
            told[fact.section].append(fact)
    return told
