"""Who may open each page of this application.

Every page asks for a seat in the desk that its address names, whatever the role: a private copy is
its candidate's alone. `tests/desk/test_isolation.py` proves it. What only a supervisor decides is
refused by the act, not by the page.
"""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "cases:index": "any",
    "cases:export": "any",
    "cases:rules": "any",
    "cases:codes": "any",
    "cases:code": "any",
    "cases:case": "any",
    "cases:comment": "any",
    "cases:assign": "any",
    "cases:take": "any",
    "cases:close": "any",
    "cases:reopen": "any",
    "cases:follow_up": "any",
    "cases:satisfaction": "any",
    "cases:diagnose": "any",
    "cases:ask": "any",
    "cases:answer": "any",
    "cases:link": "any",
    "cases:unlink": "any",
    "cases:unmerge": "any",
    "cases:procedure": "any",
    "cases:tick": "any",
    "cases:waive": "any",
    "cases:renew": "any",
    "cases:authority": "any",
    "cases:complaints": "any",
    "cases:weigh": "any",
    "cases:stage": "any",
    "cases:propose": "any",
    "cases:decide": "any",
    "cases:settle": "any",
    "cases:consensus": "any",
    "cases:alerts": "any",
    "cases:acknowledge": "any",
    "cases:intervene": "any",
    "cases:told": "any",
    "cases:report": "any",
    "cases:sheet": "any",
    "cases:open": "any",
    "cases:dispute": "any",
    "cases:opinions": "any",
    "cases:opinions_export": "any",
    "cases:ask_opinion": "any",
    "opinion:answer": "public",
    "cases:disputes": "any",
    "cases:disputes_export": "any",
    "cases:settle_dispute": "any",
    "cases:resume_dispute": "any",
}
