"""Who may follow what happens in a session."""

from django.http import Http404

from acquis.accounts.models import User
from acquis.certification.exam_sessions import access
from acquis.kernel import realtime


@realtime.guard("session")
def may_follow(user: User, key: str) -> bool:
    try:
        access.session_for(user, int(key) if key.isdecimal() else 0)
    except Http404:
        return False
    return True
