"""Create a customer's record, and change it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.directory import queries
from acquis.desk.directory.actions.record_consent import keep_declared
from acquis.desk.directory.errors import ReferenceTaken, UnknownField
from acquis.desk.directory.models import Customer
from acquis.desk.directory.policy import numbers
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import realtime, trace

EDITABLE = frozenset(
    {
        "reference",
        "kind",
        "title",
        "first_name",
        "last_name",
        "company_name",
        "siren",
        "siret",
        "vat_number",
        "email",
        "phone",
        "phone_alt",
        "address_1",
        "address_2",
        "postcode",
        "city",
        "country",
        "birth_year",
        "pcs",
        "segment",
        "language",
        "customer_since",
        "preferences",
        "consents",
        "tags",
        "custom",
    }
)


@transaction.atomic
def create_customer(
    *, workspace: Workspace, values: Mapping[str, Any], by: User | None, at: datetime
) -> Customer:
    """Add a record; without a reference it takes the next free one (« C-00061 »).

    Raises ReferenceTaken, UnknownField or WorkspaceSealed; nothing is written then.
    """
    _refuse_unknown(values)
    # Two advisers creating at once must not be given the same next reference.
    workspace = Workspace.objects.select_for_update(of=("self",)).get(pk=workspace.pk)
    refuse_if_sealed(workspace)
    customer = Customer(workspace=workspace, updated_at=at, **values)
    customer.reference = customer.reference or next_reference(workspace)
    customer.search_text = queries.search_text(customer)
    _insert(customer)
    keep_declared(customer, {}, customer.consents, by=by, at=at)
    trace.record(
        "customer.created",
        customer,
        by=by,
        at=at,
        stream=workspace.trace_stream,
        reference=customer.reference,
        fields=sorted(name for name, value in values.items() if value),
    )
    return customer


@transaction.atomic
def change_customer(
    *, customer: Customer, values: Mapping[str, Any], by: User | None, at: datetime
) -> Customer:
    """Write the values that differ, and record each field before and after.

    Values equal to what is kept change nothing and leave no trace.
    Raises ReferenceTaken, UnknownField or WorkspaceSealed; nothing is written then.
    """
    _refuse_unknown(values)
    refuse_if_sealed(customer.workspace)
    row = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    changes = {
        name: {"before": _plain(getattr(row, name)), "after": _plain(value)}
        for name, value in values.items()
        if getattr(row, name) != value
    }
    if not changes:
        return row
    for name in changes:
        setattr(row, name, values[name])
    row.search_text = queries.search_text_of(row)
    row.updated_at = at
    _insert(row)
    said = changes.get("consents", {"before": {}, "after": {}})
    keep_declared(row, said["before"], said["after"], by=by, at=at)
    stream = f"workspace:{row.workspace_id}"
    trace.record("customer.changed", row, by=by, at=at, stream=stream, fields=changes)
    realtime.publish(stream, at=at, what="customer", customer=row.pk)
    return row


def next_reference(workspace: Workspace) -> str:
    """One more than the highest reference of the series « C-00001 » in the workspace.

    The workspace is locked by the caller: nobody else is given the same.
    """
    return numbers.reference_of(next_rank(workspace))


def next_rank(workspace: Workspace) -> int:
    """One more than the highest rank of the series; one step of an index, however many customers."""
    ranks = Customer.objects.filter(workspace=workspace, reference_rank__isnull=False)
    return (
        ranks.order_by("-reference_rank").values_list("reference_rank", flat=True).first() or 0
    ) + 1


def _refuse_unknown(values: Mapping[str, Any]) -> None:
    for name in values:
        if name not in EDITABLE:
            raise UnknownField(name=name)


def _insert(customer: Customer) -> None:
    try:
        with transaction.atomic():
            customer.save()
    except IntegrityError as error:
        raise ReferenceTaken(reference=customer.reference) from error


def _plain(value: object) -> Any:
    """The value as JSON keeps it."""
    if value is None or isinstance(value, (str, int, bool, list, dict)):
        return value
    return str(value)
