"""How official documents write dates and names: in French, whatever the reader's language."""

from datetime import date, datetime

from django.utils import timezone, translation
from django.utils.formats import date_format

NBSP = "\N{NO-BREAK SPACE}"
SIRET_DIGITS = 14


def day(value: date | datetime | None) -> str:
    """« 20 novembre 2026 », the first of a month as « 1er »."""
    if value is None:
        return ""
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    with translation.override("fr"):
        rest = date_format(local, "F Y")
    rank = "1er" if local.day == 1 else str(local.day)
    return f"{rank}{NBSP}{rest}"


def moment(value: datetime) -> str:
    """« 20 novembre 2026 à 15:04:09 », Paris time."""
    local = timezone.localtime(value)
    return f"{day(value)} à {local:%H:%M:%S}"


def hour(value: datetime) -> str:
    return f"{timezone.localtime(value):%H:%M}"


def annulment(reason: str) -> str:
    """Why a document follows the annulment of a decision, as it prints it."""
    return f"Décision annulée{NBSP}: {reason}"


def siret(digits: str) -> str:
    """« 732 829 320 00074 »; what is not fourteen digits stays as it is."""
    if len(digits) != SIRET_DIGITS or not digits.isdecimal():
        return digits
    return NBSP.join((digits[:3], digits[3:6], digits[6:9], digits[9:]))
