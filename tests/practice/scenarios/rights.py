"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

AUTHORS = {Role.CERTIFYING_BODY, Role.TRAINER}

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "scenarios:shelf": AUTHORS,
    "scenarios:install": AUTHORS,
}
