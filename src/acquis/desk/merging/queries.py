"""Records that may be one customer, by keys that indexes name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from acquis.accounts.models import Workspace
from acquis.desk.directory.models import ContactPoint, Customer
from acquis.desk.merging import policy
from acquis.desk.merging.models import FormerRecord, Suspicion

MOST_ALIKE = 10  # shown of those who look like one record
MOST_PER_KEY = 30  # a key shared by more tells nothing: a switchboard, a town's commonest name
_COLUMNS = ("phone", "phone_alt", "email", "siren", "siret")


@dataclass(frozen=True, slots=True)
class Alike:
    customer: Customer
    likeness: policy.Likeness


def identity(customer: Customer, points: Iterable[tuple[str, str]] = ()) -> policy.Identity:
    """`points`: kind and value of the other telephones and e-mails of the record itself."""
    points = list(points)
    phones = {customer.phone, customer.phone_alt, *(v for kind, v in points if kind == "phone")}
    emails = {customer.email.lower(), *(v.lower() for kind, v in points if kind == "email")}
    return policy.Identity(
        kind=customer.kind,
        first_name=customer.first_name,
        last_name=customer.last_name,
        company_name=customer.company_name,
        siren=customer.siren,
        siret=customer.siret,
        emails=frozenset(emails - {""}),
        phones=frozenset(phones - {""}),
        postcode=customer.postcode,
        address=customer.address_1,
        birth_year=customer.birth_year,
    )


def identities(customers: Sequence[Customer]) -> dict[int, policy.Identity]:
    """Of kept records, by key: one query."""
    points: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = ContactPoint.objects.filter(customer__in=[one.pk for one in customers], contact=None)
    for pk, kind, value in rows.order_by().values_list("customer_id", "kind", "value"):
        points[pk].append((kind, value))
    return {one.pk: identity(one, points[one.pk]) for one in customers}


def resembling(workspace: Workspace, asked: Sequence[policy.Identity]) -> list[list[Alike]]:
    """For each identity the probable duplicates of the desk, the likeliest first.

    Seven queries, each by its index, whatever the size of the desk and of `asked`.
    """
    found = _candidates(workspace, asked)
    known = identities(list(found.values()))
    by_key: dict[str, list[int]] = defaultdict(list)
    for pk, one in known.items():
        for key in policy.keys(one):
            by_key[key].append(pk)
    answer = []
    for one in asked:
        near = {pk for key in policy.keys(one) for pk in by_key[key][:MOST_PER_KEY]}
        alike = [Alike(found[pk], policy.compare(one, known[pk])) for pk in sorted(near)]
        alike = [each for each in alike if each.likeness.probable]
        alike.sort(key=lambda each: (-each.likeness.score, each.customer.pk))
        answer.append(alike[:MOST_ALIKE])
    return answer


def _candidates(workspace: Workspace, asked: Sequence[policy.Identity]) -> dict[int, Customer]:
    phones = {number for one in asked for number in one.phones}
    emails = {address for one in asked for address in one.emails}
    sirens = {one.siren or one.siret[:9] for one in asked} - {""}
    scope = Customer.objects.filter(workspace=workspace)
    most = MOST_PER_KEY * max(1, len(asked))
    rows: dict[int, Customer] = {}

    def take(query: QuerySet[Customer]) -> None:
        rows.update({row.pk: row for row in query.order_by()[:most]})

    if phones:
        take(scope.filter(phone__in=phones))
        take(scope.filter(phone_alt__in=phones))
    if emails:
        take(scope.filter(email__in=emails))
    if sirens:
        take(scope.filter(siren__in=sirens))
    if phones or emails:
        points = ContactPoint.objects.filter(workspace=workspace, contact=None).filter(
            Q(kind="phone", value__in=phones) | Q(kind="email", value__in=emails)
        )
        owners = set(points.order_by().values_list("customer_id", flat=True)[:most])
        take(scope.filter(pk__in=owners - rows.keys()))
    names = {spelling for one in asked if one.postcode for spelling in _spellings(one.last_name)}
    towns = {one.postcode for one in asked}
    if names - {""}:
        take(scope.filter(last_name__in=names - {""}, postcode__in=towns))
    return rows


def _spellings(name: str) -> Iterable[str]:
    """As people type the same name: the index knows letters, not sounds."""
    return {name, name.upper(), name.lower(), name.title(), name.capitalize()}


def alike(customer: Customer) -> list[Alike]:
    """Who may be the same as a kept record, without those that are known not to be."""
    workspace = customer.workspace
    (found,) = resembling(workspace, [identities([customer])[customer.pk]])
    pairs = Suspicion.objects.filter(workspace=workspace).filter(
        Q(first=customer) | Q(second=customer)
    )
    told = list(pairs.select_related("first", "second")[:MOST_PER_KEY])
    dismissed = {
        key for one in told if one.state == Suspicion.State.DISMISSED
        for key in (one.first_id, one.second_id)
    }  # fmt: skip
    near = {each.customer.pk: each for each in found}
    for one in told:
        other = one.second if one.first_id == customer.pk else one.first
        near.setdefault(other.pk, Alike(other, policy.Likeness(one.score, tuple(one.reasons))))
    kept = [each for pk, each in near.items() if pk != customer.pk and pk not in dismissed]
    return sorted(kept, key=lambda each: (-each.likeness.score, each.customer.pk))[:MOST_ALIKE]


def of_values(workspace: Workspace, values: Mapping[str, Any]) -> list[Alike]:
    """Who may be the same as a record that is about to be created."""
    names = {field.attname for field in Customer._meta.concrete_fields}  # noqa: SLF001
    draft = Customer(**{name: value for name, value in values.items() if name in names})
    return resembling(workspace, [identity(draft)])[0]


def successor(workspace: Workspace, former_key: int) -> int | None:
    """The key of the record into which the one that had `former_key` was merged."""
    former = (
        FormerRecord.objects.filter(
            workspace=workspace, former_key=former_key, merge__undone_at=None
        )
        .select_related("merge")
        .last()
    )
    return former.merge.kept_id if former else None
