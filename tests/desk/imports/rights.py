"""Who may open each page of this application; every one asks for a seat in the desk."""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "imports:list": "any",
    "imports:new": "any",
    "imports:detail": "any",
    "imports:reading": "any",
    "imports:columns": "any",
    "imports:start": "any",
    "imports:stop": "any",
    "imports:undo": "any",
    "imports:discard": "any",
    "imports:faults": "any",
}
