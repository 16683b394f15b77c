"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "deposits:own": {Role.CANDIDATE},
    "deposits:deposit": {Role.CANDIDATE},
    "deposits:session": {Role.SESSION_MANAGER},
    "deposits:hour": {Role.SESSION_MANAGER},
}
