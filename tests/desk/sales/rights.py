"""Who may open each page of this application.

Every page asks for a seat in the desk that its address names, whatever the role: a private copy is
its candidate's alone. `tests/desk/test_isolation.py` proves it.
"""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "sales:index": "any",
    "sales:calculator": "any",
    "sales:product": "any",
    "sales:order": "any",
    "sales:price_lists": "any",
    "sales:price_list_new": "any",
    "sales:price_list": "any",
    "sales:price_list_edit": "any",
    "sales:price_list_review": "any",
    "sales:price_list_draft": "any",
    "sales:price_version": "any",
    "sales:price_line_keep": "any",
    "sales:price_line_remove": "any",
    "sales:price_lines_import": "any",
    "sales:price_lines_export": "any",
    "sales:price_version_publish": "any",
    "sales:price_version_withdraw": "any",
    "sales:price_version_discard": "any",
    "sales:price_compare": "any",
    "sales:price_print": "any",
}
