"""The verbs of a session, before and after the exams themselves."""

from acquis.certification.exam_sessions.actions.answer_summons import (
    answer_summons,
    note_opening,
)
from acquis.certification.exam_sessions.actions.cancel_session import cancel_session
from acquis.certification.exam_sessions.actions.compose import (
    add_candidate,
    add_juror,
    name_president,
    refuse_busy_juror,
    remove_candidate,
    remove_juror,
)
from acquis.certification.exam_sessions.actions.issue_summons import (
    issue_summons,
    mark_summoned,
)
from acquis.certification.exam_sessions.actions.keep_hours import keep_hours
from acquis.certification.exam_sessions.actions.move_candidate import move_candidate
from acquis.certification.exam_sessions.actions.move_juror import move_juror
from acquis.certification.exam_sessions.actions.note_accreditation import (
    AccreditationData,
    note_accreditation,
    withdraw_accreditation,
)
from acquis.certification.exam_sessions.actions.plan_sending import forget_plan, plan_sending
from acquis.certification.exam_sessions.actions.plan_session import (
    SessionData,
    plan_session,
    revise_session,
)
from acquis.certification.exam_sessions.actions.report_incident import report_incident
from acquis.certification.exam_sessions.actions.settle_delivery import (
    settle_bounced,
    settle_delayed,
    settle_sent,
    take_report,
    take_return,
    take_returns,
)
from acquis.certification.exam_sessions.actions.withdraw_summons import (
    withdraw_all,
    withdraw_summons,
)

__all__ = [
    "AccreditationData",
    "SessionData",
    "add_candidate",
    "add_juror",
    "answer_summons",
    "cancel_session",
    "forget_plan",
    "issue_summons",
    "keep_hours",
    "mark_summoned",
    "move_candidate",
    "move_juror",
    "name_president",
    "note_accreditation",
    "note_opening",
    "plan_sending",
    "plan_session",
    "refuse_busy_juror",
    "remove_candidate",
    "remove_juror",
    "report_incident",
    "revise_session",
    "settle_bounced",
    "settle_delayed",
    "settle_sent",
    "take_report",
    "take_return",
    "take_returns",
    "withdraw_accreditation",
    "withdraw_all",
    "withdraw_summons",
]
