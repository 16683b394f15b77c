"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

CANDIDATES = {Role.CANDIDATE}
JURORS = {Role.JUROR}

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "rooms:home": CANDIDATES,
    "rooms:room": CANDIDATES,
    "rooms:enter": CANDIDATES,
    "rooms:begin": CANDIDATES,
    "rooms:hand_in": CANDIDATES,
    "rooms:save": CANDIDATES,
    "rooms:printed": CANDIDATES,
    "rooms:call": CANDIDATES,
    "rooms:pause": CANDIDATES,
    "rooms:resume": CANDIDATES,
    "rooms:state": CANDIDATES,
    "rooms:deposit": CANDIDATES,
    "rooms:attachment": CANDIDATES,
    "rooms:jury_attachment": JURORS,
    "rooms:package": {Role.JUROR, Role.SESSION_MANAGER, Role.CERTIFYING_BODY},
    "rooms:listen": CANDIDATES,
    "rooms:listening": CANDIDATES,
    "rooms:sound_piece": CANDIDATES,
    "rooms:sound_end": CANDIDATES,
    "rooms:file": {Role.JUROR, Role.SESSION_MANAGER, Role.CERTIFYING_BODY},
    "rooms:cockpit": JURORS,
    "rooms:cockpit_thread": JURORS,
    "rooms:open_role": JURORS,
    "rooms:ring": JURORS,
    "rooms:say": JURORS,
    "rooms:note": JURORS,
    "rooms:cockpit_calls": JURORS,
    "rooms:call_act": JURORS,
    "rooms:sound": {Role.JUROR, Role.SESSION_MANAGER, Role.CERTIFYING_BODY},
    "rooms:dossier": {Role.JUROR, Role.SESSION_MANAGER, Role.CERTIFYING_BODY},
}
