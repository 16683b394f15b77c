"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

READERS = {Role.CERTIFYING_BODY, Role.SESSION_MANAGER, Role.TRAINER}
PREPARERS = {Role.CERTIFYING_BODY}

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "council:list": READERS,
    "council:pack": READERS,
    "council:pdf": READERS,
    "council:export": READERS,
    "council:write_again": PREPARERS,
    "council:key": PREPARERS,
    "council:recount": PREPARERS,
    "council:answer": {Role.CANDIDATE},
}
