"""What is printed of a plan: one person's days, and the lists for the doors of one day.

Nothing private: the doors tell when one begins, never when one ends, so that nobody's extra time
shows (X-11); a person's own sheet says their own hours and no reason.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format

from acquis.certification.exam_sessions.documents import hour, in_words
from acquis.certification.planning import queries
from acquis.certification.planning.access import PEOPLE
from acquis.certification.planning.days import Item, Person
from acquis.certification.planning.models import (
    PlanCandidate,
    PlanDay,
    PlanJuror,
    PlannedSlot,
    SeasonPlan,
)
from acquis.certification.planning.presentation import exam_beside, exams_words, kind_words
from acquis.certification.registrations.models import Enrolment
from acquis.kernel import pdf

_QUALITIES = {"candidats": "Candidat", "jures": "Membre du jury", "surveillants": "Surveillance"}


def own_days(
    plan: SeasonPlan, one: Person, agenda: Iterable[tuple[date, Sequence[Item]]], *, at: datetime
) -> bytes:
    """The days of one person, as a PDF."""
    with translation.override("fr"):
        kind = next(kind for kind, model in PEOPLE.items() if isinstance(one, model))
        data = _common(plan, at) | {
            "name": queries.name_of(one),
            "quality": _QUALITIES[kind],
            "exams": _own_exam(plan, one) or exams_words(plan),
            "with_names": isinstance(one, PlanJuror),
            "days": [
                {
                    "title": in_words(on),
                    "rows": [
                        {
                            "hour": hour(item.starts_at),
                            "until": hour(item.ends_at),
                            "what": item.words,
                            "whom": item.whom,
                            "where": item.place,
                        }
                        for item in items
                    ],
                }
                for on, items in agenda
            ],
        }
        return pdf.render("planning/own_days.typ", data)


def doors(plan: SeasonPlan, day: PlanDay, slots: Iterable[PlannedSlot], *, at: datetime) -> bytes:
    """The lists of one day for the doors: where everybody is awaited, then each room's own."""
    with translation.override("fr"):
        there = [
            slot
            for slot in slots
            if slot.kind != PlannedSlot.MARKING and slot.room and slot.starts_at != slot.ends_at
        ]
        beside = exam_beside(plan)
        first: dict[int, PlannedSlot] = {}
        rooms: dict[tuple[str, str], list[PlannedSlot]] = defaultdict(list)
        for slot in sorted(there, key=lambda one: (one.starts_at, one.position)):
            first.setdefault(slot.candidate_id, slot)
            if slot.room:
                rooms[slot.room.kind, slot.room.name].append(slot)
        data = _common(plan, at) | {
            "day": in_words(day.on),
            "awaited": sorted(
                (_row(slot, beside) for slot in first.values()), key=lambda row: row["name"]
            ),
            "rooms": [
                {
                    "name": name,
                    "jury": kind == "jury",
                    "rows": [_row(slot, beside) for slot in those],
                }
                for (kind, name), those in sorted(rooms.items())
            ],
        }
        return pdf.render("planning/doors.typ", data)


def _own_exam(plan: SeasonPlan, one: Person) -> str:
    """What a candidate sits; empty for who has to do with all exams."""
    if not isinstance(one, PlanCandidate):
        return ""
    asked = (one.enrolment.version_id, one.enrolment.block)
    exam = next(exam for exam in plan.exams.all() if (exam.version_id, exam.block) == asked)
    title = exam.version.framework.title
    return f"{title} · {exam.block}" if exam.block else title


def _row(slot: PlannedSlot, beside: Callable[[Enrolment], str]) -> dict[str, Any]:
    person = slot.candidate.enrolment.candidate
    return {
        "name": f"{(person.usual_name or person.birth_name).upper()} {person.first_name}",
        "hour": hour(slot.starts_at),
        "what": kind_words(slot.kind),
        "exam": beside(slot.candidate.enrolment),
        "room": slot.room.name if slot.room else "",
        "workstation": slot.workstation or 0,
        "jury": slot.jury.number,
    }


def _common(plan: SeasonPlan, at: datetime) -> dict[str, Any]:
    written = timezone.localtime(at)
    return {
        "plan": plan.name,
        "issuer": plan.organisation.name,
        "exams": exams_words(plan),
        "place": plan.place,
        "address": [line for line in plan.address.splitlines() if line.strip()],
        "printed": date_format(written, "j F Y, H:i"),
        "date": {"year": written.year, "month": written.month, "day": written.day},
    }
