"""The smallest valid people, organisations and desks; traits name situations."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from acquis.accounts.access import verbs_of
from acquis.accounts.actions.tokens import create_token
from acquis.accounts.enums import Role, WorkspaceKind
from acquis.accounts.models import Membership, Organisation, User, Workspace, WorkspaceMember
from acquis.accounts.verbs import Verb

PASSWORD = "lampe-tempête-violette"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # 10 o'clock in Paris
_rank = itertools.count(1)


def organisation(**fields: Any) -> Organisation:
    rank = next(_rank)
    return Organisation.objects.create(
        **({"name": f"Centre {rank}", "slug": f"organisation-{rank}"} | fields)
    )


def user(*roles: Role, at: Organisation | None = None, **fields: Any) -> User:
    """A person who signs in with PASSWORD; `at` one organisation (a new one) with these roles."""
    rank = next(_rank)
    values = {
        "email": f"personne{rank}@centre.example",
        "first_name": "Camille",
        "last_name": f"Personne{rank}",
        "password": PASSWORD,
    }
    person = User.objects.create_user(**(values | fields))
    place = (at or organisation()) if roles else at
    for role in roles:
        Membership.objects.create(user=person, organisation=place, role=role)
    return person


def superuser(**fields: Any) -> User:
    return user(is_superuser=True, **fields)


def workspace(at: Organisation | None = None, **fields: Any) -> Workspace:
    """A real desk."""
    values = {"kind": WorkspaceKind.LIVE, "name": "Poste réel", "created_at": NOW}
    return Workspace.objects.create(organisation=at or organisation(), **(values | fields))


def model_workspace(at: Organisation | None = None, **fields: Any) -> Workspace:
    """A fictitious enterprise."""
    values = {"kind": WorkspaceKind.MODEL, "name": "Entreprise fictive"}
    return workspace(at, **(values | fields))


def copy_workspace(*members: User, at: Organisation | None = None, **fields: Any) -> Workspace:
    """A private copy of a fictitious enterprise, with a seat for each of `members`."""
    place = at or organisation()
    origin = fields.pop("origin", None) or model_workspace(place)
    copy = workspace(place, kind=WorkspaceKind.COPY, name="Copie privée", origin=origin, **fields)
    for member in members:
        seat(copy, member)
    return copy


def sealed(space: Workspace) -> Workspace:
    space.sealed_at = NOW
    space.save(update_fields=["sealed_at"])
    return space


def seat(space: Workspace, member: User, *, may_write: bool = True) -> WorkspaceMember:
    return WorkspaceMember.objects.create(workspace=space, user=member, may_write=may_write)


def token(
    person: User, *scopes: Verb, at: Organisation | None = None, days: int | None = 30
) -> str:
    """A key of the API as its header wants it, with all the person's verbs when none is named."""
    place = at or person.memberships.first().organisation
    now = timezone.now()
    made = create_token(
        organisation=place,
        name="essai",
        scopes=scopes or verbs_of(person, place),
        expires_at=None if days is None else now + timedelta(days=days),
        by=person,
        at=now,
    )
    return made.secret


def second_factor(person: User) -> TOTPDevice:
    """A confirmed telephone that has not yet given a code."""
    return TOTPDevice.objects.create(user=person, name="totp", confirmed=True)


def code_of(device: TOTPDevice) -> str:
    return f"{totp(device.bin_key):06}"
