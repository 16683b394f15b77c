"""A call goes on with a colleague: asked first (attended), or not (blind); or all three speak."""

from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conversations.models import Conversation
from acquis.desk.phone import queries
from acquis.desk.phone.actions._line import changed, leg_on_the_line, locked
from acquis.desk.phone.actions.answer_call import refuse_second_call
from acquis.desk.phone.actions.hang_up import leave
from acquis.desk.phone.actions.place_call import new_key
from acquis.desk.phone.errors import ColleagueUnavailable, NobodyConsulted, NotRinging
from acquis.desk.phone.models import Call, Leg
from acquis.kernel import trace


@transaction.atomic
def consult_colleague(*, call: Call, colleague: User, by: User, at: datetime) -> Leg:
    """Ask a colleague onto the line while the customer waits.

    Raises ColleagueUnavailable, NotOnTheLine, CallEnded or WorkspaceSealed.
    """
    row = locked(call)
    leg_on_the_line(row, by)
    _refuse_unavailable(row, colleague, by)
    asked = row.legs.filter(side=Leg.Side.COLLEAGUE).exclude(state=Leg.State.LEFT).first()
    if asked is not None:
        raise ColleagueUnavailable(colleague=asked.label)
    leg = Leg.objects.create(
        workspace_id=row.workspace_id,
        call=row,
        side=Leg.Side.COLLEAGUE,
        user=colleague,
        label=colleague.full_name[:160],
        key=new_key(),
    )
    row.consulting = True
    row.held = False
    row.save(update_fields=["consulting", "held"])
    trace.record("call.colleague_asked", row, by=by, at=at, colleague_id=colleague.pk)
    changed(row, at=at)
    return leg


@transaction.atomic
def join_consultation(*, call: Call, by: User, at: datetime) -> Leg:
    """Come onto the line as the colleague who was asked.

    Raises NotRinging, AlreadyOnTheLine, CallEnded or WorkspaceSealed.
    """
    row = locked(call)
    leg = _invitation(row, by)
    refuse_second_call(row, by)
    leg.state = Leg.State.JOINED
    leg.save(update_fields=["state"])
    trace.record("call.colleague_joined", row, by=by, at=at)
    changed(row, at=at)
    return leg


@transaction.atomic
def decline_consultation(*, call: Call, by: User, at: datetime) -> None:
    """Raises NotRinging, CallEnded or WorkspaceSealed."""
    row = locked(call)
    leave(row, _invitation(row, by), at=at)


@transaction.atomic
def dismiss_colleague(*, call: Call, by: User, at: datetime) -> None:
    """Take the customer up again, without the colleague.

    Raises NobodyConsulted, NotOnTheLine, CallEnded or WorkspaceSealed.
    """
    row = locked(call)
    leg_on_the_line(row, by)
    leave(row, _colleague(row), at=at)


@transaction.atomic
def merge_call(*, call: Call, by: User, at: datetime) -> None:
    """Let the customer, the adviser and the colleague speak together.

    Raises NobodyConsulted, NotOnTheLine, CallEnded or WorkspaceSealed.
    """
    row = locked(call)
    leg_on_the_line(row, by)
    _colleague(row, joined=True)
    row.consulting = row.held = False
    row.save(update_fields=["consulting", "held"])
    trace.record("call.merged", row, by=by, at=at)
    changed(row, at=at)


@transaction.atomic
def hand_over(*, call: Call, by: User, at: datetime) -> None:
    """Leave the customer with the colleague, who has the conversation from now on.

    Raises NobodyConsulted, NotOnTheLine, CallEnded or WorkspaceSealed.
    """
    row = locked(call)
    mine = leg_on_the_line(row, by)
    theirs = _colleague(row, joined=True)
    mine.state, mine.left_at = Leg.State.LEFT, at
    mine.save(update_fields=["state", "left_at"])
    theirs.side = Leg.Side.ADVISER
    theirs.save(update_fields=["side"])
    row.consulting = row.held = False
    row.save(update_fields=["consulting", "held"])
    Conversation.objects.filter(pk=row.conversation_id).update(
        adviser=theirs.user, adviser_label=theirs.label
    )
    trace.record("call.transferred", row, by=by, at=at, to_id=theirs.user_id, attended=True)
    changed(row, at=at)


@transaction.atomic
def pass_call(*, call: Call, colleague: User, by: User, at: datetime) -> None:
    """Let it ring at a colleague's desk without asking; nobody answering, it rings at all desks.

    Raises ColleagueUnavailable, NotOnTheLine, CallEnded or WorkspaceSealed.
    """
    row = locked(call)
    leg_on_the_line(row, by)
    _refuse_unavailable(row, colleague, by)
    row.legs.exclude(side=Leg.Side.CUSTOMER).exclude(state=Leg.State.LEFT).update(
        state=Leg.State.LEFT, left_at=at
    )
    row.state = Call.State.RINGING
    row.offered_to, row.offered_at = colleague, at
    row.consulting = row.held = False
    row.save()
    Conversation.objects.filter(pk=row.conversation_id).update(
        state=Conversation.State.WAITING,
        direction=Conversation.Direction.IN,
        adviser=None,
        adviser_label="",
    )
    trace.record("call.transferred", row, by=by, at=at, to_id=colleague.pk, attended=False)
    changed(row, at=at)


def _refuse_unavailable(call: Call, colleague: User, by: User) -> None:
    """Raise ColleagueUnavailable for somebody without a place here, or who is on the line."""
    known = queries.colleagues(call.workspace, by).filter(pk=colleague.pk).exists()
    if not known or colleague.pk in queries.busy_people(call.workspace):
        raise ColleagueUnavailable(colleague=colleague.full_name)


def _invitation(call: Call, by: User) -> Leg:
    leg = call.legs.filter(side=Leg.Side.COLLEAGUE, user=by, state=Leg.State.RINGING).first()
    if leg is None:
        raise NotRinging
    return leg


def _colleague(call: Call, *, joined: bool = False) -> Leg:
    legs = call.legs.filter(side=Leg.Side.COLLEAGUE).exclude(state=Leg.State.LEFT)
    leg = (legs.filter(state=Leg.State.JOINED) if joined else legs).first()
    if leg is None:
        raise NobodyConsulted
    return leg
