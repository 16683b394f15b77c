from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.sittings import policy
from acquis.certification.sittings.actions._room import lock_unsealed, tell
from acquis.certification.sittings.errors import ReturnTooLate, TooManyCodes, WrongAccessCode
from acquis.certification.sittings.models import DeviceClaim, Sitting
from acquis.kernel import trace

CODES_BEFORE_PAUSE = 10
PAUSE = timedelta(minutes=2)


def enter_sitting(
    *, sitting: Sitting, code: str, device_key: str, label: str = "", by: User, at: datetime
) -> DeviceClaim:
    """Compare the access code, then claim the sitting for this device.

    Raises WrongAccessCode, and TooManyCodes after ten wrong ones in two minutes.
    """
    counter = f"sitting-codes:{sitting.pk}"
    if int(cache.get(counter, 0)) >= CODES_BEFORE_PAUSE:
        raise TooManyCodes
    if not policy.same_code(code, sitting.access_code):
        cache.add(counter, 0, timeout=PAUSE.total_seconds())
        cache.incr(counter)
        raise WrongAccessCode
    return claim_device(sitting=sitting, device_key=device_key, label=label, by=by, at=at)


@transaction.atomic
def claim_device(
    *, sitting: Sitting, device_key: str, by: User, at: datetime, label: str = ""
) -> DeviceClaim:
    """One device at a time: the first holds the sitting, another waits for the invigilator.

    The answer's `is_held` says whether this device may work. Raises ReturnTooLate for another device
    more than a day after the exam began, or SittingSealed.
    """
    sitting = lock_unsealed(sitting.pk)
    claim, asks = DeviceClaim.objects.get_or_create(
        sitting=sitting, device_key=device_key, defaults={"label": label[:200], "asked_at": at}
    )
    if claim.is_held:
        return claim
    released = claim.released_at is not None
    if not released and _holder(sitting) is None:
        claim.accepted_at = at
        claim.save(update_fields=["accepted_at"])
        trace.record("device.held", claim, by=by, at=at, device=claim.pk, label=claim.label)
        tell(sitting, "device_held", at=at)
        return claim
    if policy.is_return_too_late(sitting.started_at, at):
        raise ReturnTooLate
    if released:
        claim.accepted_at = None
        claim.released_at = None
        claim.asked_at = at
        claim.save(update_fields=["accepted_at", "released_at", "asked_at"])
    if asks or released:
        trace.record("device.asked", claim, by=by, at=at, device=claim.pk, label=claim.label)
        tell(sitting, "device_asked", at=at)
    return claim


def _holder(sitting: Sitting) -> DeviceClaim | None:
    return sitting.devices.filter(accepted_at__isnull=False, released_at__isnull=True).first()


@transaction.atomic
def authorise_device(*, claim: DeviceClaim, by: User, at: datetime) -> DeviceClaim:
    """The invigilator moves the sitting to another device; the former one is released.

    Raises ReturnTooLate or SittingSealed.
    """
    sitting = lock_unsealed(claim.sitting_id)
    claim = DeviceClaim.objects.get(pk=claim.pk)
    if claim.is_held:
        return claim
    if policy.is_return_too_late(sitting.started_at, at):
        raise ReturnTooLate
    sitting.devices.filter(accepted_at__isnull=False, released_at__isnull=True).update(
        released_at=at
    )
    claim.accepted_at = at
    claim.accepted_by = by
    claim.released_at = None
    claim.save(update_fields=["accepted_at", "accepted_by", "released_at"])
    trace.record("device.authorised", claim, by=by, at=at, device=claim.pk, label=claim.label)
    tell(sitting, "device_held", at=at)
    return claim
