"""Who may open each page of this application.

Every page asks for a seat in the desk that its address names, whatever the role: a private copy is
its candidate's alone. `tests/desk/test_isolation.py` proves it.
"""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "directory:search": "any",
    "directory:export": "any",
    "directory:export_file": "any",
    "directory:view_create": "any",
    "directory:view_change": "any",
    "directory:view_remove": "any",
    "directory:view_default": "any",
    "directory:bulk": "any",
    "directory:bulk_edits": "any",
    "directory:bulk_edit": "any",
    "directory:bulk_undo": "any",
    "directory:create": "any",
    "directory:record": "any",
    "directory:pane": "any",
    "directory:timeline": "any",
    "directory:change": "any",
    "directory:note": "any",
    "directory:opened": "any",
    "directory:caller": "any",
    "directory:fields": "any",
    "directory:field": "any",
    "directory:field_archive": "any",
    "directory:reach": "any",
    "directory:part_create": "any",
    "directory:part_change": "any",
    "directory:part_remove": "any",
    "directory:household": "any",
    "directory:household_leave": "any",
    "directory:consents": "any",
    "directory:calling": "any",
}
