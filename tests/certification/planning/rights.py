"""Who may open each page of this application: those who manage the sessions of the centre."""

from typing import Literal

from acquis.accounts.enums import Role

MANAGERS = {Role.SESSION_MANAGER}

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    f"planning:{name}": MANAGERS
    for name in (
        "list",
        "create",
        "detail",
        "edit",
        "candidates",
        "add_jurors",
        "add_invigilators",
        "add_room",
        "add_days",
        "absences",
        "solve",
        "timetable",
        "undo",
        "absence",
        "proposal",
        "publish",
        "people",
        "move",
        "own_days",
        "own_days_file",
        "doors",
        "reopen",
        "journal",
        "remove_person",
        "remove_room",
        "add_exam",
        "remove_exam",
        "remove_day",
    )
}
