"""What summons and attendance sheets print, as plain data: exactly this is kept with each."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from acquis.certification.exam_sessions import policy, queries
from acquis.certification.exam_sessions.models import (
    ExamSession,
    SessionCandidate,
    SessionJuror,
)
from acquis.certification.exam_sessions.phases import PhasePlan
from acquis.certification.exam_sessions.presentation import KINDS
from acquis.certification.frameworks.content import block_named
from acquis.certification.registrations.presentation import own_accommodations
from acquis.kernel import pdf

NBSP = "\u00a0"


def in_words(day: datetime | date) -> str:
    local = timezone.localtime(day) if isinstance(day, datetime) else day
    return date_format(local, "l j F Y")


def hour(at: datetime) -> str:
    """« 9 h 05 », in Paris."""
    return timezone.localtime(at).strftime(f"%-H{NBSP}h{NBSP}%M")


def length(minutes: int) -> str:
    """« 1 h 15 », « 15 min »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{NBSP}min"
    return f"{hours}{NBSP}h{NBSP}{rest:02}" if rest else f"{hours}{NBSP}h"


def certification_of(session: ExamSession) -> dict[str, str]:
    framework = session.version.framework
    block = block_named(session.version.content, session.block) if session.block else None
    return {
        "title": framework.title,
        "code": framework.code,
        "block": session.block,
        "block_title": block["title"] if block else "",
    }


def _common(session: ExamSession, number: str, at: datetime) -> dict[str, Any]:
    centre = session.organisation
    written = timezone.localtime(at)
    return {
        "number": number,
        "date": {"year": written.year, "month": written.month, "day": written.day},
        "issued_on": date_format(timezone.localtime(at), "j F Y"),
        "issuer": {
            "name": centre.name,
            "address": [
                line
                for line in (
                    *centre.address.splitlines(),
                    f"{centre.postcode} {centre.city}".strip(),
                )
                if line
            ],
            "email": centre.email,
            "phone": centre.phone,
        },
        "reference": session.reference,
        "certification": certification_of(session),
        "day": in_words(session.starts_at),
        "hour": hour(session.starts_at),
        "place": session.place,
        "address": [line for line in session.address.splitlines() if line.strip()],
        "room": session.room,
        "manager": session.manager.full_name,
    }


