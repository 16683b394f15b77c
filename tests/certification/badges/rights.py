"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "badges:verify": "public",
    "badges:signing_keys": {Role.CERTIFYING_BODY},
    "badges:own": {Role.CANDIDATE},
    "badges:own_file": {Role.CANDIDATE},
    "badges:certificate": {Role.CERTIFYING_BODY, Role.SESSION_MANAGER},
    "badges:file": {Role.CERTIFYING_BODY, Role.SESSION_MANAGER},
    "badges:issuer": "public",
    "badges:jwks": "public",
    "badges:key": "public",
    "badges:achievement": "public",
    "badges:revocations": "public",
}
