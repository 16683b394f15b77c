"""What the person who manages accounts does for others."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from acquis.accounts.access import members_of
from acquis.accounts.actions.password import send_password_link
from acquis.accounts.actions.sign_in import revoke_sign_ins
from acquis.accounts.enums import Role
from acquis.accounts.errors import AlreadyMember, ManagerNeeded, OwnAccount, PersonElsewhere
from acquis.accounts.models import ApiToken, Membership, Organisation, User
from acquis.accounts.verbs import ROLES, Verb
from acquis.kernel import trace

MANAGING = [role for role in Role if Verb.ACCOUNT_MANAGE in ROLES[role]]


@transaction.atomic
def invite_person(
    *,
    organisation: Organisation,
    email: str,
    first_name: str,
    last_name: str,
    roles: Iterable[Role],
    by: User,
    at: datetime,
) -> User:
    """Give roles to the person with this address, whose account is made when there is none.

    A new person gets a letter with a link to choose a password; an existing account keeps its name
    and its password. Raises AlreadyMember.
    """
    address = email.strip().lower()
    known = members_of(organisation).filter(email__iexact=address).first()
    if known is not None:
        raise AlreadyMember(name=known.full_name)
    person = User.objects.filter(email__iexact=address).first()
    new = person is None
    if person is None:
        person = User.objects.create_user(address, first_name=first_name, last_name=last_name)
    held = sorted({Role(role) for role in roles})
    Membership.objects.bulk_create(
        Membership(user=person, organisation=organisation, role=role) for role in held
    )
    trace.record(
        "person.created", person, by=by, at=at, organisation=organisation.pk, roles=held, new=new
    )
    if new:
        send_password_link(person=person, by=by, at=at, invited=True)
    return person


@transaction.atomic
def set_roles(
    *, person: User, organisation: Organisation, roles: Iterable[Role], by: User, at: datetime
) -> None:
    """Replace the person's roles in the organisation. Raises ManagerNeeded."""
    rows = Membership.objects.select_for_update().filter(user=person, organisation=organisation)
    before, after = {Role(row.role) for row in rows}, {Role(role) for role in roles}
    if before == after:
        return
    if before & set(MANAGING) and not after & set(MANAGING):
        _require_another_manager(person, organisation)
    rows.filter(role__in=before - after).delete()
    Membership.objects.bulk_create(
        Membership(user=person, organisation=organisation, role=role)
        for role in sorted(after - before)
    )
    trace.record(
        "person.roles_changed",
        person,
        by=by,
        at=at,
        organisation=organisation.pk,
        before=sorted(before),
        after=sorted(after),
    )


@transaction.atomic
def deactivate_person(*, person: User, organisation: Organisation, by: User, at: datetime) -> None:
    """Close the account: open sessions and keys of the API stop at once; nothing is erased.

    Raises OwnAccount, PersonElsewhere or ManagerNeeded.
    """
    if person.pk == by.pk:
        raise OwnAccount
    require_own_person(person, organisation)
    _require_another_manager(person, organisation)
    person.is_active = False
    person.save(update_fields=["is_active"])
    open_ones = person.sign_ins.filter(ended_at__isnull=True)
    revoke_sign_ins(person=person, sign_ins=open_ones, by=by, at=at)
    ApiToken.objects.filter(user=person, revoked_at__isnull=True).update(revoked_at=at)
    trace.record("person.deactivated", person, by=by, at=at)


@transaction.atomic
def reactivate_person(*, person: User, organisation: Organisation, by: User, at: datetime) -> None:
    """Raises PersonElsewhere."""
    require_own_person(person, organisation)
    person.is_active = True
    person.save(update_fields=["is_active"])
    trace.record("person.reactivated", person, by=by, at=at)


def require_own_person(person: User, organisation: Organisation) -> None:
    """An account that another organisation or the operator relies on is not ours to change.

    Raises PersonElsewhere.
    """
    elsewhere = person.memberships.exclude(organisation=organisation).exists()
    if elsewhere or person.is_superuser:
        raise PersonElsewhere


def _require_another_manager(person: User, organisation: Organisation) -> None:
    """Raises ManagerNeeded when nobody else could manage the accounts any more."""
    if not person.memberships.filter(organisation=organisation, role__in=MANAGING).exists():
        return
    others = members_of(organisation, MANAGING).filter(is_active=True).exclude(pk=person.pk)
    if not others.exists():
        raise ManagerNeeded
