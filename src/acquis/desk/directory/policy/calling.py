"""May this customer be called, now, to sell them something? Pure.

Source: P-01 to P-05, P-07 and P-13 (C. conso. L221-16, L223-1, D223-9; RGPD art. 7 and 21).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from acquis.regulation.calendars import SATURDAY, add_calendar_days, add_months, is_holiday

Relation = Literal["execution", "afferent", "complementary", "improvement"]
RELATIONS: tuple[Relation, ...] = ("execution", "afferent", "complementary", "improvement")
Code = Literal[
    "RULES_UNKNOWN",
    "BANNED_SECTOR",
    "OPPOSED",
    "REFUSAL_LOCK",
    "NO_CONSENT",
    "NO_PROOF",
    "CONSENT_EXPIRED",
    "ZONE_UNKNOWN",
    "WEEKEND",
    "HOLIDAY",
    "OUT_OF_HOURS",
    "FREQUENCY",
]
Basis = Literal["SERVICE", "PROFESSIONAL", "CONSENT", "CONTRACT", "OLD_REGIME"]
ARTICLES: dict[Code | Basis, str] = {
    "RULES_UNKNOWN": "C. conso. L223-1, D223-9",
    "BANNED_SECTOR": "C. conso. L223-1 al. 5",
    "OPPOSED": "RGPD art. 21 § 2 et 3, C. conso. L221-16",
    "REFUSAL_LOCK": "C. conso. D223-9 al. 3",
    "NO_CONSENT": "C. conso. L223-1 al. 1",
    "NO_PROOF": "C. conso. L223-1 al. 3, RGPD art. 7 § 1",
    "CONSENT_EXPIRED": "RGPD art. 5 § 1 e, doctrine de la CNIL",
    "ZONE_UNKNOWN": "C. conso. D223-9 al. 1",
    "WEEKEND": "C. conso. D223-9 al. 1",
    "HOLIDAY": "C. conso. D223-9 al. 1, C. trav. L3133-1",
    "OUT_OF_HOURS": "C. conso. D223-9 al. 1",
    "FREQUENCY": "C. conso. D223-9 al. 3",
    "SERVICE": "",
    "PROFESSIONAL": "C. conso. article liminaire",
    "CONSENT": "C. conso. L223-1 al. 2",
    "CONTRACT": "C. conso. L223-1 al. 4",
    "OLD_REGIME": "C. conso. L223-1 ancien",
}
CLOCK: frozenset[Code] = frozenset({"WEEKEND", "HOLIDAY", "OUT_OF_HOURS"})
DAYS_LOOKED_AHEAD = 14  # for the next moment of the clock: no run of holidays is as long

PARIS = ZoneInfo("Europe/Paris")
ZONES_BY_POSTCODE = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/Guadeloupe",
    "978": "America/Guadeloupe",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}
# First three figures of the national number, as dialled after the 0.
ZONES_BY_NUMBER = {
    "262": "Indian/Reunion",
    "263": "Indian/Reunion",
    "692": "Indian/Reunion",
    "693": "Indian/Reunion",
    "269": "Indian/Mayotte",
    "639": "Indian/Mayotte",
    "596": "America/Martinique",
    "696": "America/Martinique",
    "590": "America/Guadeloupe",
    "690": "America/Guadeloupe",
    "594": "America/Cayenne",
    "694": "America/Cayenne",
}
OVERSEAS = ("262", "590", "594", "596")  # country codes of the French territories above


@dataclass(frozen=True, slots=True)
class Rules:
    """The parameters of the law on a day (`acquis.regulation`, codes `prospecting.*`)."""

    opt_in: bool
    hours: tuple[tuple[time, time], ...]  # half-open, on the consumer's clock
    attempts: int
    period_days: int
    refusal_days: int
    consent_years: int


@dataclass(frozen=True, slots=True)
class Said:
    """What the person said of being called to be sold something, and when."""

    given: bool
    at: datetime
    proved: bool = True  # dated, with the words that were shown
    any_hours: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call made or tried, by whoever acts for the enterprise, on any number of the person."""

    at: datetime
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Whom one would call: `zone` is None when nothing says where their clock is."""

    zone: tzinfo | None
    professional: bool = False  # a company, or somebody who acts as one


@dataclass(frozen=True, slots=True)
class Aim:
    """Why one would call: `relation` ties an offer to a contract in progress (P-02).

    `banned_sector` says that what is sold may not be canvassed by telephone at all (P-03).
    """

    prospecting: bool = True
    relation: Relation | None = None
    banned_sector: bool = False


TO_SELL = Aim()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why not, by which article, and the first day on which this reason will have gone."""

    code: Code
    article: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    reasons: tuple[Reason, ...]
    basis: Basis | None = None  # what allows it; None when refused
    article: str = ""
    opens_at: datetime | None = None  # when only the clock refuses: the next moment it does not

    @property
    def allowed(self) -> bool:
        return not self.reasons


def zone_of(*, postcode: str, phones: Sequence[str], inland: bool) -> tzinfo | None:
    """Where the person's clock is: by postcode if it is French, else by the number."""
    if inland and len(postcode) == 5 and postcode.isdigit():
        return ZoneInfo(ZONES_BY_POSTCODE.get(postcode[:3], "Europe/Paris"))
    zones = [zone for zone in map(_zone_of_number, phones) if zone is not None]
    return zones[0] if zones else None


