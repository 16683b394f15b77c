"""Telephones, e-mail addresses, addresses and people of a record: kept, changed, removed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from acquis.accounts.models import User
from acquis.desk.directory import queries
from acquis.desk.directory.access import Part
from acquis.desk.directory.errors import NotACompany, PartTaken
from acquis.desk.directory.models import CompanyContact, ContactPoint, Customer, PostalAddress
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import realtime, trace

OWNER = {ContactPoint: "customer", PostalAddress: "customer", CompanyContact: "company"}


@transaction.atomic
def keep_part(
    *, customer: Customer, part: Part, values: Mapping[str, Any], by: User | None, at: datetime
) -> Part:
    """Write `values` on a new part (without a key) or on a kept one, and record what differs.

    One main contact at most: the new one takes the place of the former. Raises PartTaken,
    NotACompany or WorkspaceSealed; nothing is written then.
    """
    refuse_if_sealed(customer.workspace)
    row = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    if isinstance(part, CompanyContact) and row.kind != Customer.Kind.COMPANY:
        raise NotACompany
    made = part.pk is None
    kept = type(part)() if made else type(part)._default_manager.get(pk=part.pk)  # noqa: SLF001
    changes = {
        name: {"before": _plain(getattr(kept, name)), "after": _plain(value)}
        for name, value in values.items()
        if made or getattr(kept, name) != value
    }
    if not changes:
        return kept
    for name, value in values.items():
        setattr(kept, name, value)
    kept.workspace_id = row.workspace_id
    setattr(kept, OWNER[type(part)], row)
    if isinstance(kept, CompanyContact) and kept.is_main:
        row.people.filter(is_main=True).exclude(pk=kept.pk).update(is_main=False)
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError as error:
        raise PartTaken from error
    _after(row, kept, "customer.part_kept", by=by, at=at, made=made, fields=changes)
    return kept


@transaction.atomic
def remove_part(*, customer: Customer, part: Part, by: User | None, at: datetime) -> None:
    """Take a part off the record; the trace says what it was. Raises WorkspaceSealed.

    What was true and no longer is gets a last day instead: it still tells who calls.
    """
    refuse_if_sealed(customer.workspace)
    row = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    kept = {
        field.name: _plain(getattr(part, field.attname))
        for field in part._meta.concrete_fields  # noqa: SLF001
    }
    key = part.pk
    part.delete()
    part.pk = key
    _after(row, part, "customer.part_removed", by=by, at=at, kept=kept)


def _after(
    row: Customer, part: Part, verb: str, *, by: User | None, at: datetime, **data: Any
) -> None:
    row.search_text = queries.search_text_of(row)
    row.updated_at = at
    row.save(update_fields=["search_text", "updated_at"])
    stream = f"workspace:{row.workspace_id}"
    trace.record(verb, part, by=by, at=at, stream=stream, customer_id=row.pk, **data)
    realtime.publish(stream, at=at, what="customer", customer=row.pk)


def _plain(value: Any) -> Any:
    """The value as JSON keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (str, int, bool)):
        return value
    return getattr(value, "pk", None) or str(value)
