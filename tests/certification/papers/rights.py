"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

READERS = {Role.CERTIFYING_BODY, Role.TRAINER}

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "papers:list": READERS,
    "papers:detail": READERS,
    "papers:open": READERS,
    "papers:bring": READERS,
    "papers:record": READERS,
    "papers:write": READERS,
    "papers:rewrite": READERS,
    "papers:revise": READERS,
    "papers:listen": READERS,
    "papers:attachment": READERS,
    "papers:renew": {Role.SESSION_MANAGER},
    "papers:verify": "any",
    "papers:proof": "any",
    "papers:submit": READERS,
    "papers:validate": {Role.CERTIFYING_BODY},
    "papers:withdraw": {Role.CERTIFYING_BODY},
    "papers:session": {Role.SESSION_MANAGER},
    "papers:draw": {Role.SESSION_MANAGER},
}
