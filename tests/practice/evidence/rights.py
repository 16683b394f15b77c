"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "evidence:units": "any",
    "evidence:beside": {Role.JUROR},
    "evidence:reread": {Role.JUROR},
    "evidence:attach": {Role.JUROR},
    "evidence:withdraw": {Role.JUROR},
    "evidence:put_back": {Role.JUROR},
    "evidence:dismiss": {Role.JUROR},
    "evidence:restore": {Role.JUROR},
}
