"""Who may follow what happens in an exam."""

from acquis.accounts.models import User
from acquis.certification.sittings import access
from acquis.kernel import realtime


@realtime.guard("sitting")
def may_follow(user: User, key: str) -> bool:
    return key.isdecimal() and access.hears(user, int(key))
