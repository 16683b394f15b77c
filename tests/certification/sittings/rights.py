"""Who may open each page of this application."""

from typing import Literal

from acquis.accounts.enums import Role

MANAGERS = {Role.SESSION_MANAGER}
ROOM = {Role.SESSION_MANAGER, Role.INVIGILATOR}

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    "sittings:open_session": MANAGERS,
    "sittings:close_session": MANAGERS,
    "sittings:wall": ROOM,
    "sittings:start_together": ROOM,
    "sittings:presence": ROOM,
    "sittings:identity": ROOM,
    "sittings:juror_presence": ROOM,
    "sittings:authorise": ROOM,
    "sittings:withdraw": ROOM,
    "sittings:renew_code": ROOM,
    "sittings:finish": ROOM,
    "sittings:abort": ROOM,
    "sittings:start": ROOM,
    "sittings:end": ROOM,
    "sittings:pause": ROOM,
    "sittings:resume": ROOM,
    "sittings:give_time": ROOM,
    "sittings:give_time_to_all": ROOM,
    "sittings:give_hearing": ROOM,
    "sittings:answer_call": ROOM,
    "sittings:authorise_device": ROOM,
}
