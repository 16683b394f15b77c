"""What the media worker tells of legs and of itself."""

from datetime import datetime

from django.db import transaction

from acquis.desk.phone.actions._line import changed, locked
from acquis.desk.phone.actions.hang_up import customer_hangs_up, interrupt_call, leave
from acquis.desk.phone.models import Call, Leg
from acquis.kernel import trace


@transaction.atomic
def confirm_connected(*, leg: Leg, at: datetime) -> None:
    """The sound of this leg arrives. Told again, it changes nothing."""
    if Leg.objects.filter(pk=leg.pk, connected_at=None).update(connected_at=at):
        trace.record("call.connected", leg.call, by=leg.user, at=at, side=leg.side)
        changed(leg.call, at=at)


@transaction.atomic
def lose_leg(*, leg: Leg, at: datetime) -> None:
    """Somebody is gone and did not come back.

    Without the customer the call is over. Without its adviser it goes on with the colleague who is on
    the line, or is over.
    """
    call = locked(leg.call, ended=True)
    row = call.legs.get(pk=leg.pk)
    if call.state == Call.State.ENDED or row.state == Leg.State.LEFT:
        return
    if row.side == Leg.Side.CUSTOMER:
        customer_hangs_up(leg=row, ending=Call.Ending.LOST, at=at)
        return
    speaking = call.legs.filter(state=Leg.State.JOINED, side__in=["adviser", "colleague"])
    others = speaking.exclude(pk=row.pk)
    if row.side == Leg.Side.ADVISER and not others.exists():
        interrupt_call(call=call, ending=Call.Ending.LOST, at=at)
        return
    leave(call, row, at=at)
    if call.consulting:
        call.consulting = False
        call.save(update_fields=["consulting"])


def interrupt_other_epochs(*, epoch: str, at: datetime) -> int:
    """End the calls that a media worker which is no more was carrying; returns how many."""
    stranded = Call.objects.exclude(state=Call.State.ENDED).exclude(epoch__in=["", epoch])
    calls = list(stranded)
    for call in calls:
        interrupt_call(call=call, ending=Call.Ending.INTERRUPTED, at=at)
    return len(calls)
