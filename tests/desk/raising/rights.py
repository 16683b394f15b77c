"""Who may open each page of this application: see `tests/desk/cases/rights.py`."""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "raising:index": "any",
    "raising:export": "any",
    "raising:create": "any",
    "raising:from_alert": "any",
    "raising:raised": "any",
    "raising:me_too": "any",
    "raising:tie": "any",
    "raising:answer": "any",
    "raising:read": "any",
}
