"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

HANDLERS = {Role.CERTIFYING_BODY, Role.SESSION_MANAGER}
EXAMINERS = HANDLERS | {Role.TRAINER}
CANDIDATES = {Role.CANDIDATE}

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "appeals:list": EXAMINERS,
    "appeals:register": HANDLERS,
    "appeals:rules": HANDLERS,
    "appeals:detail": EXAMINERS,
    "appeals:judge": HANDLERS,
    "appeals:name_member": HANDLERS,
    "appeals:voice": EXAMINERS,
    "appeals:decide": EXAMINERS,
    "appeals:place": HANDLERS,
    "appeals:withdraw": HANDLERS,
    "appeals:piece": EXAMINERS,
    "appeals:letter": EXAMINERS,
    "appeals:post_letter": HANDLERS,
    "appeals:own_list": CANDIDATES,
    "appeals:lodge": CANDIDATES,
    "appeals:own": CANDIDATES,
    "appeals:own_withdraw": CANDIDATES,
    "appeals:own_letter": CANDIDATES,
}
