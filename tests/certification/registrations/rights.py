"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

READERS = {Role.CERTIFYING_BODY, Role.SESSION_MANAGER}
EDITORS = {Role.SESSION_MANAGER}

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "registrations:list": READERS,
    "registrations:detail": READERS,
    "registrations:create": EDITORS,
    "registrations:edit": EDITORS,
    "registrations:enrol": EDITORS,
    "registrations:open_account": EDITORS,
    "registrations:enrolment": READERS,
    "registrations:accommodate": EDITORS,
    "registrations:change_accommodation": EDITORS,
    "registrations:end_accommodation": EDITORS,
    "registrations:admissibility": EDITORS,
    "registrations:revise": EDITORS,
    "registrations:hold_block": EDITORS,
    "registrations:withdraw_held": EDITORS,
    "registrations:deposit": EDITORS,
    "registrations:verify": EDITORS,
    "registrations:proof_file": READERS | {Role.JUROR},
    "registrations:import": EDITORS,
    "registrations:import_template": EDITORS,
    "registrations:import_preview": EDITORS,
}