def _zone_of_number(phone: str) -> tzinfo | None:
    if phone.startswith("+33"):
        return ZoneInfo(ZONES_BY_NUMBER.get(phone[3:6], "Europe/Paris"))
    if phone[1:4] in OVERSEAS:
        name = ZONES_BY_NUMBER.get(phone[4:7])
        return ZoneInfo(name) if name else None
    return None


def may_call(
    *,
    at: datetime,
    rules: Rules | None,
    person: Person,
    said: Sequence[Said],
    attempts: Sequence[Attempt],
    aim: Aim = TO_SELL,
) -> Verdict:
    """Decide, with every reason against, on what is known at `at`; what comes later is ignored.

    An unknown clock, and rules that are not recorded for the day, refuse. Adding a refusal, or
    taking an agreement away, never allows.
    """
    if not aim.prospecting:
        return Verdict((), "SERVICE")
    known_said = [one for one in said if one.at <= at]
    made = [one for one in attempts if one.at <= at]
    alive, opposed = _agreements(known_said, made)
    if person.professional:
        return _verdict(opposed, "PROFESSIONAL")
    if rules is None:
        return _verdict([_reason("RULES_UNKNOWN"), *opposed], None)
    local = at.astimezone(person.zone or PARIS)
    reasons = [*opposed, *_refusal_lock(rules, made, local)]
    basis: Basis = "CONTRACT" if aim.relation else "CONSENT" if rules.opt_in else "OLD_REGIME"
    if aim.banned_sector and basis != "CONTRACT":
        reasons.append(_reason("BANNED_SECTOR"))
    if basis == "CONSENT":
        reasons += _consent(rules, alive, local)
    if not any(one.any_hours for one in alive):
        reasons += _clock(rules, person.zone, local)
    reasons += _frequency(rules, made, local)
    only_clock = bool(reasons) and all(reason.code in CLOCK for reason in reasons)
    return _verdict(reasons, basis, _next_opening(rules, local) if only_clock else None)


def _verdict(
    reasons: Sequence[Reason], basis: Basis | None, opens_at: datetime | None = None
) -> Verdict:
    if reasons or basis is None:
        return Verdict(tuple(reasons), opens_at=opens_at)
    return Verdict((), basis, ARTICLES[basis])


def _reason(code: Code, until: date | None = None) -> Reason:
    return Reason(code, ARTICLES[code], until)


def _agreements(
    said: Sequence[Said], attempts: Sequence[Attempt]
) -> tuple[list[Said], list[Reason]]:
    """The agreements given since the last no, and the opposition when there is none since.

    A withdrawal is a no, and so is a refusal during a call; at one instant, no wins.
    """
    against = [one.at for one in said if not one.given]
    against += [one.at for one in attempts if one.refused]
    last_no = max(against, default=None)
    alive = [one for one in said if one.given and (last_no is None or one.at > last_no)]
    return alive, [_reason("OPPOSED")] if against and not alive else []


def _refusal_lock(rules: Rules, attempts: Sequence[Attempt], local: datetime) -> list[Reason]:
    """Sixty whole days after a refusal, whatever was agreed since."""
    refused = [_day(one, local.tzinfo) for one in attempts if one.refused]
    if not refused:
        return []
    first_free = add_calendar_days(max(refused), rules.refusal_days + 1)
    return [_reason("REFUSAL_LOCK", first_free)] if local.date() < first_free else []


def _consent(rules: Rules, alive: Sequence[Said], local: datetime) -> list[Reason]:
    """One agreement that is proved and not too old is enough."""
    if not alive:
        return [_reason("NO_CONSENT")]
    given = [one.at.astimezone(local.tzinfo).date() for one in alive if one.proved]
    if not given:
        return [_reason("NO_PROOF")]
    expires = add_months(max(given), 12 * rules.consent_years)
    return [_reason("CONSENT_EXPIRED")] if local.date() >= expires else []


def _clock(rules: Rules, zone: tzinfo | None, local: datetime) -> list[Reason]:
    if zone is None:
        return [_reason("ZONE_UNKNOWN")]
    found = []
    if local.weekday() >= SATURDAY:
        found.append(_reason("WEEKEND"))
    if is_holiday(local.date()):
        found.append(_reason("HOLIDAY"))
    now = local.time()
    if not any(start <= now < end for start, end in rules.hours):
        found.append(_reason("OUT_OF_HOURS"))
    return found


def _frequency(rules: Rules, attempts: Sequence[Attempt], local: datetime) -> list[Reason]:
    """At most `attempts` in the `period_days` calendar days that end today."""
    today = local.date()
    first = today - timedelta(days=rules.period_days - 1)
    days = sorted(day for day in (_day(one, local.tzinfo) for one in attempts) if day >= first)
    if len(days) < rules.attempts:
        return []
    return [_reason("FREQUENCY", add_calendar_days(days[-rules.attempts], rules.period_days))]


def _next_opening(rules: Rules, local: datetime) -> datetime | None:
    for after in range(DAYS_LOOKED_AHEAD):
        day = local.date() + timedelta(days=after)
        for start, _end in rules.hours:
            moment = datetime.combine(day, start, tzinfo=local.tzinfo)
            if moment > local and day.weekday() < SATURDAY and not is_holiday(day):
                return moment
    return None


def _day(attempt: Attempt, zone: tzinfo | None) -> date:
    return attempt.at.astimezone(zone).date()


def hours_of(text: str) -> tuple[tuple[time, time], ...]:
    """« 10:00-13:00 14:00-20:00 », as the parameter is written, in pairs of times."""
    slots = (slot.split("-") for slot in text.split())
    return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in slots)
