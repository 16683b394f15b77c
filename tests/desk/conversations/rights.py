"""Who may open each page of this application.

Every page asks for a seat in the desk that its address names, whatever the role: a private copy is
its candidate's alone. `tests/desk/test_isolation.py` proves it.
"""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "conversations:desks": "any",
    "conversations:desk": "any",
    "conversations:palette": "any",
    "conversations:queue": "any",
    "conversations:conversation": "any",
    "conversations:opened": "any",
    "conversations:thread": "any",
    "conversations:exchange": "any",
    "conversations:customer": "any",
    "conversations:accept": "any",
    "conversations:send": "any",
    "conversations:attach": "any",
    "conversations:read": "any",
    "conversations:note": "any",
    "conversations:withdraw": "any",
    "conversations:identify": "any",
    "conversations:end": "any",
    "conversations:qualify": "any",
    "conversations:contact": "any",
    "conversations:attachment": "any",
}
