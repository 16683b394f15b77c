"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

Admitted = set[Role] | Literal["public", "any"]

MANAGERS: Admitted = {Role.CERTIFYING_BODY}
API_USERS: Admitted = {
    Role.CERTIFYING_BODY,
    Role.SESSION_MANAGER,
    Role.TRAINER,
    Role.SUPERVISOR,
    Role.ADVISER,
}

PAGES: dict[str, Admitted] = {
    "accounts:home": "any",
    "accounts:login": "public",
    "accounts:login_code": "public",
    "accounts:demo_login": "public",  # exists in a demonstration only
    "accounts:logout": "any",
    "accounts:forgotten_password": "public",
    "accounts:choose_password": "public",  # for whoever holds the link of a letter
    "accounts:profile": "any",
    "accounts:choose_organisation": "any",
    "accounts:password": "any",
    "accounts:security": "any",
    "accounts:second_factor_begin": "any",
    "accounts:second_factor_confirm": "any",
    "accounts:second_factor_codes": "any",
    "accounts:second_factor_disable": "any",
    "accounts:device_revoke": "any",
    "accounts:device_revoke_others": "any",
    "accounts:tokens": API_USERS,
    "accounts:token_create": API_USERS,
    "accounts:token_revoke": API_USERS,
    "accounts:people": MANAGERS,
    "accounts:person_create": MANAGERS,
    "accounts:organisation": MANAGERS,
    "accounts:person": MANAGERS,
    "accounts:person_roles": MANAGERS,
    "accounts:person_deactivate": MANAGERS,
    "accounts:person_reactivate": MANAGERS,
    "accounts:person_unlock": MANAGERS,
    "accounts:person_password_link": MANAGERS,
    "accounts:person_second_factor_disable": MANAGERS,
}
