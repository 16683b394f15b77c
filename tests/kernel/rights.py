"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "kernel:healthz": "public",
    "kernel:readyz": "public",
    "kernel:jobs": "any",
    "kernel:job": "any",
    "kernel:job_cancel": "any",
    "kernel:language": "public",
    "kernel:gallery": "public",  # asks to sign in outside a demonstration
    "kernel:gallery_focus": "public",
    "kernel:gallery_page": "public",
}
