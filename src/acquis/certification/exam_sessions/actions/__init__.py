"""The verbs of a session, before and after the exams themselves."""

from acquis.certification.exam_sessions.actions.cancel_session import cancel_session
from acquis.certification.exam_sessions.actions.compose import (
    add_candidate,
    add_juror,
    name_president,
    remove_candidate,
    remove_juror,
)
from acquis.certification.exam_sessions.actions.issue_summons import (
    issue_summons,
    mark_summoned,
)
from acquis.certification.exam_sessions.actions.plan_session import (
    SessionData,
    plan_session,
    revise_session,
)
from acquis.certification.exam_sessions.actions.report_incident import report_incident

__all__ = [
    "SessionData",
    "add_candidate",
    "add_juror",
    "cancel_session",
    "issue_summons",
    "mark_summoned",
    "name_president",
    "plan_session",
    "remove_candidate",
    "remove_juror",
    "report_incident",
    "revise_session",
]
