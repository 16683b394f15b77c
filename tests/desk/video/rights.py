"""Who may open each page of this application.

Pages of the desk ask for a seat in it, and show the invitations of others to supervisors alone; those
of a customer ask for nothing but the link.
"""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "video:index": "any",
    "video:waiting": "any",
    "video:invite": "any",
    "video:invite_here": "any",
    "video:invitation": "any",
    "video:let_in": "any",
    "video:move": "any",
    "video:withdraw": "any",
    "video:renew": "any",
    "visio:room": "public",
    "visio:come": "public",
    "visio:wait": "public",
    "visio:leave": "public",
}
