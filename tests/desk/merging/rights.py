"""Who may open each page of this application; every one asks for a seat in the desk."""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "merging:pairs": "any",
    "merging:scan": "any",
    "merging:decide": "any",
    "merging:similar": "any",
    "merging:compare": "any",
    "merging:merges": "any",
    "merging:merge": "any",
    "merging:undo": "any",
}
