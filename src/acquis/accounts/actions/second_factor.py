"""Time-based codes as a second step of signing in, with recovery codes on paper."""

from datetime import datetime

from django.db import transaction
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from acquis.accounts import policy
from acquis.accounts.errors import SecondFactorAbsent, SecondFactorPresent, WrongCode
from acquis.accounts.models import User
from acquis.accounts.queries import second_factor
from acquis.kernel import crypto, trace


@transaction.atomic
def begin_enrolment(*, person: User, at: datetime) -> TOTPDevice:
    """Make a secret that does not count until a first code confirms it.

    Raises SecondFactorPresent.
    """
    if second_factor(person) is not None:
        raise SecondFactorPresent
    TOTPDevice.objects.filter(user=person, confirmed=False).delete()
    device = TOTPDevice.objects.create(user=person, name="totp", confirmed=False)
    trace.record("person.second_factor_begun", person, by=person, at=at)
    return device


def confirm_enrolment(*, person: User, device: TOTPDevice, code: str, at: datetime) -> list[str]:
    """Activate the second step; returns the recovery codes, shown this once.

    Raises WrongCode; the device then keeps the failure, so that guessing slows down.
    """
    if not device.verify_token(code):
        raise WrongCode
    with transaction.atomic():
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        codes = _new_codes(person)
        trace.record("person.second_factor_enabled", person, by=person, at=at)
    return codes


@transaction.atomic
def renew_codes(*, person: User, at: datetime) -> list[str]:
    """Replace the recovery codes. Raises SecondFactorAbsent."""
    if second_factor(person) is None:
        raise SecondFactorAbsent
    codes = _new_codes(person)
    trace.record("person.recovery_codes_renewed", person, by=person, at=at)
    return codes


@transaction.atomic
def disable_second_factor(*, person: User, by: User, at: datetime) -> None:
    """Raises SecondFactorAbsent."""
    if second_factor(person) is None:
        raise SecondFactorAbsent
    TOTPDevice.objects.filter(user=person).delete()
    StaticDevice.objects.filter(user=person).delete()
    trace.record("person.second_factor_disabled", person, by=by, at=at)


def verify_code(*, person: User, code: str) -> Device | None:
    """The device that accepts the code: the telephone's, or the sheet of recovery codes."""
    typed = code.strip().upper().replace(" ", "")
    with transaction.atomic():
        totp = TOTPDevice.objects.select_for_update().filter(user=person, confirmed=True).first()
        if totp is not None and typed.isdecimal() and totp.verify_token(typed):
            return totp
        sheet = StaticDevice.objects.select_for_update().filter(user=person).first()
        if sheet is not None and not typed.isdecimal() and sheet.verify_token(typed):
            return sheet
    return None


def _new_codes(person: User) -> list[str]:
    StaticDevice.objects.filter(user=person).delete()
    sheet = StaticDevice.objects.create(user=person, name="recovery", confirmed=True)
    codes = [_recovery_code() for _rank in range(policy.RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=sheet, token=code) for code in codes)
    return codes


def _recovery_code() -> str:
    """Ten letters and digits in two groups: 46 bits."""
    text = crypto.draw(crypto.LETTERS + crypto.DIGITS, 10)
    return f"{text[:5]}-{text[5:]}"
