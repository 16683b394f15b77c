from datetime import datetime

from django.db import transaction
from django.utils import timezone

from acquis.accounts.models import User
from acquis.certification.sittings import policy
from acquis.certification.sittings.actions._room import lock, lock_unsealed, tell
from acquis.certification.sittings.errors import ReturnTooLate, TooManyCodes, WrongAccessCode
from acquis.certification.sittings.models import CodeTries, DeviceClaim, Sitting
from acquis.kernel import crypto, trace


def enter_sitting(
    *, sitting: Sitting, code: str, device_key: str, label: str = "", by: User, at: datetime
) -> DeviceClaim:
    """Compare the access code, then claim the sitting for this device.

    A try is counted before the code is looked at, in the database: parallel guesses, another process
    or a server started again find the same count. The right code forgets it.
    Raises WrongAccessCode, and TooManyCodes while the door is closed.
    """
    begin_try(sitting=sitting, by=by, at=at)
    if not policy.same_code(code, sitting.access_code):
        raise WrongAccessCode
    CodeTries.objects.filter(sitting=sitting).delete()
    return claim_device(sitting=sitting, device_key=device_key, label=label, by=by, at=at)


@transaction.atomic
def begin_try(*, sitting: Sitting, by: User, at: datetime) -> None:
    """Count one code; every tenth closes the door (`policy.code_lock`). Raises TooManyCodes, uncounted.

    The closing is written in the trace and told to the wall.
    """
    sitting = lock(sitting.pk)
    tries, _new = CodeTries.objects.get_or_create(sitting=sitting, defaults={"tried_at": at})
    if tries.locked_until is not None and at < tries.locked_until:
        raise TooManyCodes(time=timezone.localtime(tries.locked_until).strftime("%H:%M"))
    tries.count = policy.code_tries(tries.count, tries.tried_at, at) + 1
    pause = policy.code_lock(tries.count)
    tries.locked_until = at + pause if pause else None
    tries.tried_at = at
    tries.save()
    if pause:
        trace.record("code.locked", sitting, by=by, at=at, tries=tries.count)
        tell(sitting, "code_locked", at=at)


@transaction.atomic
def renew_code(*, sitting: Sitting, by: User, at: datetime) -> Sitting:
    """Another access code, at once usable: the former one opens nothing, wrong ones are forgotten.

    The device that holds the exam goes on. Raises SittingSealed.
    """
    sitting = lock_unsealed(sitting.pk)
    sitting.access_code = crypto.access_code()
    sitting.save(update_fields=["access_code"])
    CodeTries.objects.filter(sitting=sitting).delete()
    trace.record("code.renewed", sitting, by=by, at=at)
    tell(sitting, "code_renewed", at=at)
    return sitting


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
