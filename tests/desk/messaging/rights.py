"""Who may open each page of this application; a gateway shows who it is by its signature."""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "messaging:deliveries": "any",
    "messaging:write": "any",
    "messaging:gateways": "any",
    "messaging:gateway_new": "any",
    "messaging:gateway": "any",
    "messaging:secret": "any",
    "messaging:template": "any",
    "messaging:template_remove": "any",
    "gateways:receive": "public",
}
