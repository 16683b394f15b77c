"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

FOLLOWERS = {Role.CERTIFYING_BODY, Role.SESSION_MANAGER}

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "incidents:list": FOLLOWERS,
    "incidents:settle": FOLLOWERS,
    "incidents:session": FOLLOWERS,
    "incidents:sheet": FOLLOWERS,
    "incidents:sheet_file": FOLLOWERS,
    "incidents:actions": FOLLOWERS,
    "incidents:new_action": FOLLOWERS,
    "incidents:action": "any",
    "incidents:finish": "any",
    "incidents:move": FOLLOWERS,
    "incidents:check": FOLLOWERS,
    "incidents:drop": FOLLOWERS,
}
