"""Which contact comes to whom and why; how well those who waited were served. Pure.

Sources: M-01 and M-02 (domain rule book). A rate without denominator is None, shown « N/D », never
zero.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

from acquis.desk.agenda.policy import Hours, open_spans

SEEN_FOR = timedelta(seconds=90)  # without a sign of life for so long, nobody is there
MOST_WRITTEN = 4  # written exchanges that one adviser holds at once
ONE_BY_ONE = frozenset({"phone", "video"})  # channels that take the whole adviser
LATE_SHARE = 2  # times the target after which waiting counts more than priority

MEANT, PRIORITY, SKILL, LAST_ADVISER, OLDEST, OVERDUE, FREEST = (
    "meant", "priority", "skill", "last_adviser", "oldest", "overdue", "freest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiting:
    """A contact that waits, as far as its place goes."""

    pk: int
    channel: str
    since: datetime
    priority: int  # 1 first … 9 last
    target_seconds: int
    skill: str = ""
    meant_for: int | None = None
    last_adviser: int | None = None  # who spoke last with this customer


@dataclass(frozen=True, slots=True)
class Seat:
    """An adviser who may be given a contact."""

    pk: int
    skills: Mapping[str, int] = field(default_factory=dict)  # level by name
    held: Sequence[str] = ()  # the channels of the exchanges they hold


@dataclass(frozen=True, slots=True)
class Proposal:
    pk: int
    reasons: tuple[str, ...]


def has_room(seat: Seat, channel: str) -> bool:
    """Whether the adviser may hold one more: a call takes them whole, writings go together."""
    if any(held in ONE_BY_ONE for held in seat.held):
        return False
    if channel in ONE_BY_ONE:
        return not seat.held
    return len(seat.held) < MOST_WRITTEN


def suits(contact: Waiting, seat: Seat) -> bool:
    """Whether this contact may come to this adviser at all."""
    if contact.meant_for is not None and contact.meant_for != seat.pk:
        return False
    skilled = not contact.skill or contact.skill in seat.skills
    return skilled and has_room(seat, contact.channel)


def proposals(waiting: Iterable[Waiting], seat: Seat, now: datetime) -> list[Proposal]:
    """The contacts that suit the adviser, the one to take first in front, each with its reasons.

    First what is meant for them; then what has waited more than twice its target, so that no
    priority starves anybody; then by priority, by who spoke last with the customer, by age. The
    order is total: the same facts always give the same order.
    """
    fit = [contact for contact in waiting if suits(contact, seat)]
    ranked = sorted(fit, key=lambda contact: _rank(contact, seat, now))
    oldest = min(fit, key=lambda contact: (contact.since, contact.pk)).pk if fit else None
    return [Proposal(one.pk, _reasons(one, seat, now, oldest)) for one in ranked]


@dataclass(frozen=True, slots=True)
class Free:
    """An adviser who waits for a contact, and since when."""

    seat: Seat
    since: datetime


@dataclass(frozen=True, slots=True)
class Match:
    """A contact to offer to an adviser, and why."""

    contact: int
    adviser: int
    reasons: tuple[str, ...]


def matches(
    waiting: Iterable[Waiting],
    free: Iterable[Free],
    asked: Mapping[int, Collection[int]],
    now: datetime,
) -> list[Match]:
    """Who is offered what: one contact an adviser, one adviser a contact.

    Each is the first of `proposals` for its adviser among what the ones before left; of advisers
    equal in that, the one who knows the skill best, then who has been free the longest. `asked`
    gives, by contact, those who said no to it already.
    """
    contacts, seats = list(waiting), list(free)
    pairs = sorted(
        (
            (_rank(contact, one.seat, now), _preference(contact, one), contact, one)
            for one in seats
            for contact in contacts
            if suits(contact, one.seat) and one.seat.pk not in asked.get(contact.pk, ())
        ),
        key=lambda pair: pair[:2],
    )
    found: list[Match] = []
    taken: set[int] = set()
    given: set[int] = set()
    for _key, _last, contact, one in pairs:
        if contact.pk in taken or one.seat.pk in given:
            continue
        taken.add(contact.pk)
        given.add(one.seat.pk)
        fit = [other for other in contacts if suits(other, one.seat)]
        oldest = min(fit, key=lambda other: (other.since, other.pk)).pk
        reasons = _reasons(contact, one.seat, now, oldest)
        if all(one.since <= other.since for other in seats if suits(contact, other.seat)):
            reasons = (*reasons, FREEST)
        found.append(Match(contact.pk, one.seat.pk, reasons))
    return found


def _preference(contact: Waiting, one: Free) -> tuple[int, datetime, int]:
    return -one.seat.skills.get(contact.skill, 0), one.since, one.seat.pk


def overflows(*, tries: int, waited: timedelta, rounds: int, seconds: int) -> bool:
    """Whether a contact goes elsewhere: after so many offers without a yes, or so many seconds.

    Zero rounds, or zero seconds, is never for that reason.
    """
    return (rounds > 0 and tries >= rounds) or (seconds > 0 and waited.total_seconds() >= seconds)


def is_overdue(contact: Waiting, now: datetime) -> bool:
    return now - contact.since > timedelta(seconds=LATE_SHARE * contact.target_seconds)


def _rank(
    contact: Waiting, seat: Seat, now: datetime
) -> tuple[bool, bool, int, bool, datetime, int]:
    overdue = is_overdue(contact, now)
    return (
        contact.meant_for != seat.pk,
        not overdue,
        0 if overdue else contact.priority,
        contact.last_adviser != seat.pk,
        contact.since,
        contact.pk,
    )


def _reasons(contact: Waiting, seat: Seat, now: datetime, oldest: int | None) -> tuple[str, ...]:
    held = (
        (MEANT, contact.meant_for == seat.pk),
        (OVERDUE, is_overdue(contact, now)),
        (PRIORITY, contact.priority < 5),
        (SKILL, bool(contact.skill)),
        (LAST_ADVISER, contact.last_adviser == seat.pk),
        (OLDEST, contact.pk == oldest),
    )
    return tuple(name for name, holds in held if holds)


EXTENSIONS = (60, 120, 300, 600)  # seconds that a wrap-up may be given in one go


def wrapup_end(ended_at: datetime, *, limit: int, extra: int) -> datetime | None:
    """When a wrap-up should be over; None without a limit (0 seconds)."""
    return ended_at + timedelta(seconds=limit + extra) if limit else None


def is_open(hours: Hours, closures: Collection[str], now: datetime, today: date) -> bool:
    """Whether a queue is open at this instant; `today` is the day in Paris.

    Hours without any span mean always open, public holidays included: nothing was restricted.
    """
    if today.isoformat() in closures:
        return False
    if not any(hours.days):
        return True
    return any(open_spans(hours, now, now + timedelta(seconds=1)))


def comes_by_itself(chosen: bool | None, queue: bool) -> bool:
    """Whether a contact opens without a click: as the adviser chose, else as its queue says."""
    return queue if chosen is None else chosen


def is_there(seen_at: datetime, now: datetime) -> bool:
    """Whether somebody gave a sign of life lately enough to be given a contact."""
    return now - seen_at <= SEEN_FOR


# ---- What was served (M-01, M-02) ----


@dataclass(frozen=True, slots=True)
class Contact:
    """One incoming contact of the period. `answered_at` is None for one that nobody answered."""

    offered_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    qualified_at: datetime | None
    overflowed: bool = False

    @property
    def wait(self) -> float | None:
        """Seconds until the answer; until the end for an abandoned one; None while waiting."""
        until = self.answered_at or self.ended_at
        return None if until is None else max(0.0, (until - self.offered_at).total_seconds())

    @property
    def abandoned(self) -> bool:
        return self.answered_at is None and self.ended_at is not None


@dataclass(frozen=True, slots=True)
class Service:
    """The figures of M-01 and M-02 for a set of contacts; times in seconds, rates from 0 to 1.

    `service_level` has three denominators: `offered` (all), `patient` (all but those who left
    before the short-abandon threshold) and `handled`.
    """

    offered: int
    handled: int
    abandoned: int
    answer_rate: float | None
    abandon_rate: float | None
    overflow_rate: float | None
    service_level: Mapping[str, float | None]
    asa: float | None
    talk: float | None
    wrap: float | None
    handling: float | None


def rate(part: float, whole: float) -> float | None:
    """A share, or None when there is nothing to share (N/D)."""
    return part / whole if whole else None


def service(contacts: Iterable[Contact], *, target: float, short: float) -> Service:
    """Work out the figures; `target` and `short` are seconds.

    A contact that still waits is offered, and neither handled nor abandoned.
    """
    rows = list(contacts)
    handled = [one for one in rows if one.answered_at is not None]
    abandoned = [one for one in rows if one.abandoned]
    in_time = sum(1 for one in handled if (one.wait or 0.0) <= target)
    short_ones = sum(1 for one in abandoned if (one.wait or 0.0) < short)
    talks = [
        max(0.0, (one.ended_at - one.answered_at).total_seconds())
        for one in handled
        if one.ended_at is not None and one.answered_at is not None
    ]
    wraps = [
        max(0.0, (one.qualified_at - one.ended_at).total_seconds())
        for one in handled
        if one.qualified_at is not None and one.ended_at is not None
    ]
    talk, wrap = rate(sum(talks), len(talks)), rate(sum(wraps), len(wraps))
    return Service(
        offered=len(rows),
        handled=len(handled),
        abandoned=len(abandoned),
        answer_rate=rate(len(handled), len(rows)),
        abandon_rate=rate(len(abandoned), len(rows)),
        overflow_rate=rate(sum(1 for one in rows if one.overflowed), len(rows)),
        service_level={
            "offered": rate(in_time, len(rows)),
            "patient": rate(in_time, len(rows) - short_ones),
            "handled": rate(in_time, len(handled)),
        },
        asa=rate(sum(one.wait or 0.0 for one in handled), len(handled)),
        talk=talk,
        wrap=wrap,
        handling=None if talk is None else talk + (wrap or 0.0),
    )


Spell = tuple[datetime, datetime]


def covered(spells: Iterable[Spell]) -> float:
    """Seconds covered by the spells; what overlaps counts once, what runs backwards for nothing."""
    total, reached = 0.0, None
    for start, end in sorted(spell for spell in spells if spell[0] < spell[1]):
        begin = start if reached is None or start > reached else reached
        if end > begin:
            total += (end - begin).total_seconds()
            reached = end
    return total


def occupation(busy: Iterable[Spell], available: Iterable[Spell]) -> float | None:
    """(talk + wrap) over (talk + wrap + available), M-02; waiting at the desk is availability.

    Both may overlap: an adviser is shown available while they hold exchanges.
    """
    worked, spells = list(busy), list(available)
    return rate(covered(worked), covered([*worked, *spells]))


# ---- What the time at the desk was made of (M-02) ----

IN_EXCHANGE, WRAP_UP, AVAILABLE = "exchange", "wrapup", "available"
WORK = (IN_EXCHANGE, WRAP_UP)  # what occupation counts


@dataclass(frozen=True, slots=True)
class Days:
    """What one adviser declared and did. States other than `AVAILABLE` are named by the caller."""

    spells: Sequence[tuple[str, Spell]] = ()  # what they declared, one state at a time
    calls: Sequence[Spell] = ()  # calls and videos, which take them whole
    written: Sequence[Spell] = ()  # the other exchanges, from the first answer to the end
    wrapups: Sequence[Spell] = ()  # from the end of an exchange to its qualification


def time_by_state(days: Days, start: datetime, end: datetime) -> dict[str, float]:
    """Seconds of each state between two instants; each second counts once.

    A call or a video is an exchange whatever was declared. Otherwise a declared state counts as
    declared, and availability is told apart: an exchange while one is held, wrap-up while one is
    to be qualified, available for the rest. Nothing else counts while nobody declared to be there:
    an e-mail left open overnight is no work of the night.
    """
    calls = _within(days.calls, start, end)
    written, wrapups = _within(days.written, start, end), _within(days.wrapups, start, end)
    found: dict[str, float] = {}

    def add(state: str, spells: Sequence[Spell]) -> None:
        if spells:
            found[state] = found.get(state, 0.0) + covered(spells)

    add(IN_EXCHANGE, calls)
    declared: dict[str, list[Spell]] = {}
    for state, spell in days.spells:
        declared.setdefault(state, []).append(spell)
    for state, spells in declared.items():
        free = _minus(_within(spells, start, end), calls)
        if state != AVAILABLE:
            add(state, free)
            continue
        idle = _minus(free, written)
        add(IN_EXCHANGE, _minus(free, idle))
        waiting = _minus(idle, wrapups)
        add(WRAP_UP, _minus(idle, waiting))
        add(AVAILABLE, waiting)
    return found


def occupation_of(times: Mapping[str, float]) -> float | None:
    """(exchange + wrap-up) over (exchange + wrap-up + available), M-02."""
    work = sum(times.get(state, 0.0) for state in WORK)
    return rate(work, work + times.get(AVAILABLE, 0.0))


def _within(spells: Iterable[Spell], start: datetime, end: datetime) -> list[Spell]:
    """The spells cut at both ends and joined where they touch, in order."""
    found: list[Spell] = []
    for began, ended in sorted((max(one, start), min(two, end)) for one, two in spells):
        if ended <= began:
            continue
        if found and began <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ended))
        else:
            found.append((began, ended))
    return found


def _minus(spells: Sequence[Spell], others: Sequence[Spell]) -> list[Spell]:
    """What of the spells the others leave; both are in order and apart."""
    found: list[Spell] = []
    first = 0
    for began, ended in spells:
        while first < len(others) and others[first][1] <= began:
            first += 1
        reached = began
        for one, two in islice(others, first, None):
            if one >= ended:
                break
            if one > reached:
                found.append((reached, one))
            reached = two
        if reached < ended:
            found.append((reached, ended))
    return found
