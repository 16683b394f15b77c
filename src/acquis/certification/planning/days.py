"""What one person does in a plan, day by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from acquis.certification.planning.actions.keeping import moment
from acquis.certification.planning.assembling import Assembled
from acquis.certification.planning.drawing import minute_of
from acquis.certification.planning.exams import briefing_at
from acquis.certification.planning.models import (
    PlanCandidate,
    PlanInvigilator,
    PlanJuror,
    PlannedSlot,
    SeasonPlan,
)
from acquis.certification.planning.presentation import kind_words

Person = PlanCandidate | PlanJuror | PlanInvigilator


@dataclass(frozen=True, slots=True)
class Item:
    """One stretch of a person's day."""

    starts_at: datetime
    ends_at: datetime
    words: str
    place: str = ""
    whom: str = ""


def agenda_of(
    found: Assembled, one: Person, slots: Sequence[PlannedSlot]
) -> list[tuple[date, list[Item]]]:
    """By day, in the order of the clock; a candidate's times say nothing of the others'."""
    if isinstance(one, PlanCandidate):
        items = [
            Item(slot.starts_at, slot.ends_at, kind_words(slot.kind), _place(slot))
            for slot in slots
            if slot.candidate_id == one.pk and slot.kind != PlannedSlot.MARKING
        ]
    elif isinstance(one, PlanJuror):
        items = _jury_items(found, one, slots)
    else:
        items = _watches(one, slots)
    days: dict[date, list[Item]] = {}
    for item in sorted(items, key=lambda item: item.starts_at):
        days.setdefault(timezone.localtime(item.starts_at).date(), []).append(item)
    return sorted(days.items())


def _place(slot: PlannedSlot) -> str:
    if slot.room is None:
        return ""
    if slot.workstation:
        return _("%(room)s, poste %(n)s") % {"room": slot.room.name, "n": slot.workstation}
    return slot.room.name


def _jury_items(found: Assembled, one: PlanJuror, slots: Sequence[PlannedSlot]) -> list[Item]:
    """Hearings and marking of the juries in which they sit, and each day's meeting before them."""
    numbers = {member.jury_id for member in one.memberships.all()}
    mine = [
        slot
        for slot in slots
        if slot.jury_id in numbers and (slot.before_jury or slot.kind == PlannedSlot.MARKING)
    ]
    items = [
        Item(
            slot.starts_at,
            slot.ends_at,
            kind_words(slot.kind),
            _place(slot),
            slot.candidate.enrolment.candidate.full_name,
        )
        for slot in mine
    ]
    for rank, day in enumerate(found.days):
        kind = found.problem.days[rank]
        there = [slot for slot in mine if timezone.localtime(slot.starts_at).date() == day.on]
        if there and kind.briefing:
            begins = briefing_at(kind, min(minute_of(slot.starts_at) for slot in there))
            starts = moment(day, begins)
            ends = starts + timedelta(minutes=kind.briefing)
            items.append(Item(starts, ends, _("Réunion du jury"), _place(there[0])))
    return items


def _watches(one: PlanInvigilator, slots: Sequence[PlannedSlot]) -> list[Item]:
    """Turns in each room: stays that touch or overlap are one."""
    mine = sorted(
        (slot for slot in slots if slot.invigilator_id == one.pk and slot.room),
        key=lambda slot: (slot.room_id or 0, slot.starts_at),
    )
    turns: list[Item] = []
    for slot in mine:
        name = slot.room.name if slot.room else ""
        last = turns[-1] if turns else None
        if last and last.place == name and slot.starts_at <= last.ends_at:
            ends = max(last.ends_at, slot.ends_at)
            turns[-1] = Item(last.starts_at, ends, last.words, name)
        else:
            turns.append(Item(slot.starts_at, slot.ends_at, _("Surveillance"), name))
    return turns


def calendar_of(plan: SeasonPlan, one: Person, agenda: list[tuple[date, list[Item]]]) -> bytes:
    """One event a day, from the first to the last minute, its parts in the text (RFC 5545)."""
    calendar = Calendar()
    calendar.add("prodid", "-//Acquis//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for on, items in agenda:
        event = Event()
        kind = type(one).__name__.lower()
        event.add("uid", f"plan-{plan.pk}-{kind}-{one.pk}-{on:%Y%m%d}@acquis.example")
        event.add("dtstamp", plan.created_at.astimezone(UTC))
        event.add("dtstart", items[0].starts_at.astimezone(UTC))
        event.add("dtend", max(item.ends_at for item in items).astimezone(UTC))
        event.add("summary", plan.name)
        event.add("location", plan.place)
        lines = [
            f"{timezone.localtime(item.starts_at):%H:%M} – {timezone.localtime(item.ends_at):%H:%M} "
            + " · ".join(part for part in (item.words, item.whom, item.place) if part)
            for item in items
        ]
        event.add("description", "\n".join(lines))
        calendar.add_component(event)
    return bytes(calendar.to_ical())
