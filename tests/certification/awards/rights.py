"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

READERS = {Role.CERTIFYING_BODY, Role.SESSION_MANAGER, Role.JUROR}
ISSUERS = {Role.CERTIFYING_BODY, Role.SESSION_MANAGER}

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "awards:own_results": {Role.CANDIDATE},
    "awards:own_file": {Role.CANDIDATE},
    "awards:own_opened": {Role.CANDIDATE},
    "awards:own_acknowledge": {Role.CANDIDATE},
    "awards:notices": ISSUERS,
    "awards:tell": ISSUERS,
    "awards:tell_again": ISSUERS,
    "awards:hand_over": ISSUERS,
    "awards:take_report": ISSUERS,
    "awards:proof": ISSUERS,
    "awards:session": READERS,
    "awards:blocks": READERS,
    "awards:write": ISSUERS,
    "awards:issue": ISSUERS,
    "awards:seal": ISSUERS,
    "awards:document": READERS,
    "awards:download": READERS,
    "awards:sign": {Role.JUROR},
    "awards:countersign": {Role.SESSION_MANAGER},
    "awards:correct": ISSUERS,
    "awards:revoke": {Role.CERTIFYING_BODY},
    "results:page": "public",
    "results:opened": "public",
    "results:acknowledge": "public",
    "results:sheet": "public",
    "verification:form": "public",
    "verification:certificate": "public",
}
