"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

READERS = {
    Role.CERTIFYING_BODY,
    Role.SESSION_MANAGER,
    Role.INVIGILATOR,
    Role.JUROR,
    Role.CANDIDATE,
    Role.TRAINER,
}
WRITERS = {Role.CERTIFYING_BODY, Role.TRAINER}

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "frameworks:list": READERS,
    "frameworks:version": READERS,
    "frameworks:case": READERS,
    "frameworks:content": READERS,
    "frameworks:compare": READERS,
    "frameworks:compare_csv": READERS,
    "frameworks:imports": WRITERS,
    "frameworks:import_new": WRITERS,
    "frameworks:import_review": WRITERS,
    "frameworks:import_document": WRITERS,
    "frameworks:import_item": WRITERS,
    "frameworks:import_arrange": WRITERS,
    "frameworks:import_undo": WRITERS,
    "frameworks:import_history": WRITERS,
    "frameworks:import_abandon": WRITERS,
    "frameworks:import_reopen": WRITERS,
    "frameworks:import_publish": {Role.CERTIFYING_BODY},
}
