from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict

from django.db import transaction

from acquis.accounts.models import Organisation, User
from acquis.certification.juries.errors import AccreditationReversed, JurorAlreadyKnown
from acquis.certification.juries.models import Juror
from acquis.kernel import trace


class JurorData(TypedDict):
    """What a person writes of a juror."""

    first_name: str
    last_name: str
    email: str
    phone: str
    employer: str
    job_title: str
    is_external: bool
    experience_years: int
    left_job_on: date | None
    briefed_on: date | None
    accredited_from: date | None
    accredited_to: date | None
    briefing_hours: Decimal | None
    represents: str
    specialities: list[str]


@transaction.atomic
def register_juror(*, organisation: Organisation, data: JurorData, by: User, at: datetime) -> Juror:
    """Enter a professional in the register. Raises JurorAlreadyKnown, AccreditationReversed."""
    _refuse(organisation, data, keep=None)
    juror = Juror.objects.create(
        organisation=organisation,
        user=_account(organisation, data["email"]),
        created_at=at,
        **data,
    )
    trace.record("juror.registered", juror, by=by, at=at, personal={"name": juror.full_name})
    return juror


@transaction.atomic
def revise_juror(*, juror: Juror, data: JurorData, by: User, at: datetime) -> Juror:
    """Correct a juror's record; the trace names the fields that changed."""
    juror = Juror.objects.select_for_update(of=("self",)).get(pk=juror.pk)
    _refuse(juror.organisation, data, keep=juror)
    changed = sorted(name for name, value in data.items() if getattr(juror, name) != value)
    if not changed:
        return juror
    for name in changed:
        setattr(juror, name, data[name])  # type: ignore[literal-required]
    if juror.user is None:
        juror.user = _account(juror.organisation, juror.email)
    juror.save()
    trace.record("juror.revised", juror, by=by, at=at, fields=changed)
    return juror


@transaction.atomic
def retire_juror(*, juror: Juror, active: bool, by: User, at: datetime) -> Juror:
    """Take a juror out of the lists, or back; past sessions keep them."""
    juror = Juror.objects.select_for_update(of=("self",)).get(pk=juror.pk)
    if juror.is_active == active:
        return juror
    juror.is_active = active
    juror.save(update_fields=["is_active"])
    trace.record("juror.returned" if active else "juror.retired", juror, by=by, at=at)
    return juror


def _refuse(organisation: Organisation, data: JurorData, *, keep: Juror | None) -> None:
    others = Juror.objects.filter(organisation=organisation, email__iexact=data["email"])
    if others.exclude(pk=keep.pk if keep else 0).exists():
        raise JurorAlreadyKnown(email=data["email"])
    first, last = data["accredited_from"], data["accredited_to"]
    if first and last and last < first:
        raise AccreditationReversed


def _account(organisation: Organisation, email: str) -> User | None:
    """The member of the organisation with this address, if there is one."""
    return User.objects.filter(memberships__organisation=organisation, email__iexact=email).first()
