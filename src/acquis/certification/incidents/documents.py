"""What the fiche de dysfonctionnement prints, as plain data: exactly this is kept with it."""

from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format

from acquis.certification.exam_sessions.documents import certification_of
from acquis.certification.exam_sessions.models import Incident
from acquis.certification.incidents import queries
from acquis.certification.incidents.models import IncidentSheet
from acquis.certification.incidents.presentation import automatic_words
from acquis.kernel import pdf


def sheet_data(sheet: IncidentSheet, *, at: datetime) -> dict[str, Any]:
    """The sheet with all incidents of its session and the actions that follow them, in French."""
    session = sheet.session
    written = timezone.localtime(at)
    with translation.override("fr"):
        members = session.jurors.select_related("juror").filter(pk__in=sheet.jurors)
        return {
            "reference": session.reference,
            "rank": sheet.rank,
            "date": {"year": written.year, "month": written.month, "day": written.day},
            "written_on": date_format(written, "j F Y"),
            "issuer": session.organisation.name,
            "certification": certification_of(session),
            "held_on": date_format(timezone.localtime(session.starts_at), "j F Y, H:i"),
            "place": ", ".join(part for part in (session.place, session.room) if part),
            "manager": session.manager.full_name,
            "jury": [
                f"{one.juror.full_name}, {one.get_function_display().lower()}" for one in members
            ],
            "incidents": [_incident(one) for one in queries.incidents_of(session)],
            "causes": sheet.causes,
            "measures": sheet.measures,
            "jury_words": sheet.jury_words,
            "actions": [
                {
                    "title": one.title,
                    "owner": one.owner.full_name,
                    "due": date_format(one.due_on, "j F Y"),
                }
                for one in queries.actions_of(session.organisation).filter(session=session)
            ],
        }


def _incident(one: Incident) -> dict[str, str]:
    settled = getattr(one, "settlement", None)
    effect = settled.get_effect_display() if settled else one.get_effect_display()
    return {
        "at": date_format(timezone.localtime(one.happened_at), "j F Y, H:i"),
        "category": one.get_category_display(),
        "candidate": one.candidate.enrolment.candidate.full_name if one.candidate else "",
        "description": one.description,
        "effect": " : ".join(filter(None, (effect, settled.phase_title if settled else ""))),
        "settlement": settled.text if settled else automatic_words(one),
    }


def sheet_pdf(data: dict[str, Any]) -> bytes:
    return pdf.render("incidents/sheet.typ", data)
