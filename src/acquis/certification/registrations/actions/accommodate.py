from datetime import date, datetime
from fractions import Fraction
from typing import TypedDict

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.registrations.errors import (
    AccommodationEnded,
    AccommodationInForce,
    EndReasonMissing,
)
from acquis.certification.registrations.models import Accommodation, Enrolment
from acquis.kernel import trace


class AccommodationData(TypedDict):
    """What a person writes of an accommodation; `decision_date` None: the decision is awaited."""

    kind: str
    extra: Fraction  # part of time added; 0 unless the kind is extra time
    break_minutes: int  # an hour of work; 0 unless the kind is breaks
    scope: list[str]  # kinds or methods of phases; empty: the whole exam
    details: str
    decision_by: str
    decision_date: date | None


@transaction.atomic
def accommodate(
    *, enrolment: Enrolment, data: AccommodationData, by: User, at: datetime
) -> Accommodation:
    """Write down what is arranged for a person (X-11). Raises AccommodationInForce."""
    enrolment = _locked(enrolment.pk)
    _refuse_twice(enrolment, data, keep=None)
    written = _write(enrolment, data, by, at)
    _record("candidate.accommodated", written, by=by, at=at)
    return written


@transaction.atomic
def change_accommodation(
    *, accommodation: Accommodation, data: AccommodationData, by: User, at: datetime
) -> Accommodation:
    """Replace a decision by another; the former stays in the history.

    Raises AccommodationEnded or AccommodationInForce.
    """
    former = _open(accommodation)
    _refuse_twice(former.enrolment, data, keep=former)
    if _data_of(former) == data:
        return former
    written = _write(former.enrolment, data, by, at)
    former.replaced_by = written
    _end(former, by, at)
    _record("candidate.accommodation_changed", written, by=by, at=at, replaces=former.pk)
    return written


@transaction.atomic
def end_accommodation(
    *, accommodation: Accommodation, reason: str, by: User, at: datetime
) -> Accommodation:
    """Stop applying a decision. Raises AccommodationEnded or EndReasonMissing."""
    ended = _open(accommodation)
    ended.end_reason = reason.strip()
    if not ended.end_reason:
        raise EndReasonMissing
    _end(ended, by, at)
    _record("candidate.accommodation_ended", ended, by=by, at=at)
    return ended


def _locked(pk: int) -> Enrolment:
    return Enrolment.objects.select_for_update(of=("self",)).get(pk=pk)


def _open(accommodation: Accommodation) -> Accommodation:
    _locked(accommodation.enrolment_id)
    found = Accommodation.objects.select_related("enrolment").get(pk=accommodation.pk)
    if found.ended_at is not None:
        raise AccommodationEnded
    return found


def _refuse_twice(
    enrolment: Enrolment, data: AccommodationData, *, keep: Accommodation | None
) -> None:
    same = enrolment.accommodations.filter(kind=data["kind"], ended_at__isnull=True)
    if any(sorted(each.scope) == sorted(data["scope"]) for each in same if each != keep):
        kind = Accommodation.Kind(data["kind"]).label
        raise AccommodationInForce(kind=str(kind).lower())


def _write(enrolment: Enrolment, data: AccommodationData, by: User, at: datetime) -> Accommodation:
    return Accommodation.objects.create(
        enrolment=enrolment,
        kind=data["kind"],
        extra_numerator=data["extra"].numerator,
        extra_denominator=data["extra"].denominator,
        break_minutes=data["break_minutes"],
        scope=sorted(data["scope"]),
        details=data["details"].strip(),
        decision_by=data["decision_by"].strip(),
        decision_date=data["decision_date"],
        created_at=at,
        created_by=by,
    )


def _data_of(row: Accommodation) -> AccommodationData:
    return {
        "kind": row.kind,
        "extra": row.factor,
        "break_minutes": row.break_minutes,
        "scope": row.scope,
        "details": row.details,
        "decision_by": row.decision_by,
        "decision_date": row.decision_date,
    }


def _end(row: Accommodation, by: User, at: datetime) -> None:
    row.ended_at, row.ended_by = at, by
    row.save(update_fields=["ended_at", "ended_by", "end_reason", "replaced_by"])


def _record(
    verb: str,
    row: Accommodation,
    *,
    by: User,
    at: datetime,
    replaces: int | None = None,
) -> None:
    """The trace says that something was arranged; what, in its part that may be forgotten."""
    trace.record(
        verb,
        row.enrolment,
        by=by,
        at=at,
        accommodation=row.pk,
        replaces=replaces,
        personal={"kind": row.kind, "extra": str(row.factor), "scope": ", ".join(row.scope)},
    )
