"""Incidents and what follows them."""

from datetime import date, timedelta
from typing import Any

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions.actions import report_incident
from acquis.certification.exam_sessions.models import ExamSession, Incident
from acquis.certification.incidents import actions
from acquis.certification.incidents.models import CorrectiveAction, IncidentSheet
from tests.factories import certification as make
from tests.factories.certification import DAY

AFTER = DAY + timedelta(hours=8)
SAID = "Le casque de secours a été donné dix minutes plus tard."


def over(**fields: Any) -> ExamSession:
    """A session whose exams are over, held on DAY."""
    return make.session(**{"state": ExamSession.State.CLOSED, **fields})


def incident(session: ExamSession, **fields: Any) -> Incident:
    """A headset that failed, without effect, unless said otherwise."""
    return report_incident(
        **{
            "session": session,
            "category": Incident.Category.HEADSET,
            "description": "Le casque est muet.",
            "happened_at": DAY,
            "by": session.manager,
            "at": DAY,
            **fields,
        }
    )


def spoilt(session: ExamSession, **fields: Any) -> Incident:
    """An incident that asks for a new sitting of the first candidate: it holds the results."""
    seat = session.candidates.order_by("order")[0]
    return incident(session, effect=Incident.Effect.NEW_SITTING, **{"candidate": seat, **fields})


def debriefed(session: ExamSession, **fields: Any) -> IncidentSheet:
    """A sheet under way, whole."""
    data = {
        "jurors": list(session.jurors.values_list("pk", flat=True)),
        "causes": "Casque usé.",
        "measures": SAID,
        "jury_words": "",
        **fields,
    }
    return actions.keep_sheet(session=session, data=data, by=session.manager, at=AFTER)


def action(session: ExamSession, **fields: Any) -> CorrectiveAction:
    """Opened by the manager for somebody of the direction, due in a month."""
    if "owner" not in fields:
        fields["owner"] = make.person(Role.CERTIFYING_BODY, organisation=session.organisation)
    return actions.open_action(
        **{
            "session": session,
            "incident": None,
            "title": "Remplacer les casques de la salle B",
            "details": "",
            "due_on": date(2026, 12, 20),
            "by": session.manager,
            "at": AFTER,
            **fields,
        }
    )
