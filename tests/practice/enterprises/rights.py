"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

READERS = {Role.CERTIFYING_BODY, Role.TRAINER}
EDITORS = {Role.TRAINER}

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "enterprises:list": READERS,
    "enterprises:detail": READERS,
    "enterprises:load": EDITORS,
    "enterprises:copies": EDITORS,
    "enterprises:seal": EDITORS,
    "enterprises:remove": EDITORS,
}
