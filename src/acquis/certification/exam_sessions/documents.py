"""What summons and attendance sheets print, as plain data: exactly this is kept with each."""

from collections.abc import Sequence
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
    """The sheet that people sign: names and nothing private."""
    with translation.override("fr"):
        data = _common(session, session.reference, at) | {
            "candidates": [
                {
                    "name": f"{(p.usual_name or p.birth_name).upper()} {p.first_name}",
                    "reference": p.reference,
                }
                for p in (seat.enrolment.candidate for seat in queries.seats(session))
            ],
            "jurors": [
                {
                    "name": f"{member.juror.last_name.upper()} {member.juror.first_name}",
                    "function": member.get_function_display(),
                }
                for member in queries.members(session)
            ],
        }
        return pdf.render("exam_sessions/attendance.typ", data)


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
