"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

READERS = {Role.CERTIFYING_BODY, Role.SESSION_MANAGER, Role.INVIGILATOR, Role.JUROR}
MANAGERS = {Role.SESSION_MANAGER}
BOARD = MANAGERS | {Role.CERTIFYING_BODY}
ROOM = {Role.SESSION_MANAGER, Role.INVIGILATOR}

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "exam_sessions:list": READERS,
    "exam_sessions:detail": READERS,
    "exam_sessions:create": MANAGERS,
    "exam_sessions:edit": MANAGERS,
    "exam_sessions:cancel": MANAGERS,
    "exam_sessions:add_candidates": MANAGERS,
    "exam_sessions:add_jurors": MANAGERS,
    "exam_sessions:remove_candidate": MANAGERS,
    "exam_sessions:remove_juror": MANAGERS,
    "exam_sessions:name_president": MANAGERS,
    "exam_sessions:summons": ROOM,
    "exam_sessions:issue_summons": MANAGERS,
    "exam_sessions:plan_sending": MANAGERS,
    "exam_sessions:take_report": MANAGERS,
    "exam_sessions:choose_digest": BOARD,
    "exam_sessions:deadlines": BOARD,
    "exam_sessions:open_feed": BOARD,
    "exam_sessions:revoke_feed": BOARD,
    "exam_sessions:feed": "public",
    "exam_sessions:accreditations": BOARD,
    "exam_sessions:withdraw_accreditation": BOARD,
    "summons:page": "public",
    "summons:opened": "public",
    "summons:answer": "public",
    "summons:letter": "public",
    "summons:event": "public",
    "exam_sessions:summons_file": "any",
    "exam_sessions:attendance": ROOM,
    "exam_sessions:incident": ROOM,
    "exam_sessions:journal": {Role.CERTIFYING_BODY, Role.SESSION_MANAGER, Role.SUPERVISOR},
}
