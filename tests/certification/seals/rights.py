"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "seals:certificate": {Role.CERTIFYING_BODY},
    "seals:retire": {Role.CERTIFYING_BODY},
    "seals:verify": "public",
}
