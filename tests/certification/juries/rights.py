"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

PEOPLE = {Role.CERTIFYING_BODY, Role.SESSION_MANAGER}

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "juries:list": PEOPLE,
    "juries:detail": PEOPLE,
    "juries:import": PEOPLE,
    "juries:import_template": PEOPLE,
    "juries:import_preview": PEOPLE,
    "juries:export": PEOPLE,
    "juries:create": PEOPLE,
    "juries:edit": PEOPLE,
    "juries:retire": PEOPLE,
    "juries:declare_link": PEOPLE,
    "juries:withdraw_link": PEOPLE,
}
