"""Who may open each page of this application: whoever has a seat in the desk its address names."""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "agenda:index": "any",
    "agenda:create": "any",
    "agenda:resource": "any",
    "agenda:retire": "any",
    "agenda:appointment": "any",
    "agenda:move": "any",
    "agenda:cancel": "any",
    "agenda:calendar": "any",
}
