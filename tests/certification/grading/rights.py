"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

JURY = {Role.JUROR}
READERS = {Role.CERTIFYING_BODY, Role.SESSION_MANAGER, Role.JUROR}

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "grading:home": JURY,
    "grading:keeper": "public",
    "grading:grid": JURY,
    "grading:mark": JURY,
    "grading:close_grid": JURY,
    "grading:read_grid": READERS,
    "grading:session": READERS,
    "grading:open_grids": {Role.SESSION_MANAGER},
    "grading:open_own_grids": JURY,
    "grading:conclude": JURY,
    "grading:deliberation": READERS,
    "grading:open_deliberation": JURY,
    "grading:decide": JURY,
    "grading:decide_block": JURY,
    "grading:close_deliberation": JURY,
}
