"""What the wall of a room asks over its socket: whether it still shows what is."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.utils import timezone

from acquis.accounts.access import keep_roles_once_read
from acquis.accounts.models import User
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions.access import session_for
from acquis.certification.sittings import presentation
from acquis.kernel import live
from acquis.kernel.templatetags.ui import moment


@live.act("wall.look")
def look(user: User, said: Mapping[str, Any]) -> dict[str, Any]:
    """Whether the wall is the one of the page's `mark`; the hour that it then shows. Raises Http404, ValueError."""
    watcher = copy(user)
    keep_roles_once_read(watcher)
    session = session_for(watcher, live.number(said, "session"), Verb.SESSION_INVIGILATE)
    now = timezone.now()
    if presentation.wall_mark(session, now) != said.get("mark"):
        return {"same": False}
    return {"same": True, "now": moment(now, "seconds")}
