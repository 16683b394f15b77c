"""What pages of several rooms show of a session."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from acquis.certification.exam_sessions import presentation
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.registrations.models import Enrolment
from acquis.certification.registrations.presentation import extra_time_words
from acquis.kernel.models import TraceLine
from acquis.kernel.templatetags.ui import badge

register = template.Library()


@register.inclusion_tag("exam_sessions/_tabs.html", takes_context=True)
def session_tabs(context: Context, session: ExamSession, current: str) -> dict[str, Any]:
    """The parts of a session that the person may open."""
    return {"tabs": presentation.tabs(session, current, context["may"].allows)}


@register.simple_tag
def session_state(session: ExamSession) -> SafeString:
    return badge(session.get_state_display(), presentation.TONES[session.state])


@register.inclusion_tag("exam_sessions/_trace.html")
def trace_lines(
    lines: Iterable[TraceLine], names: Mapping[int, str] | None = None
) -> dict[str, Any]:
    return {"history": presentation.history(lines, names)}


@register.filter
def extra_time(enrolment: Enrolment) -> str:
    """« un tiers », « un tiers (travail écrit) »; empty without extra time."""
    return extra_time_words(enrolment)


@register.filter
def phase_kind(kind: str) -> str:
    """What one does in a phase, in three words."""
    return str(presentation.KINDS[kind])


@register.filter
def seat_names(seats: Iterable[SessionCandidate]) -> str:
    return ", ".join(seat.enrolment.candidate.full_name for seat in seats)
