"""The life of a session and its timetable; pure (X-04, X-05)."""

import calendar
import math
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from acquis.certification.exam_sessions.phases import PhaseKind, PhasePlan

# From a state to those that may follow it; nothing leaves `issued` or `cancelled`.
FOLLOWING: dict[str, frozenset[str]] = {
    "draft": frozenset({"summoned", "open", "cancelled"}),
    "summoned": frozenset({"open", "cancelled"}),
    "open": frozenset({"closed", "cancelled"}),
    "closed": frozenset({"deliberated"}),
    "deliberated": frozenset({"issued"}),
    "issued": frozenset(),
    "cancelled": frozenset(),
}
# What may still be composed: candidates, jurors, place and hour.
COMPOSABLE = frozenset({"draft", "summoned"})

ROUNDING = timedelta(minutes=5)  # summons name hours that people remember


@dataclass(frozen=True, slots=True)
class Slot:
    """One phase of one candidate in the day."""

    code: str
    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    jury_present: bool
    room: str = ""
    workstation: int | None = None


def may_become(state: str, following: str) -> bool:
    return following in FOLLOWING[state]


def timetable(
    start: datetime,
    candidates: Sequence[tuple[int, Sequence[PhasePlan]]],
    taken: Iterable[tuple[datetime, datetime]] = (),
) -> dict[int, list[Slot]]:
    """One day with one jury: written work together, then one candidate after the other.

    What comes before the first phase drawn by lot or held before the jury is taken together from
    `start`. The rest of a candidate follows without a gap, as early as the jury is free and never
    before their own written work ends. Each candidate's times carry their own accommodation.
    `taken` are hours that the jury already gives to others.
    """
    busy = list(taken)
    day: dict[int, list[Slot]] = {}
    for key, plans in candidates:
        shared = together(plans)
        slots = chain(start, plans[:shared])
        rest = timedelta(seconds=plans[shared - 1].pause_seconds if shared else 0)
        ready = slots[-1].ends_at + rest if slots else start
        begins = _rounded(ready) if slots and day else ready
        alone = chain(begins, plans[shared:])
        while clash := _clash(alone, busy):
            begins = _rounded(begins + clash)
            alone = chain(begins, plans[shared:])
        busy += [(slot.starts_at, slot.ends_at) for slot in alone if slot.jury_present]
        day[key] = slots + alone
    return day


def together(plans: Sequence[PhasePlan]) -> int:
    """How many first phases all candidates take together."""
    for rank, plan in enumerate(plans):
        if plan.jury_present or plan.drawn_by_lot or plan.kind != PhaseKind.WRITTEN:
            return rank
    return len(plans)


def chain(start: datetime, plans: Iterable[PhasePlan]) -> list[Slot]:
    """These phases one after the other from `start`, each for its own planned time."""
    slots, at = [], start
    for plan in plans:
        end = at + timedelta(seconds=plan.planned_seconds)
        slots.append(Slot(plan.code, plan.kind.value, plan.title, at, end, plan.jury_present))
        at = end + timedelta(seconds=plan.pause_seconds)
    return slots


def holds_for(slots: Sequence[Slot], plans: Sequence[PhasePlan]) -> bool:
    """Whether stored hours still are those of the exam: the same phases, each with its own time."""
    return [(slot.code, (slot.ends_at - slot.starts_at).total_seconds()) for slot in slots] == [
        (plan.code, plan.planned_seconds) for plan in plans
    ]


def _clash(slots: Sequence[Slot], busy: Sequence[tuple[datetime, datetime]]) -> timedelta:
    """How much later these slots must begin to leave the first clash with the jury; 0 if none."""
    for slot in slots:
        if not slot.jury_present:
            continue
        for begins, ends in busy:
            if slot.starts_at < ends and begins < slot.ends_at:
                return ends - slot.starts_at
    return timedelta()


def _rounded(at: datetime) -> datetime:
    """Up to the next multiple of five minutes."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    turns = math.ceil((at - midnight) / ROUNDING)
    return midnight + turns * ROUNDING


def summons_deadline(day: date, months: int = 1) -> date:
    """The last day to send summons: for 15 March, 15 February (X-09)."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


ARRIVAL = timedelta(minutes=15)  # before the hour: identity and presence are checked first
SHORTEST = timedelta(minutes=30)  # of a time in a calendar, when the framework gives none


def arrival(at: datetime) -> datetime:
    """When a person is asked to be there for what begins at this hour."""
    return at - ARRIVAL


NOON = time(13)  # where the day is halved on the sheets that people sign


@dataclass(frozen=True, slots=True)
class HalfDay:
    day: date
    afternoon: bool


def half_days(
    hours: Iterable[tuple[datetime, datetime]],
) -> dict[HalfDay, tuple[datetime, datetime]]:
    """From a person's hours (local), the half-days they are there: first begin, last end of each.

    A part that crosses one o'clock stands in both halves.
    """
    found: dict[HalfDay, tuple[datetime, datetime]] = {}
    for begins, ends in hours:
        for afternoon in (False, True):
            noon = datetime.combine(begins.date(), NOON, begins.tzinfo)
            inside = ends > noon if afternoon else begins < noon
            if not inside:
                continue
            key = HalfDay(begins.date(), afternoon)
            first, last = (max(begins, noon), ends) if afternoon else (begins, min(ends, noon))
            kept = found.get(key, (first, last))
            found[key] = (min(kept[0], first), max(kept[1], last))
    return found


