"""The juror at the other end of the candidate's telephone, as the customer."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.sittings.models import Sitting
from acquis.desk.conversations.models import Conversation
from acquis.desk.phone.actions.call_customer import pick_up
from acquis.desk.phone.actions.hang_up import customer_hangs_up, interrupt_call
from acquis.desk.phone.models import Call
from acquis.kernel import trace
from acquis.practice.rooms.actions.play_customer import open_workspace
from acquis.practice.rooms.errors import NoSuchCall
from acquis.practice.rooms.phone import customer_leg, exchange_called
from acquis.practice.scenarios.actions.begin_exchange import next_key, set_aside_unanswered


@transaction.atomic
def answer(*, sitting: Sitting, call_id: int, by: User, at: datetime) -> Call:
    """Answer the candidate's call as the customer. Answered twice, it is answered once.

    Raises ExchangesNotOpen, NoSuchCall and what `pick_up` raises.
    """
    call = _called(sitting, call_id)
    pick_up(leg=customer_leg(call), at=at)
    return _kept(sitting, call, "exchange.answered", by, at)


@transaction.atomic
def refuse(*, sitting: Sitting, call_id: int, by: User, at: datetime) -> Call:
    """Refuse the candidate's call. Raises ExchangesNotOpen or NoSuchCall."""
    call = _called(sitting, call_id)
    customer_hangs_up(leg=customer_leg(call), at=at)
    return _kept(sitting, call, "exchange.refused", by, at)


@transaction.atomic
def let_ring_out(*, sitting: Sitting, call_id: int, by: User, at: datetime) -> Call:
    """Nobody is at home: the call ends without an answer. Raises ExchangesNotOpen or NoSuchCall."""
    call = _called(sitting, call_id)
    if call.state == Call.State.RINGING:
        interrupt_call(call=call, ending=Call.Ending.NO_ANSWER, at=at)
    return _kept(sitting, call, "exchange.not_answered", by, at)


@transaction.atomic
def hang_up(*, sitting: Sitting, call_id: int, by: User, at: datetime) -> Call:
    """Hang up as the customer; hung up twice, it is hung up once. Raises as `answer`."""
    call = _of_copy(sitting, call_id)
    customer_hangs_up(leg=customer_leg(call), at=at)
    trace.record("exchange.hung_up", sitting, by=by, at=at, call=call.pk)
    return call


ACTS: dict[str, Callable[..., Call]] = {
    "answer": answer,
    "refuse": refuse,
    "ring_out": let_ring_out,
    "hang_up": hang_up,
}


def _of_copy(sitting: Sitting, call_id: int) -> Call:
    """A call of this candidate's own desk, while the exchanges are open."""
    workspace = open_workspace(sitting)
    call = (
        Call.objects.filter(workspace=workspace, pk=call_id)
        .select_related("conversation__customer", "workspace")
        .first()
    )
    if call is None:
        raise NoSuchCall
    return call


def _called(sitting: Sitting, call_id: int) -> Call:
    """A call that the candidate placed."""
    call = _of_copy(sitting, call_id)
    if call.conversation.direction != Conversation.Direction.OUT:
        raise NoSuchCall
    return call


def _kept(sitting: Sitting, call: Call, verb: str, by: User, at: datetime) -> Call:
    """Name the exchange that this call plays, once, and write down what the juror did."""
    conversation = call.conversation
    key = exchange_called(sitting, conversation)
    if key and not conversation.played_key:
        set_aside_unanswered(call.workspace, key)
        taken = Conversation.objects.filter(workspace=call.workspace, played_key=key).exists()
        conversation.played_key = next_key(call.workspace, key) if taken else key
        conversation.save(update_fields=["played_key"])
    trace.record(verb, sitting, by=by, at=at, call=call.pk, key=conversation.played_key)
    return call


def end_calls(*, sitting: Sitting, at: datetime) -> int:
    """End what is still on the line when its part of the exam is over; returns how many calls.

    The desk may be sealed meanwhile: the sound ends all the same and what was recorded is kept.
    """
    live = Call.objects.filter(workspace_id=sitting.workspace_id or 0).exclude(
        state=Call.State.ENDED
    )
    calls = list(live)
    for call in calls:
        interrupt_call(call=call, ending=Call.Ending.HUNG_UP, at=at)
    return len(calls)
