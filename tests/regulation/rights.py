"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

_READERS = {
    Role.CERTIFYING_BODY,
    Role.SESSION_MANAGER,
    Role.INVIGILATOR,
    Role.JUROR,
    Role.CANDIDATE,
    Role.TRAINER,
}
PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "regulation:list": _READERS,
    "regulation:history": _READERS,
    "regulation:period_new": {Role.CERTIFYING_BODY},
}