# What a person must know of a changed summons, by the keys of its data.
_CHANGING = {
    "day": "Jour",
    "arrival": "Heure d’arrivée",
    "place": "Lieu",
    "address": "Adresse",
    "room": "Salle",
    "reference": "Session",
    "function": "Qualité",
}


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What a summons says otherwise than the one that it replaces, in French; [] when nothing differs."""
    said = []
    exams = [_exam_words(data["certification"]) for data in (before, after)]
    if exams[0] != exams[1]:
        said.append(f"Épreuve{NBSP}: {exams[1]} (avant{NBSP}: {exams[0]})")
    for key, label in _CHANGING.items():
        old, new = (_words(data.get(key)) for data in (before, after))
        if old != new:
            said.append(f"{label}{NBSP}: {new or 'aucune'} (avant{NBSP}: {old or 'aucune'})")
    return said


def _exam_words(exam: dict[str, str]) -> str:
    return ", ".join(part for part in (exam["title"], exam["block"]) if part)


def _words(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def candidate_summons(
    session: ExamSession,
    seat: SessionCandidate,
    slots: Sequence[policy.Slot],
    *,
    number: str,
    at: datetime,
) -> dict[str, Any]:
    """A candidate's own summons: their hours, their time, and what to bring."""
    with translation.override("fr"):
        person = seat.enrolment.candidate
        plans = queries.plan_of(session, seat)
        return _common(session, number, at) | {
            "recipient": "candidate",
            "name": f"{person.first_name} {(person.usual_name or person.birth_name).upper()}",
            "arrival": hour(policy.arrival(slots[0].starts_at if slots else session.starts_at)),
            "phases": [
                {
                    "kind": str(KINDS[slot.kind]),
                    "title": slot.title,
                    "hour": hour(slot.starts_at),
                    "length": length(plan.planned_seconds // 60) if plan.planned_seconds else "",
                    "jury": slot.jury_present,
                    "exchanges": plan.exchanges,
                }
                for slot, plan in zip(slots, plans, strict=True)
            ],
            "total": length(sum(plan.planned_seconds for plan in plans) // 60),
            "accommodation": own_accommodations(seat.enrolment),
            "bring": _bring(session, plans),
        }


def juror_summons(
    session: ExamSession,
    member: SessionJuror,
    timetable: dict[int, list[policy.Slot]],
    *,
    number: str,
    at: datetime,
) -> dict[str, Any]:
    """A juror's summons: when the jury is needed; nothing of anybody's accommodation."""
    with translation.override("fr"):
        presence = sorted(
            (slot for slots in timetable.values() for slot in slots if slot.jury_present),
            key=lambda slot: slot.starts_at,
        )
        return _common(session, number, at) | {
            "recipient": "juror",
            "name": f"{member.juror.first_name} {member.juror.last_name.upper()}",
            "function": member.get_function_display(),
            "arrival": hour(
                policy.arrival(presence[0].starts_at if presence else session.starts_at)
            ),
            "candidates": len(timetable),
            "presence": [
                {
                    "kind": str(KINDS[slot.kind]),
                    "title": slot.title,
                    "hour": hour(slot.starts_at),
                    "until": hour(slot.ends_at),
                }
                for slot in presence
            ],
            "bring": [
                _("une pièce d’identité en cours de validité"),
                _("cette convocation"),
                _("de quoi lire et annoter ; la notation se fait sur la tablette du centre"),
            ],
        }


def attendance_sheet(session: ExamSession, *, at: datetime) -> bytes:
    """The sheets that people sign, one a half-day: names and hours, nothing private.

    Somebody's extra time shows in the hour at which they end, and nowhere else.
    """
    with translation.override("fr"):
        seats = list(queries.seats(session))
        day = queries.timetable(session, seats)
        members = list(queries.members(session))
        data = _common(session, session.reference, at) | {
            "sheets": [_sheet(half, seats, members, day) for half in _halves(session, day.values())]
        }
        return pdf.render("exam_sessions/attendance.typ", data)


Day = dict[int, list[policy.Slot]]
_BLANK = 2  # lines for whoever watches besides the session's manager


def _halves(session: ExamSession, days: Iterable[Sequence[policy.Slot]]) -> list[policy.HalfDay]:
    found = {half for slots in days for half in _there(slots)}
    start = timezone.localtime(session.starts_at)
    found = found or {policy.HalfDay(start.date(), start.time() >= policy.NOON)}
    return sorted(found, key=lambda half: (half.day, half.afternoon))


def _there(slots: Iterable[policy.Slot]) -> dict[policy.HalfDay, tuple[datetime, datetime]]:
    return policy.half_days(
        (timezone.localtime(slot.starts_at), timezone.localtime(slot.ends_at)) for slot in slots
    )


def _sheet(
    half: policy.HalfDay,
    seats: Sequence[SessionCandidate],
    members: Sequence[SessionJuror],
    day: Day,
) -> dict[str, Any]:
    part = "après-midi" if half.afternoon else "matin"
    jury = _there(slot for slots in day.values() for slot in slots if slot.jury_present).get(half)
    candidates = []
    for seat in seats:
        there = _there(day.get(seat.pk, ())).get(half)
        if there is not None:
            person = seat.enrolment.candidate
            candidates.append(
                {
                    "name": f"{(person.usual_name or person.birth_name).upper()} {person.first_name}",
                    "reference": person.reference,
                    "hours": _hours(there),
                }
            )
    return {
        "title": f"{in_words(half.day)}, {part}",
        "candidates": candidates,
        "jurors": [
            {
                "name": f"{member.juror.last_name.upper()} {member.juror.first_name}",
                "function": member.get_function_display(),
                "hours": _hours(jury),
            }
            for member in members
            if jury is not None
        ],
        "blank": _BLANK,
    }


def _hours(there: tuple[datetime, datetime] | None) -> str:
    return f"{hour(there[0])} – {hour(there[1])}" if there else ""


def _bring(session: ExamSession, plans: Sequence[PhasePlan]) -> list[str]:
    things = [
        _("une pièce d’identité en cours de validité, avec photographie"),
        _("cette convocation"),
    ]
    if session.version.content.get("kind") == "titre_professionnel":
        things.append(_("votre dossier professionnel (DP)"))
    if any(plan.kind == "deposit" for plan in plans):
        things.append(_("les documents que vous remettez au jury"))
    return things
