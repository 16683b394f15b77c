"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "badges:issuer": "public",
    "badges:jwks": "public",
    "badges:key": "public",
    "badges:achievement": "public",
    "badges:revocations": "public",
}
