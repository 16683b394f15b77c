"""Who may open each page of this application.

Every page asks for a seat in the desk that its address names, whatever the role: a private copy is
its candidate's alone. `tests/desk/test_isolation.py` proves it.
"""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "knowledge:index": "any",
    "knowledge:article": "any",
    "knowledge:opened": "any",
    "knowledge:snippets": "any",
    "knowledge:snippet_choices": "any",
    "knowledge:snippet_new": "any",
    "knowledge:snippet": "any",
    "knowledge:snippet_remove": "any",
    "knowledge:remarks": "any",
    "knowledge:pane": "any",
    "knowledge:missed": "any",
    "knowledge:keeping": "any",
    "knowledge:synonyms": "any",
    "knowledge:synonyms_remove": "any",
    "knowledge:settle": "any",
    "knowledge:new": "any",
    "knowledge:preview": "any",
    "knowledge:read": "any",
    "knowledge:vote": "any",
    "knowledge:edit": "any",
    "knowledge:publish": "any",
    "knowledge:discard": "any",
    "knowledge:withdraw": "any",
    "knowledge:review": "any",
    "knowledge:versions": "any",
    "knowledge:restore": "any",
    "knowledge:reading_lists": "any",
    "knowledge:reading_new": "any",
    "knowledge:reading_list": "any",
    "knowledge:reading_item": "any",
    "knowledge:reading_edit": "any",
    "knowledge:reading_add": "any",
    "knowledge:reading_move": "any",
    "knowledge:reading_drop": "any",
    "knowledge:reading_questions": "any",
    "knowledge:reading_follow": "any",
    "knowledge:reading_remind": "any",
    "knowledge:reading_archive": "any",
}