_DURATION = re.compile(r"P(\d{1,3})([MWD])")
SENT_BEFORE = timedelta(days=7)  # a margin for what comes back undelivered
WITHOUT_RULE = timedelta(days=21)  # before the session, when the framework asks for no delay
LINK_LIVES = timedelta(days=1)  # after the end of the session


def deadline_of(duration: str | None, day: date) -> date | None:
    """The last day to send summons, by the framework's duration: « P1M », « P2W », « P10D » (X-09).

    None when the framework says none.
    """
    found = _DURATION.fullmatch(duration or "")
    if found is None:
        return None
    number = int(found[1])
    if found[2] == "M":
        return summons_deadline(day, number)
    return day - timedelta(days=number * (7 if found[2] == "W" else 1))


def sending_day(deadline: date | None, day: date, today: date) -> date:
    """When summons leave unless somebody chooses otherwise: a week before the deadline, not before today."""
    return max(today, deadline - SENT_BEFORE if deadline else day - WITHOUT_RULE)


class Delivery(StrEnum):
    """What became of a summons; the last that holds is the one told."""

    QUEUED = "queued"
    DELAYED = "delayed"  # the server could not take it yet
    UNSENT = "unsent"  # the session took place before it could leave
    SENT = "sent"
    BOUNCED = "bounced"
    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


# What asks for somebody's hand, the most urgent first.
TROUBLES = (Delivery.DECLINED, Delivery.BOUNCED, Delivery.UNSENT, Delivery.DELAYED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The facts of one summons from which its state follows."""

    starts_at: datetime
    replaced: bool = False
    withdrawn: bool = False
    answer: str = ""
    opened: bool = False
    bounced: bool = False
    sent: bool = False
    delayed: bool = False


def delivery(course: Course, now: datetime) -> Delivery:
    """The state of a summons. An answer proves that it came, whatever a server said of it before."""
    holds = (
        (course.replaced, Delivery.REPLACED),
        (course.withdrawn, Delivery.WITHDRAWN),
        (course.answer == "not_coming", Delivery.DECLINED),
        (course.answer == "coming", Delivery.ACKNOWLEDGED),
        (course.opened, Delivery.OPENED),
        (course.bounced, Delivery.BOUNCED),
        (course.sent, Delivery.SENT),
        (course.starts_at <= now, Delivery.UNSENT),
        (course.delayed, Delivery.DELAYED),
    )
    return next((state for held, state in holds if held), Delivery.QUEUED)


def link_expired(ends_at: datetime, now: datetime) -> bool:
    """Whether the personal link of a summons opens nothing any more."""
    return now > ends_at + LINK_LIVES


DIGEST_HOUR = 7  # in Paris: a digest waits for whoever begins their day
DIGEST_DAYS = frozenset({7, 3, 1, 0})  # before a deadline: days on which it is told again


def digest_is_due(marks: Collection[str], told: Collection[str], days: Collection[int]) -> bool:
    """Whether a digest says more than the last one: something new, or a day that counts.

    `marks` is what is to be told now, `told` what the last digest told, `days` how many are left
    before each deadline that is not met.
    """
    return bool(marks) and (bool(set(marks) - set(told)) or bool(DIGEST_DAYS & set(days)))


ACCREDITED_KINDS = frozenset({"titre_professionnel"})  # an agrément per title and per site
ACCREDITATION_YEARS = 5  # the longest, and never beyond the end of the title


@dataclass(frozen=True, slots=True)
class Accreditation:
    """One agrément: for the edition and the site in question or not, from when to when."""

    edition: bool
    site: bool
    valid_from: date
    valid_to: date  # last day included
    withdrawn_on: date | None = None

    def covers(self, day: date) -> bool:
        withdrawn = self.withdrawn_on is not None and self.withdrawn_on <= day
        return self.valid_from <= day <= self.valid_to and not withdrawn


class Unaccredited(StrEnum):
    """Why a session has no agrément."""

    NONE_NOTED = "none_noted"  # the centre noted none for this title: told, not refused
    OTHER_EDITION = "other_edition"
    OTHER_SITE = "other_site"
    OTHER_DAYS = "other_days"


def unaccredited(kind: str, known: Sequence[Accreditation], day: date) -> Unaccredited | None:
    """What lacks for this title to be examined there that day; None when nothing does.

    `known` are all agréments of the centre for this title, of any edition and site.
    """
    if kind not in ACCREDITED_KINDS:
        return None
    if not known:
        return Unaccredited.NONE_NOTED
    of_edition = [one for one in known if one.edition]
    if not of_edition:
        return Unaccredited.OTHER_EDITION
    of_site = [one for one in of_edition if one.site]
    if not of_site:
        return Unaccredited.OTHER_SITE
    return None if any(one.covers(day) for one in of_site) else Unaccredited.OTHER_DAYS


def accreditation_last_day(valid_from: date, edition_ends: date | None) -> date:
    """The latest end of an agrément: five years less a day, or the end of the title before that.

    From 1 March 2026: 28 February 2031.
    """
    year = valid_from.year + ACCREDITATION_YEARS
    last = calendar.monthrange(year, valid_from.month)[1]
    longest = date(year, valid_from.month, min(valid_from.day, last)) - timedelta(days=1)
    return min(longest, edition_ends) if edition_ends else longest
