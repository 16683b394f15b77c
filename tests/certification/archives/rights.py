"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

MANAGERS = {Role.CERTIFYING_BODY, Role.SESSION_MANAGER}

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "archives:retention": MANAGERS,
    "archives:destroy": {Role.CERTIFYING_BODY},
    "archives:session": MANAGERS,
    "archives:export": MANAGERS,
    "archives:hold": MANAGERS,
    "archives:lift": MANAGERS,
    "archives:download": MANAGERS,
}
