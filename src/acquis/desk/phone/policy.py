"""Who hears whom, what is recorded and until when, which numbers can be dialled. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import phonenumbers

from acquis.kernel.speech.heard import Line

CUSTOMER, ADVISER, COLLEAGUE, SUPERVISOR = "customer", "adviser", "colleague", "supervisor"
MOST_RINGING = 30  # calls that may ring at once on one desk: a public page cannot flood it
OFFERED_ALONE = timedelta(seconds=20)  # a passed call rings for one colleague, then for all
LONGEST_MESSAGE = timedelta(minutes=3)
LONGEST_RINGING = timedelta(seconds=60)  # at a number outside, before the call is given up
RETENTION_MONTHS = 6  # G-08: recordings are deleted six months after the call
ALL_KEYS = "123A456B789C*0#D"  # of a telephone, row by row
HOME_REGION = "FR"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody on the line, as far as sound goes."""

    key: str
    side: str


@dataclass(frozen=True, slots=True)
class Sound:
    """Whom each leg hears, and the tone that is played to it meanwhile."""

    hear: Mapping[str, tuple[str, ...]]
    tones: Mapping[str, str]


def sound(parties: Sequence[Party], *, held: bool, consulting: bool, ringing: bool) -> Sound:
    """Who hears whom.

    The customer hears nobody and is heard by nobody while held or while colleagues consult each
    other. A supervisor hears whoever can be heard, and is heard by nobody. `ringing` says that
    somebody who was called has not come yet: whoever waits for them hears it ring.
    """
    apart = held or consulting
    speaking = [
        party.key
        for party in parties
        if party.side != SUPERVISOR and not (apart and party.side == CUSTOMER)
    ]
    hear: dict[str, tuple[str, ...]] = {}
    tones: dict[str, str] = {}
    for party in parties:
        excluded = apart and party.side == CUSTOMER
        hear[party.key] = () if excluded else tuple(key for key in speaking if key != party.key)
        if excluded:
            tones[party.key] = "hold"
        elif ringing and party.side != SUPERVISOR and not hear[party.key]:
            tones[party.key] = "ringing"
    return Sound(hear, tones)


@dataclass(frozen=True, slots=True)
class Telephone:
    """A leg that is a telephone beyond the trunk, and how its call goes."""

    key: str
    trunk_call: str  # what rang here; for a call of ours, the key of the leg
    ringing: bool
    answered: bool  # once: a call that is passed on rings again and stays answered
    message: bool  # the person leaves a message


def asked_of_trunk(
    telephone: Telephone, *, number: str, own: str, ring_seconds: int
) -> dict[str, str | int | bool]:
    """What the gateway is asked: which call, whether to answer it, when to ask again.

    `number` is whom we call and `own` the number that they see. `limit` is in seconds; 0 for none.
    """
    incoming = telephone.trunk_call != telephone.key
    limit = 0
    if telephone.message:
        limit = int(LONGEST_MESSAGE.total_seconds())
    elif telephone.ringing and not telephone.answered:
        limit = max(1, ring_seconds) if incoming else int(LONGEST_RINGING.total_seconds())
    asked: dict[str, str | int | bool] = {
        "answer": telephone.answered or telephone.message,
        "limit": limit,
    }
    if incoming:
        return asked | {"call": telephone.trunk_call}
    return asked | {"number": number, "own": own}


def is_message_over(seconds: int) -> bool:
    """Whether this limit of the gateway was that of a message."""
    return seconds >= LONGEST_MESSAGE.total_seconds()


def is_sampled(percent: int, key: str) -> bool:
    """Whether the call of this key is among the `percent` of a hundred to be recorded.

    The same key gives the same answer; a larger percentage never leaves out a call that a smaller
    one took. Source: G-08 (recording is neither permanent nor systematic).
    """
    draw = int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % 100
    return draw < percent


def purge_date(ended: date) -> date:
    """The day on which a recording is deleted: six months later, at the latest. Source: G-08."""
    month = ended.month - 1 + RETENTION_MONTHS
    year, month = ended.year + month // 12, month % 12 + 1
    day = ended.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:  # no 31st in that month
            day -= 1


def may_leave_message(*, rang_since: datetime, now: datetime, ring_seconds: int) -> bool:
    return now - rang_since >= timedelta(seconds=ring_seconds)


def rings_for(*, offered_to: int | None, offered_at: datetime, user: int, now: datetime) -> bool:
    """Whether an incoming call rings on this person's desk."""
    return offered_to in {None, user} or now - offered_at >= OFFERED_ALONE


class Unreachable(StrEnum):
    """Why a number cannot be dialled."""

    NOT_A_NUMBER = "not_a_number"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    UNKNOWN_COUNTRY = "unknown_country"
    IMPOSSIBLE = "impossible"


_REASONS = {
    phonenumbers.ValidationResult.TOO_SHORT: Unreachable.TOO_SHORT,
    phonenumbers.ValidationResult.TOO_LONG: Unreachable.TOO_LONG,
    phonenumbers.ValidationResult.INVALID_COUNTRY_CODE: Unreachable.UNKNOWN_COUNTRY,
}


def dialled(text: str, region: str = HOME_REGION) -> str | Unreachable:
    """The number in international form (+33612345678), or why nobody can be called there."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as fault:
        if fault.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
            return Unreachable.UNKNOWN_COUNTRY
        return Unreachable.NOT_A_NUMBER
    result = phonenumbers.is_possible_number_with_reason(number)
    if result == phonenumbers.ValidationResult.IS_POSSIBLE:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return _REASONS.get(result, Unreachable.IMPOSSIBLE)


def are_keys(text: str) -> bool:
    """Whether all of it can be pressed on a telephone, and something of it."""
    return bool(text) and set(text) <= set(ALL_KEYS)


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """A line of a transcript, from and to in seconds of the recording.

    It has a word at least, each with how surely it was heard, 0 to 1.
    """

    side: str
    speaker: str
    start: float
    end: float
    words: tuple[tuple[str, float], ...]

    @property
    def text(self) -> str:
        return " ".join(text for text, _confidence in self.words)

    @property
    def confidence(self) -> float:
        """The mean of its words."""
        return sum(confidence for _text, confidence in self.words) / len(self.words)


def spoken(side: str, speaker: str, lines: Sequence[Line]) -> list[SpokenLine]:
    """The lines of one leg under the name of who spoke there."""
    return [
        SpokenLine(
            side,
            speaker,
            line.start,
            line.end,
            tuple((word.text, word.confidence) for word in line.words),
        )
        for line in lines
    ]


def in_time_order(lines: Sequence[SpokenLine]) -> list[SpokenLine]:
    """The voices of a recording together: whoever began first comes first."""
    return sorted(lines, key=lambda line: (line.start, line.end, line.side))


def is_transcribed(*, kind: str, played: bool) -> bool:
    """Whether a recording may be transcribed: a call of a desk whose customers are played, as in an exam.

    Customers of a live desk were told that their call is recorded, not that a machine reads it (G-08).
    """
    return kind == "call" and played
