"""Who may open each page of this application.

Every page asks for a seat in the desk that its address names, whatever the role: a private copy is
its candidate's alone. `tests/desk/test_isolation.py` proves it.
"""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "documents:index": "any",
    "documents:create": "any",
    "documents:letter": "any",
    "documents:save": "any",
    "documents:proofread": "any",
    "documents:finalise": "any",
    "documents:submit": "any",
    "documents:withdraw": "any",
    "documents:return": "any",
    "documents:release": "any",
    "documents:pdf": "any",
    "documents:discard": "any",
    "documents:restore": "any",
    "documents:post": "any",
    "documents:outcome": "any",
    "documents:unpost": "any",
    "documents:together": "any",
    "documents:post_many": "any",
    "documents:templates": "any",
    "documents:template_new": "any",
    "documents:template": "any",
    "documents:template_archive": "any",
    "documents:template_restore": "any",
}
