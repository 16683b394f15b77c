"""Rows of the directory made of lines that were understood: a few queries for many lines."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from acquis.accounts.models import User
from acquis.desk.directory import queries as directory
from acquis.desk.directory.actions.keep_customer import next_rank
from acquis.desk.directory.models import (
    CompanyContact,
    Consent,
    ContactPoint,
    Customer,
    PostalAddress,
)
from acquis.desk.directory.policy import numbers
from acquis.desk.imports.models import CustomerImport, ImportedRow
from acquis.desk.imports.policy.columns import RECORD
from acquis.desk.imports.policy.lines import Read
from acquis.desk.merging import queries as merging
from acquis.desk.merging.rows import label, manager
from acquis.desk.shell import day_in_paris, noon_of

LINES_OF_ADDRESS = ("recipient", "inside", "outside", "street", "locality", "postcode", "city")


@dataclass(slots=True)
class Made:
    """What a line becomes: the record, and the rows beside it, not yet written."""

    customer: Customer
    new: bool = False
    beside: list[models.Model] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)


def matches(source: CustomerImport, lines: Sequence[Read]) -> list[Customer | None]:
    """For each line the record that its customer probably has already.

    The reference decides alone. What this import itself created is not looked at: lines of one
    file are compared with each other when they are checked.
    """
    workspace = source.workspace
    asked = {line.values["reference"] for line in lines if "reference" in line.values}
    named = {
        row.reference: row
        for row in Customer.objects.filter(workspace=workspace, reference__in=asked)
    }
    drafts = [merging.identity(_draft(line)) for line in lines]
    near = merging.resembling(workspace, drafts)
    keys = {alike.customer.pk for found in near for alike in found}
    own = set(
        ImportedRow.objects.filter(
            source=source, outcome=ImportedRow.Outcome.CREATED, customer__in=keys
        ).values_list("customer_id", flat=True)
    )
    told: list[Customer | None] = []
    for line, found in zip(lines, near, strict=True):
        same = named.get(line.values.get("reference", ""))
        others = (each.customer for each in found if each.customer.pk not in own)
        told.append(same or next(others, None))
    return told


def _draft(line: Read) -> Customer:
    return Customer(**{name: value for name, value in line.values.items() if name in RECORD})


def new(source: CustomerImport, line: Read, *, by: User | None, at: datetime) -> Made:
    """A record of its own; its reference may still be empty."""
    customer = _draft(line)
    customer.workspace_id = source.workspace_id
    customer.custom = line.custom
    customer.updated_at = at
    made = Made(customer, new=True)
    _beside(made, source, line, by=by, at=at, known=_Known())
    return made


def fill(
    source: CustomerImport,
    customer: Customer,
    line: Read,
    known: "_Known",
    *,
    by: User | None,
    at: datetime,
) -> Made:
    """Complete what the record does not say; nothing that it says is changed.

    A refusal in the file is written down even against an agreement: the more protective holds.
    """
    made = Made(customer)
    before = {
        name: getattr(customer, name) for name in (*RECORD, "custom", "consents", "updated_at")
    }
    for name, value in line.values.items():
        if name in RECORD and name not in {"kind", "reference"} and not getattr(customer, name):
            setattr(customer, name, value)
    customer.custom = {**line.custom, **(customer.custom or {})}
    _beside(made, source, line, by=by, at=at, known=known)
    changed = {
        name: value for name, value in before.items()
        if name != "updated_at" and getattr(customer, name) != value
    }  # fmt: skip
    if changed or made.beside:
        made.before = changed | {"updated_at": before["updated_at"]}
        customer.updated_at = at
    return made


class _Known:
    """What records that are about to be completed have beside them."""

    def __init__(self, customers: Iterable[Customer] = ()) -> None:
        keys = [one.pk for one in customers]
        self.points: set[tuple[int | None, str, str]] = (
            set(
                ContactPoint.objects.filter(customer__in=keys, contact=None).values_list(
                    "customer_id", "kind", "value"
                )
            )
            if keys
            else set()
        )
        self.addresses: set[int | None] = (
            set(
                PostalAddress.objects.filter(customer__in=keys).values_list(
                    "customer_id", flat=True
                )
            )
            if keys
            else set()
        )
        self.people: set[tuple[int | None, str]] = (
            {
                (pk, name.casefold())
                for pk, name in CompanyContact.objects.filter(company__in=keys).values_list(
                    "company_id", "last_name"
                )
            }
            if keys
            else set()
        )
        self.said: dict[tuple[int | None, str], bool] = {}
        if keys:
            said = Consent.objects.filter(
                customer__in=keys, purpose=Consent.Purpose.PROSPECTING
            ).order_by("decided_at", "pk")
            for pk, channel, given in said.values_list("customer_id", "channel", "given"):
                self.said[pk, channel] = given


def known_of(customers: Iterable[Customer]) -> _Known:
    return _Known(customers)


def _beside(
    made: Made, source: CustomerImport, line: Read, *, by: User | None, at: datetime, known: _Known
) -> None:
    values, customer = line.values, made.customer
    for kind, name in (("phone", "other_phone"), ("email", "other_email")):
        value = values.get(name)
        if value and (customer.pk, kind, value) not in known.points:
            known.points.add((customer.pk, kind, value))
            made.beside.append(ContactPoint(customer=customer, kind=kind, value=value))
    if "delivery_street" in values and customer.pk not in known.addresses:
        made.beside.append(
            PostalAddress(
                customer=customer,
                use=PostalAddress.Use.DELIVERY,
                street=values["delivery_street"],
                postcode=values["delivery_postcode"],
                city=values["delivery_city"],
            )
        )
    _people(made, line, known)
    _consents(made, source, line, by=by, at=at, known=known)


def _people(made: Made, line: Read, known: _Known) -> None:
    values, customer = line.values, made.customer
    name = values.get("contact_last_name") or (
        values.get("last_name", "") if "contact_function" in values else ""
    )
    if not name or customer.kind != Customer.Kind.COMPANY:
        return
    if (customer.pk, name.casefold()) in known.people:
        return
    known.people.add((customer.pk, name.casefold()))
    person = CompanyContact(
        company=customer,
        first_name=values.get("contact_first_name", ""),
        last_name=name,
        function=values.get("contact_function", ""),
    )
    made.beside.append(person)
    for kind, field_name in (("phone", "contact_phone"), ("email", "contact_email")):
        if field_name in values:
            made.beside.append(
                ContactPoint(customer=customer, contact=person, kind=kind, value=values[field_name])
            )


def _consents(
    made: Made, source: CustomerImport, line: Read, *, by: User | None, at: datetime, known: _Known
) -> None:
    customer = made.customer
    day = line.values.get("consent_day")
    said_at = min(noon_of(day), at) if day else at
    for channel, given in line.consents.items():
        before = known.said.get((customer.pk, channel))
        if before is not None and (given or not before):
            continue  # only a refusal says more than what is known
        proof = _("Import du fichier « %(name)s »") % {"name": source.name}
        made.beside.append(
            Consent(
                customer=customer,
                channel=channel,
                given=given,
                decided_at=at if before else said_at,
                medium=Consent.Medium.DECLARED,
                proof=proof[:300],
                recorded_at=at,
                recorded_by=by,
                recorded_by_label=by.full_name if by else "",
            )
        )
        known.said[customer.pk, channel] = given
        customer.consents = {
            **(customer.consents or {}),
            channel: {"granted": given, "on": day_in_paris(said_at).isoformat(), "source": proof},
        }


def insert(made: Sequence[Made], *, workspace_id: int) -> None:
    """Write the new records, then what lies beside all of them, one INSERT a table."""
    for one in made:
        if one.new:
            points = [row for row in one.beside if isinstance(row, ContactPoint)]
            people = [row for row in one.beside if isinstance(row, CompanyContact)]
            places = [row for row in one.beside if isinstance(row, PostalAddress)]
            one.customer.search_text = directory.search_text(
                one.customer,
                *(point.value for point in points if point.kind == "email"),
                *(str(getattr(place, name)) for place in places for name in LINES_OF_ADDRESS),
                *(t for row in people for t in (row.first_name, row.last_name, row.function)),
                phones=[point.value for point in points if point.kind == "phone"],
            )
    Customer.objects.bulk_create([one.customer for one in made if one.new])
    rows: dict[type[models.Model], list[Any]] = defaultdict(list)
    for one in made:
        for row in one.beside:
            row.workspace_id = workspace_id  # type: ignore[attr-defined]
            rows[type(row)].append(row)
    for model in (CompanyContact, ContactPoint, PostalAddress, Consent):
        for row in rows[model]:
            _point_again(row)
        manager(model).bulk_create(rows[model])


def _point_again(row: models.Model) -> None:
    """The rows it points at were written after it was made: take their keys."""
    for name in ("customer", "company", "contact"):
        pointed = getattr(row, name, None)
        if pointed is not None:
            setattr(row, name, pointed)


def update(customers: Sequence[Customer]) -> None:
    """Write records that were completed, with the text by which they are found: four queries."""
    texts: dict[int, list[str]] = defaultdict(list)
    phones: dict[int, list[str]] = defaultdict(list)
    keys = [one.pk for one in customers]
    points = ContactPoint.objects.filter(customer__in=keys).order_by("kind", "pk")
    for pk, kind, value in points.values_list("customer_id", "kind", "value"):
        (phones if kind == ContactPoint.Kind.PHONE else texts)[pk].append(value)
    places = PostalAddress.objects.filter(customer__in=keys)
    for pk, *parts in places.values_list("customer_id", *LINES_OF_ADDRESS):
        texts[pk] += parts
    people = CompanyContact.objects.filter(company__in=keys)
    for pk, *parts in people.values_list("company_id", "first_name", "last_name", "function"):
        texts[pk] += parts
    for one in customers:
        one.search_text = directory.search_text(
            one, *dict.fromkeys(texts[one.pk]), phones=dict.fromkeys(phones[one.pk])
        )
    Customer.objects.bulk_update(
        customers, [*RECORD, "custom", "consents", "updated_at", "search_text"], batch_size=100
    )


def number(source: CustomerImport, made: Sequence[Made]) -> None:
    """Give references of the series « C-00001 » to those without; the desk is locked.

    They follow the highest of the desk and of the lines that come with their own.
    """
    bare = [one.customer for one in made if not one.customer.reference]
    if not bare:
        return
    brought = [numbers.rank_of(one.customer.reference) or 0 for one in made]
    first = max(next_rank(source.workspace), max(brought) + 1)
    for rank, customer in enumerate(bare, start=first):
        customer.reference = numbers.reference_of(rank)


def parts_of(made: Made) -> dict[str, list[int]]:
    """Keys of the rows beside the record, by model label."""
    found: dict[str, list[int]] = defaultdict(list)
    for row in made.beside:
        found[label(row)].append(row.pk)
    return dict(found)
