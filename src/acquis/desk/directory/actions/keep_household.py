"""Who lives with whom."""

from datetime import datetime
from typing import Any

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.directory.errors import NotAPerson
from acquis.desk.directory.models import Customer, Household, HouseholdMember
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import realtime, trace


@transaction.atomic
def join_household(
    *, customer: Customer, other: Customer, part: str, by: User | None, at: datetime
) -> Household:
    """Put the customer in the household of `other`, made with both when there was none.

    A customer lives in one household at a time: joining leaves the former. Raises NotAPerson (a
    company, the same record twice, a record of another desk) or WorkspaceSealed; nothing is written
    then.
    """
    refuse_if_sealed(customer.workspace)
    # Always in the order of keys: two advisers that join the same people do not wait in a ring.
    desk = Customer.objects.filter(workspace=customer.workspace_id)
    rows = desk.select_for_update(of=("self",)).order_by("pk")
    people = {row.pk: row for row in rows.filter(pk__in={customer.pk, other.pk})}
    if len(people) != 2 or any(row.kind != Customer.Kind.PERSON for row in people.values()):
        raise NotAPerson
    member = HouseholdMember.objects.filter(customer=other).select_related("household").first()
    if member is None:
        household = Household.objects.create(
            workspace_id=other.workspace_id, name=other.last_name or other.display_name
        )
        _enter(household, people[other.pk], HouseholdMember.Part.HOLDER)
    else:
        household = member.household
    former = HouseholdMember.objects.filter(customer=customer).first()
    if former is not None and former.household_id != household.pk:
        _leave(former)
        former = None
    if former is None:
        _enter(household, people[customer.pk], part)
    else:
        former.part = part
        former.save(update_fields=["part"])
    _tell("household.joined", household, customer, by=by, at=at, part=part, other=other.pk)
    return household


@transaction.atomic
def leave_household(*, customer: Customer, by: User | None, at: datetime) -> bool:
    """Take the customer out; a household left alone is no more. Whether there was one."""
    refuse_if_sealed(customer.workspace)
    member = (
        HouseholdMember.objects.select_for_update(of=("self",))
        .filter(customer=customer)
        .select_related("household")
        .first()
    )
    if member is None:
        return False
    household = member.household
    _tell("household.left", household, customer, by=by, at=at)
    _leave(member)
    return True


def _enter(household: Household, customer: Customer, part: str) -> None:
    HouseholdMember.objects.create(
        workspace_id=household.workspace_id, household=household, customer=customer, part=part
    )


def _leave(member: HouseholdMember) -> None:
    household = member.household
    member.delete()
    if household.members.count() < 2:
        household.delete()


def _tell(
    verb: str,
    household: Household,
    customer: Customer,
    *,
    by: User | None,
    at: datetime,
    **data: Any,
) -> None:
    stream = f"workspace:{customer.workspace_id}"
    trace.record(verb, household, by=by, at=at, stream=stream, customer_id=customer.pk, **data)
    realtime.publish(stream, at=at, what="customer", customer=customer.pk)
