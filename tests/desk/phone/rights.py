"""Who may open each page of this application.

Every page of the desk asks for a seat in the desk that its address names; those of a customer ask for
nothing but the key that the address holds.
"""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "phone:index": "any",
    "phone:bar": "any",
    "phone:line": "any",
    "phone:panel": "any",
    "phone:answer": "any",
    "phone:act": "any",
    "phone:join": "any",
    "phone:call_back": "any",
    "phone:dial": "any",
    "phone:sound": "any",
    "phone:delete": "any",
    "calling:caller": "public",
    "calling:place": "public",
    "calling:invited": "public",
    "calling:state": "public",
    "calling:join": "public",
    "calling:act": "public",
}
