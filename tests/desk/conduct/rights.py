"""Who may open each page of this application: see `tests/desk/cases/rights.py`."""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "conduct:index": "any",
    "conduct:breathe": "any",
    "conduct:exchange": "any",
    "conduct:propose": "any",
    "conduct:say": "any",
    "conduct:end": "any",
    "conduct:resume": "any",
    "conduct:reply": "any",
    "conduct:see": "any",
    "conduct:decide": "any",
    "conduct:lift": "any",
}
