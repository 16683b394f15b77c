"""The verbs that follow an incident."""

from acquis.certification.incidents.actions.corrective_action import (
    check_action,
    drop_action,
    finish_action,
    move_action,
    open_action,
)
from acquis.certification.incidents.actions.incident_sheet import SheetData, keep_sheet, send_sheet
from acquis.certification.incidents.actions.settle_incident import settle_incident

__all__ = [
    "SheetData",
    "check_action",
    "drop_action",
    "finish_action",
    "keep_sheet",
    "move_action",
    "open_action",
    "send_sheet",
    "settle_incident",
]
