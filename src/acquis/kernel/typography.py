"""French typography of what people and templates write: spaces that do not break, real figures."""

import re
from decimal import ROUND_HALF_UP, Decimal

NBSP = "\N{NO-BREAK SPACE}"
NARROW_NBSP = "\N{NARROW NO-BREAK SPACE}"

# A colon inside a time or an address (10:42, https://) has no space before it and keeps none.
_BEFORE_HIGH_MARK = re.compile(r"(?<=\S) (?=[:;!?%€»])")
_AFTER_OPENING_QUOTE = re.compile(r"« (?=\S)")

# NUL is no text and PostgreSQL refuses it. Overrides, embeddings and isolates of direction make a
# name, a link or a file name read backwards: they are how one disguises it. The marks that
# right-to-left languages are typed with (U+200E, U+200F, U+061C) stay.
_DISGUISES = dict.fromkeys([0x00, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def undisguised(text: str) -> str:
    """The text without NUL (U+0000) and overrides of direction (U+202A–202E, U+2066–2069)."""
    return text.translate(_DISGUISES)


def french(text: object) -> str:
    """Replace the ordinary spaces that French never breaks; add or remove none.

    Text already set with non-breaking spaces comes back unchanged.
    """
    return _AFTER_OPENING_QUOTE.sub(f"«{NBSP}", _BEFORE_HIGH_MARK.sub(NBSP, str(text)))


def grouped(digits: str) -> str:
    """Digits by three from the right, set apart by narrow non-breaking spaces."""
    return re.sub(r"(?<=\d)(?=(\d{3})+$)", NARROW_NBSP, digits)


def number(value: Decimal | float, decimals: int = 0) -> str:
    """A number as French prints it: « 12 345,6 »; halves round away from zero."""
    quantum = Decimal(1).scaleb(-decimals)
    rounded = Decimal(str(value)).quantize(quantum, rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{abs(rounded):f}".partition(".")
    sign = "\N{MINUS SIGN}" if rounded < 0 else ""
    return sign + grouped(whole) + (f",{fraction}" if fraction else "")


def duration(seconds: int) -> str:
    """A length of time in words and figures: « 1 h 15 min », « 45 min », « 30 s »."""
    minutes, left = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (0 if hours or minutes else left, "s")]
    shown = [f"{amount}{NBSP}{unit}" for amount, unit in parts if amount]
    return NBSP.join(shown) or f"0{NBSP}s"
