"""The acts of the softphone: each is one name posted to one address."""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from acquis.accounts.models import User
from acquis.desk.phone import queries
from acquis.desk.phone.access import may_supervise
from acquis.desk.phone.actions._line import leg_on_the_line
from acquis.desk.phone.actions.control_recording import oppose_recording, pause_recording
from acquis.desk.phone.actions.hang_up import hang_up
from acquis.desk.phone.actions.hold_call import hold_call, press_keys
from acquis.desk.phone.actions.listen_in import listen_in, stop_listening
from acquis.desk.phone.actions.pass_call import (
    consult_colleague,
    decline_consultation,
    dismiss_colleague,
    hand_over,
    join_consultation,
    merge_call,
    pass_call,
)
from acquis.desk.phone.models import Call

Act = Callable[[HttpRequest, Call, User, datetime], object]


def _colleague(request: HttpRequest, call: Call, by: User) -> User:
    """The colleague who was chosen among those of the desk. Raises Http404."""
    asked = request.POST.get("colleague", "")
    if not asked.isdecimal() or len(asked) > 18:
        raise Http404
    return get_object_or_404(queries.colleagues(call.workspace, by), pk=int(asked))


def _listen(request: HttpRequest, call: Call, by: User, at: datetime) -> object:
    del request
    if not may_supervise(by, call.workspace):
        raise PermissionDenied
    return listen_in(call=call, by=by, at=at)


ACTS: dict[str, Act] = {
    "hold": lambda _request, call, by, at: hold_call(call=call, held=True, by=by, at=at),
    "resume": lambda _request, call, by, at: hold_call(call=call, held=False, by=by, at=at),
    "keys": lambda request, call, by, at: press_keys(
        call=call, keys=request.POST.get("keys", ""), leg=leg_on_the_line(call, by), at=at
    ),
    "hang_up": lambda _request, call, by, at: hang_up(call=call, by=by, at=at),
    "pause": lambda _request, call, by, at: pause_recording(call=call, paused=True, by=by, at=at),
    "record": lambda _request, call, by, at: pause_recording(call=call, paused=False, by=by, at=at),
    "oppose": lambda _request, call, by, at: oppose_recording(
        call=call, leg=leg_on_the_line(call, by), at=at
    ),
    "consult": lambda request, call, by, at: consult_colleague(
        call=call, colleague=_colleague(request, call, by), by=by, at=at
    ),
    "pass": lambda request, call, by, at: pass_call(
        call=call, colleague=_colleague(request, call, by), by=by, at=at
    ),
    "join": lambda _request, call, by, at: join_consultation(call=call, by=by, at=at),
    "decline": lambda _request, call, by, at: decline_consultation(call=call, by=by, at=at),
    "dismiss": lambda _request, call, by, at: dismiss_colleague(call=call, by=by, at=at),
    "merge": lambda _request, call, by, at: merge_call(call=call, by=by, at=at),
    "hand_over": lambda _request, call, by, at: hand_over(call=call, by=by, at=at),
    "listen": _listen,
    "stop_listening": lambda _request, call, by, at: stop_listening(call=call, by=by, at=at),
}
