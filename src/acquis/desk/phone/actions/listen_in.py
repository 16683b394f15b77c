from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.phone.actions._line import changed, locked
from acquis.desk.phone.actions.answer_call import refuse_second_call
from acquis.desk.phone.actions.hang_up import leave
from acquis.desk.phone.actions.place_call import adviser_leg_of
from acquis.desk.phone.errors import NotOnTheLine
from acquis.desk.phone.models import Call, Leg
from acquis.kernel import trace
from acquis.kernel.media import client as media


@transaction.atomic
def listen_in(*, call: Call, by: User, at: datetime) -> Leg:
    """Hear a call as its supervisor, heard by nobody; a tone and both pages say so.

    Who may is decided by `access.may_supervise`. Raises AlreadyOnTheLine, CallEnded or
    WorkspaceSealed. Source: G-08 (people are told that they are listened to).
    """
    row = locked(call)
    legs = row.legs.filter(state=Leg.State.JOINED)
    already = legs.filter(user=by, side=Leg.Side.SUPERVISOR).first()
    if already is not None:
        return already
    refuse_second_call(row, by)
    others = list(legs.exclude(side=Leg.Side.SUPERVISOR).values_list("key", flat=True))
    leg = adviser_leg_of(row, by, side=Leg.Side.SUPERVISOR)
    trace.record("call.listened_in", row, by=by, at=at)
    transaction.on_commit(lambda: media.play(row.media_key, others, ["beep"]))
    changed(row, at=at)
    return leg


@transaction.atomic
def stop_listening(*, call: Call, by: User, at: datetime) -> None:
    """Raises NotOnTheLine, CallEnded or WorkspaceSealed."""
    row = locked(call)
    leg = row.legs.filter(user=by, side=Leg.Side.SUPERVISOR, state=Leg.State.JOINED).first()
    if leg is None:
        raise NotOnTheLine
    leave(row, leg, at=at)
