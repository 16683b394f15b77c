"""What every act on a call does alike."""

from datetime import datetime

from acquis.accounts.models import User
from acquis.desk.conversations.news import announce
from acquis.desk.phone.errors import CallEnded, NotOnTheLine
from acquis.desk.phone.models import Call, Leg
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import outbox

ROOM = "phone.room"  # of the outbox: the media worker is told how the room should be


def locked(call: Call, *, ended: bool = False, sealed: bool = False) -> Call:
    """The call, locked with its desk known.

    Raises WorkspaceSealed unless `sealed`, or CallEnded unless `ended`.
    """
    row = (
        Call.objects.select_for_update(of=("self",))
        .select_related("workspace", "conversation__workspace")
        .get(pk=call.pk)
    )
    if not sealed:
        refuse_if_sealed(row.workspace)
    if row.state == Call.State.ENDED and not ended:
        raise CallEnded
    return row


def leg_on_the_line(call: Call, by: User) -> Leg:
    """The leg by which somebody speaks on this call. Raises NotOnTheLine."""
    leg = (
        call.legs.filter(user=by, state=Leg.State.JOINED)
        .exclude(side=Leg.Side.SUPERVISOR)
        .order_by("pk")
        .first()
    )
    if leg is None:
        raise NotOnTheLine
    return leg


def changed(call: Call, *, at: datetime) -> None:
    """Tell the media worker and the open pages, once the act is committed."""
    outbox.put(ROOM, {"call": call.pk}, at=at)
    announce(call.conversation, what="call", at=at)
