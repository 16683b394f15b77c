"""Short messages, their gateways and what people may be sent. Pure.

Sources: GSM 03.38 for the alphabet and the segments; K-11 of the rule book for SMS and WhatsApp.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from acquis.desk.directory.policy import fold

SKEW = timedelta(minutes=5)  # between a gateway's clock and ours, either way
WINDOW = timedelta(hours=24)  # in which WhatsApp takes free text after the customer's last word
MEDIA = ("image/png", "image/jpeg", "application/pdf", "text/plain")  # carried both ways
# GSM 03.38: the default alphabet, one septet a sign; its extension, two.
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = frozenset("^{}\\[~]|€\f")
SEPTETS_ALONE, SEPTETS_EACH = 160, 153
UNITS_ALONE, UNITS_EACH = 70, 67  # UTF-16 units
STOP_WORDS = frozenset({"stop", "arret", "desabonnement", "desinscription", "unsubscribe"})
START_WORDS = frozenset({"start", "reprendre", "reabonnement"})

_PLACE = re.compile(r"\\\{[^{}]*\\\}")


@dataclass(frozen=True, slots=True)
class Length:
    """How long a text is as a network counts it: `left` before one more segment."""

    encoding: str  # GSM-7 or UCS-2
    units: int
    segments: int
    left: int


def length_of(text: str) -> Length:
    """Count a text in the units of its alphabet; one sign outside GSM-7 makes it all UCS-2.

    A segment of several never cuts an extended sign in two, nor a pair of UTF-16 units.
    """
    if all(sign in GSM or sign in GSM_EXTENDED for sign in text):
        sizes = [2 if sign in GSM_EXTENDED else 1 for sign in text]
        return _length("GSM-7", sizes, SEPTETS_ALONE, SEPTETS_EACH)
    sizes = [2 if ord(sign) > 0xFFFF else 1 for sign in text]
    return _length("UCS-2", sizes, UNITS_ALONE, UNITS_EACH)


def _length(encoding: str, sizes: list[int], alone: int, each: int) -> Length:
    units = sum(sizes)
    if units <= alone:
        return Length(encoding, units, 1 if units else 0, alone - units)
    segments, filled = 1, 0
    for size in sizes:
        if filled + size > each:
            segments, filled = segments + 1, 0
        filled += size
    return Length(encoding, units, segments, each - filled)


def opts_out(text: str) -> bool:
    """Whether a message says nothing but STOP, in one of its spellings."""
    return fold(text) in STOP_WORDS


def opts_in(text: str) -> bool:
    return fold(text) in START_WORDS


def window_ends(last_word_at: datetime | None) -> datetime | None:
    """Until when free text may be sent; None when the customer never wrote."""
    return last_word_at + WINDOW if last_word_at else None


def is_open(last_word_at: datetime | None, at: datetime) -> bool:
    ends = window_ends(last_word_at)
    return ends is not None and at < ends


def says_a_template(text: str, templates: Iterable[str]) -> bool:
    """Whether a text is one of the templates, with something in each place between braces."""
    return any(
        re.fullmatch(_PLACE.sub(".+?", re.escape(one)), text, re.DOTALL) for one in templates
    )


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What a gateway and we put in `X-Acquis-Signature`: HMAC-SHA256 of « timestamp.body »."""
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={digest.hexdigest()}"


def is_signed(secret: str, timestamp: str, body: bytes, given: str, *, at: datetime) -> bool:
    """Whether the signature is that of the secret, and the timestamp (seconds) of about now."""
    if not re.fullmatch(r"\d{1,12}", timestamp):
        return False
    expected = signature(secret, timestamp, body)
    fresh = abs(at.timestamp() - int(timestamp)) <= SKEW.total_seconds()
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")) and fresh
