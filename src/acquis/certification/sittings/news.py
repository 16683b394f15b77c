"""Who may follow what happens in an exam."""

from acquis.accounts.models import User
from acquis.certification.sittings import access
from acquis.kernel import outbox, realtime


@realtime.guard("sitting")
def may_follow(user: User, key: str) -> bool:
    return key.isdecimal() and access.hears(user, int(key))


@outbox.handler("sitting.opened")
def _no_desk_needed(payload: dict[str, object]) -> None:
    """An exam may need no desk; the practice, loaded later, puts its own delivery in this place."""
