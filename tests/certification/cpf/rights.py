"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

SENDERS = {Role.CERTIFYING_BODY, Role.SESSION_MANAGER}
SETTLERS = {Role.CERTIFYING_BODY}

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "cpf:list": SENDERS,
    "cpf:open": SENDERS,
    "cpf:export": SENDERS,
    "cpf:passage": SENDERS,
    "cpf:particulars": SENDERS,
    "cpf:deposits": SENDERS,
    "cpf:deposit": SENDERS,
    "cpf:write_again": SENDERS,
    "cpf:send": SENDERS,
    "cpf:cancel": SENDERS,
    "cpf:close": SENDERS,
    "cpf:file": SENDERS,
    "cpf:report": SENDERS,
    "cpf:report_file": SENDERS,
    "cpf:settings": SETTLERS,
    "cpf:load_schema": SETTLERS,
    "cpf:schema_file": SETTLERS,
    "cpf:certification": SETTLERS,
}
