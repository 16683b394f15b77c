from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.actions.end_conversation import end_conversation
from acquis.desk.conversations.channels import room_of
from acquis.desk.conversations.errors import WrapUpPending
from acquis.desk.conversations.models import Conversation
from acquis.desk.phone import joining, queries, tasks
from acquis.desk.phone.actions.answer_call import answer_call
from acquis.desk.phone.actions.call_customer import call_customer, pick_up
from acquis.desk.phone.actions.hang_up import customer_hangs_up, hang_up, interrupt_call
from acquis.desk.phone.actions.hold_call import hold_call, press_keys
from acquis.desk.phone.actions.leave_message import leave_message
from acquis.desk.phone.actions.lose_leg import (
    confirm_connected,
    interrupt_other_epochs,
    lose_leg,
)
from acquis.desk.phone.actions.place_call import place_call
from acquis.desk.phone.errors import (
    AlreadyOnTheLine,
    CallEnded,
    CallTaken,
    KeysRefused,
    LineBusy,
    MessageTooEarly,
    NotOnTheLine,
    NotRinging,
    NoVoicemail,
    NumberRefused,
)
from acquis.desk.phone.models import Call, Leg, Recording
from acquis.desk.queues.actions.answer_offer import accept_offer
from acquis.desk.queues.actions.route import route
from acquis.desk.queues.errors import OfferedToSomebody
from acquis.kernel.models import OutboxMessage, TraceLine
from tests.desk.phone.conftest import FakeMedia
from tests.factories import desk as make
from tests.factories import phone, queues

pytestmark = pytest.mark.django_db


def verbs(workspace: Workspace) -> list[str]:
    lines = TraceLine.objects.filter(stream=workspace.trace_stream)
    return [line.verb for line in lines.order_by("position")]


def leg_of(call: Call, side: str) -> Leg:
    return call.legs.get(side=side)


@pytest.fixture
def colleague(workspace: Workspace) -> User:
    return make.adviser(workspace.organisation)


@pytest.fixture
def call(workspace: Workspace, adviser: User) -> Call:
    return phone.active_call(workspace, adviser)


def place(workspace: Workspace, now: datetime, **fields: Any) -> Leg:
    values = {"number": "06 39 98 11 22", "name": "Odile", "subject": "Ma commande"}
    return place_call(workspace=workspace, at=now, **(values | fields))


def test_place_call_rings_at_the_desk_and_puts_the_caller_on_the_line(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    leg = place(workspace, now)

    conversation = leg.call.conversation
    assert (conversation.channel, conversation.direction) == ("phone", "in")
    assert (conversation.state, conversation.contact_address) == ("waiting", "+33639981122")
    assert (leg.call.state, leg.state) == ("ringing", "joined")
    assert queries.ringing_for(workspace, adviser, now) == [leg.call]
    assert verbs(workspace) == ["conversation.started", "call.placed"]


def test_place_call_of_the_same_exchange_gives_the_same_leg(
    workspace: Workspace, now: datetime
) -> None:
    first = place(workspace, now, played_key="exchange-3")

    assert place(workspace, now, played_key="exchange-3") == first


def test_place_call_keeps_no_number_that_is_none(workspace: Workspace, now: datetime) -> None:
    assert place(workspace, now, number="inconnu").call.number == ""


def test_place_call_refuses_a_flood(
    workspace: Workspace, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("acquis.desk.phone.policy.MOST_RINGING", 1)
    place(workspace, now)

    with pytest.raises(LineBusy):
        place(workspace, now)
    assert Call.objects.count() == Conversation.objects.count() == 1


def test_callers_are_known_or_maybe(workspace: Workspace) -> None:
    lone = make.customer(workspace, phone="+33639981122")
    make.customer(workspace, phone="+33639980000")
    shared = [make.customer(workspace, phone_alt="+33639983344") for _ in range(2)]

    assert queries.callers(workspace, "+33639981122") == [queries.Caller(lone, known=True)]
    assert {one.customer for one in queries.callers(workspace, "+33639983344")} == set(shared)
    assert not any(one.known for one in queries.callers(workspace, "+33639983344"))
    assert queries.callers(workspace, "") == []


def test_answer_call_opens_the_conversation_and_attaches_who_is_known(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    call = phone.ringing_call(workspace)
    known = make.customer(workspace, phone=call.number)
    at = now + timedelta(seconds=8)

    leg = answer_call(call=call, customer=known, by=adviser, at=at)

    call.refresh_from_db()
    conversation = call.conversation
    conversation.refresh_from_db()
    assert (call.state, call.answered_at) == ("active", at)
    assert (conversation.state, conversation.adviser) == ("open", adviser)
    assert (conversation.answered_at, conversation.customer) == (at, known)
    assert queries.wish(call)["hear"] == {
        leg_of(call, "customer").key: (leg.key,),
        leg.key: (leg_of(call, "customer").key,),
    }
    assert queries.wish(call)["recording"] is None
    answered = TraceLine.objects.get(verb="call.answered")
    assert answered.data["waited_seconds"] == 8


def test_answer_call_twice_gives_the_same_leg(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    call = phone.ringing_call(workspace)

    first = answer_call(call=call, by=adviser, at=now)

    assert answer_call(call=call, by=adviser, at=now) == first


def test_answer_call_refuses_who_comes_second(
    workspace: Workspace, adviser: User, colleague: User, now: datetime
) -> None:
    call = phone.ringing_call(workspace)
    answer_call(call=call, by=adviser, at=now)

    with pytest.raises(CallTaken):
        answer_call(call=call, by=colleague, at=now)


def test_answer_call_refuses_who_is_on_the_line(
    workspace: Workspace, adviser: User, call: Call, now: datetime
) -> None:
    with pytest.raises(AlreadyOnTheLine):
        answer_call(call=phone.ringing_call(workspace), by=adviser, at=now)


def test_answer_call_refuses_before_the_last_one_is_qualified(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    make.ended_conversation(workspace, adviser)
    call = phone.ringing_call(workspace)

    with pytest.raises(WrapUpPending):
        answer_call(call=call, by=adviser, at=now)
    call.refresh_from_db()
    assert call.state == "ringing"


def test_answer_call_refuses_an_answering_machine(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    call = phone.ringing_call(workspace, state=Call.State.VOICEMAIL)

    with pytest.raises(NotRinging):
        answer_call(call=call, by=adviser, at=now)


def test_answer_call_accepts_a_conversation_taken_beforehand(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    call = phone.ringing_call(workspace)
    Conversation.objects.filter(pk=call.conversation_id).update(state="open", adviser=adviser)

    answer_call(call=call, by=adviser, at=now)

    call.refresh_from_db()
    assert call.state == "active"


def test_answer_call_records_what_the_desk_samples(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    phone.line(workspace, recording_percent=100, recording_purpose="la formation")
    call = phone.ringing_call(workspace)

    answer_call(call=call, by=adviser, at=now)

    call.refresh_from_db()
    wish = queries.wish(call)["recording"]
    assert call.recording_state == "announced"
    assert wish["announcement"] == "notice"
    assert set(wish["legs"]) == {leg.key for leg in call.legs.all()}
    assert call.recordings.get().key == call.recording_key


def test_hang_up_ends_the_call_and_its_conversation(
    workspace: Workspace, adviser: User, call: Call, now: datetime
) -> None:
    hang_up(call=call, by=adviser, at=now + timedelta(minutes=2))

    call.refresh_from_db()
    assert (call.state, call.ending) == ("ended", "hung_up")
    assert Conversation.objects.get(pk=call.conversation_id).state == "ended"
    assert not call.legs.exclude(state="left").exists()
    assert queries.wish(call)["legs"] == []
    assert TraceLine.objects.get(verb="call.ended").data["seconds"] == 120


def test_hang_up_twice_changes_nothing(adviser: User, call: Call, now: datetime) -> None:
    hang_up(call=call, by=adviser, at=now)
    written = TraceLine.objects.count()

    hang_up(call=call, by=adviser, at=now)

    assert TraceLine.objects.count() == written


def test_hang_up_refuses_who_is_not_on_the_line(colleague: User, call: Call, now: datetime) -> None:
    with pytest.raises(NotOnTheLine):
        hang_up(call=call, by=colleague, at=now)


def test_ending_the_conversation_hangs_up(adviser: User, call: Call, now: datetime) -> None:
    end_conversation(conversation=call.conversation, by=adviser, at=now)
    written = make.ended_conversation(call.workspace, adviser, channel="phone")

    call.refresh_from_db()
    assert call.ending == "hung_up"
    room_of(written).ended(written, now)  # a call written down by hand has no line


@pytest.mark.parametrize(
    ("state", "ending", "conversation"),
    [
        ("ringing", "missed", "ended"),
        ("active", "hung_up", "ended"),
        ("voicemail", "message", "waiting"),
    ],
)
def test_customer_hangs_up(
    workspace: Workspace, now: datetime, state: str, ending: str, conversation: str
) -> None:
    call = phone.ringing_call(workspace, state=state)
    leg = leg_of(call, "customer")

    customer_hangs_up(leg=leg, at=now)
    customer_hangs_up(leg=leg, at=now)

    call.refresh_from_db()
    assert (call.state, call.ending) == ("ended", ending)
    assert Conversation.objects.get(pk=call.conversation_id).state == conversation
    assert verbs(workspace).count("call.ended") == 1


def test_call_customer_rings_on_the_page_of_the_customer(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    known = make.customer(workspace)

    call = call_customer(
        workspace=workspace, number="06 39 98 11 22", name="Odile", customer=known,
        by=adviser, at=now,
    )  # fmt: skip

    assert (call.conversation.direction, call.conversation.customer) == ("out", known)
    assert leg_of(call, "customer").state == "ringing"
    assert queries.wish(call)["tones"] == {leg_of(call, "adviser").key: "ringing"}
    assert queries.ringing_for(workspace, adviser, now) == []


def test_call_customer_refuses_a_number_with_its_reason(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    with pytest.raises(NumberRefused, match="chiffres"):
        call_customer(workspace=workspace, number="06 39", name="Odile", by=adviser, at=now)
    assert not Call.objects.exists()


def test_call_customer_refuses_a_second_call(
    workspace: Workspace, adviser: User, call: Call, now: datetime
) -> None:
    with pytest.raises(AlreadyOnTheLine):
        call_customer(workspace=workspace, number=call.number, name="O", by=adviser, at=now)


def outgoing(workspace: Workspace, adviser: User, now: datetime, **fields: Any) -> Call:
    values = {"number": "+33639981122", "name": "Odile"}
    return call_customer(workspace=workspace, by=adviser, at=now, **(values | fields))


def test_pick_up_makes_both_hear_each_other(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    call = outgoing(workspace, adviser, now)
    leg = leg_of(call, "customer")

    assert pick_up(leg=leg, at=now) == pick_up(leg=leg, at=now)

    call.refresh_from_db()
    assert call.state == "active"
    assert set(queries.wish(call)["hear"][leg.key]) == {leg_of(call, "adviser").key}


def test_pick_up_refuses_what_no_longer_rings(call: Call, now: datetime) -> None:
    late = phone.leg(call, state=Leg.State.RINGING)

    with pytest.raises(NotRinging):
        pick_up(leg=late, at=now)


def test_declining_a_call_of_the_desk_is_not_missing_one(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    call = outgoing(workspace, adviser, now)

    customer_hangs_up(leg=leg_of(call, "customer"), at=now)

    call.refresh_from_db()
    assert call.ending == "declined"


def test_hanging_up_before_the_customer_answers_is_a_missed_call_of_theirs(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    call = outgoing(workspace, adviser, now)

    hang_up(call=call, by=adviser, at=now)

    call.refresh_from_db()
    assert call.ending == "missed"


def test_hold_call_silences_both_ways_and_back(
    workspace: Workspace, adviser: User, call: Call, now: datetime
) -> None:
    held = hold_call(call=call, held=True, by=adviser, at=now)
    customer = leg_of(call, "customer").key
    assert queries.wish(held)["tones"] == {customer: "hold"}
    assert queries.wish(held)["hear"][customer] == ()

    hold_call(call=call, held=True, by=adviser, at=now)
    back = hold_call(call=call, held=False, by=adviser, at=now)

    assert queries.wish(back)["tones"] == {}
    assert verbs(workspace) == ["call.held", "call.resumed"]


def test_hold_call_refuses_an_ended_call(adviser: User, call: Call, now: datetime) -> None:
    hang_up(call=call, by=adviser, at=now)

    with pytest.raises(CallEnded):
        hold_call(call=call, held=True, by=adviser, at=now)


def test_press_keys_sounds_at_the_other_end_and_keeps_no_key(
    workspace: Workspace,
    call: Call,
    now: datetime,
    media: FakeMedia,
    committed: Callable[[], Any],
) -> None:
    with committed():
        press_keys(call=call, keys="42#", leg=leg_of(call, "adviser"), at=now)

    assert media.played == [
        {"legs": [leg_of(call, "customer").key], "clips": ["key-4", "key-1", "key-14"]}
    ]
    assert TraceLine.objects.get(verb="call.keys_pressed").data == {"side": "adviser", "keys": 3}
    assert not OutboxMessage.objects.filter(payload__icontains="42#").exists()


def test_press_keys_refuses_what_no_telephone_has(call: Call, now: datetime) -> None:
    with pytest.raises(KeysRefused):
        press_keys(call=call, keys="4z", leg=leg_of(call, "adviser"), at=now)


def test_leave_message_waits_then_records(workspace: Workspace, now: datetime) -> None:
    call = phone.ringing_call(workspace)
    leg = leg_of(call, "customer")
    with pytest.raises(MessageTooEarly):
        leave_message(leg=leg, at=now + timedelta(seconds=29))

    leave_message(leg=leg, at=now + timedelta(seconds=30))
    left = leave_message(leg=leg, at=now + timedelta(seconds=31))

    assert left.state == "voicemail"
    assert queries.wish(left)["recording"]["announcement"] == "beep"
    assert left.recordings.get().kind == Recording.Kind.VOICEMAIL


def test_leave_message_refuses_without_a_machine(workspace: Workspace, now: datetime) -> None:
    phone.line(workspace, voicemail=False)
    call = phone.ringing_call(workspace)

    with pytest.raises(NoVoicemail):
        leave_message(leg=leg_of(call, "customer"), at=now + timedelta(minutes=1))


def test_leave_message_refuses_once_answered(call: Call, now: datetime) -> None:
    with pytest.raises(NotRinging):
        leave_message(leg=leg_of(call, "customer"), at=now + timedelta(minutes=1))


def test_confirm_connected_is_written_once(workspace: Workspace, call: Call, now: datetime) -> None:
    leg = leg_of(call, "customer")

    confirm_connected(leg=leg, at=now)
    confirm_connected(leg=leg, at=now)

    assert verbs(workspace) == ["call.connected"]


def test_a_lost_customer_ends_the_call(workspace: Workspace, call: Call, now: datetime) -> None:
    leg = leg_of(call, "customer")

    lose_leg(leg=leg, at=now)
    lose_leg(leg=leg, at=now)

    call.refresh_from_db()
    assert (call.state, call.ending) == ("ended", "lost")


def test_a_lost_adviser_ends_the_call(call: Call, now: datetime) -> None:
    lose_leg(leg=leg_of(call, "adviser"), at=now)

    call.refresh_from_db()
    assert call.ending == "lost"


def test_a_lost_adviser_leaves_the_customer_with_the_colleague(
    call: Call, colleague: User, now: datetime
) -> None:
    phone.leg(call, side=Leg.Side.COLLEAGUE, user=colleague)
    Call.objects.update(consulting=True)

    lose_leg(leg=leg_of(call, "adviser"), at=now)

    call.refresh_from_db()
    assert (call.state, call.consulting) == ("active", False)


def test_a_lost_supervisor_changes_nothing_for_the_others(
    call: Call, colleague: User, now: datetime
) -> None:
    phone.leg(call, side=Leg.Side.SUPERVISOR, user=colleague)

    lose_leg(leg=leg_of(call, "supervisor"), at=now)

    call.refresh_from_db()
    assert call.state == "active"
    assert len(queries.present(call)) == 2


def test_a_new_media_worker_ends_the_calls_of_the_old_one(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    stranded = phone.active_call(workspace, adviser, epoch="old")
    carried = phone.ringing_call(workspace, epoch="new")
    waiting = phone.ringing_call(workspace)

    assert interrupt_other_epochs(epoch="new", at=now) == 1

    states = dict(Call.objects.values_list("pk", "ending"))
    assert states == {stranded.pk: "interrupted", carried.pk: "", waiting.pk: ""}


def test_interrupt_call_leaves_an_ended_call(adviser: User, call: Call, now: datetime) -> None:
    hang_up(call=call, by=adviser, at=now)

    interrupt_call(call=call, ending=Call.Ending.LOST, at=now)

    call.refresh_from_db()
    assert call.ending == "hung_up"


def test_joining_tells_the_room_first_and_keeps_who_carries_the_call(
    call: Call, now: datetime, media: FakeMedia
) -> None:
    answer = joining.join(leg_of(call, "customer"), "v=0 offer", at=now)

    assert answer == {"sdp": "v=0 answer"}
    assert [method for method, _path, _body in media.asked] == ["PUT", "POST"]
    call.refresh_from_db()
    assert call.epoch == "epoch1"


def test_the_worker_is_told_how_a_room_should_be(call: Call, media: FakeMedia) -> None:
    tasks.arrange({"call": call.pk})
    tasks.arrange({"call": 999_999})

    assert media.rooms == [queries.wish(call)]


def test_what_the_worker_tells_of_legs_is_heard(call: Call, adviser: User) -> None:
    customer = leg_of(call, "customer")

    tasks.on_media({"what": "leg_connected", "leg": customer.key})
    tasks.on_media({"what": "leg_connected", "leg": "nobody"})
    tasks.on_media({"what": "leg_lost", "leg": customer.key})
    tasks.on_media({"what": "started", "epoch": "other"})

    customer.refresh_from_db()
    call.refresh_from_db()
    assert customer.connected_at is not None
    assert call.ending == "lost"


def test_a_call_of_a_queue_rings_at_the_desk_of_who_is_asked_and_is_answered_as_offered(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    queues.queue(workspace, key="tel", channels=["phone"])
    other = make.adviser(workspace.organisation)
    for rank, one in enumerate((adviser, other)):
        queues.presence(workspace, one, started_at=now + timedelta(seconds=rank), seen_at=now)
    known = make.customer(workspace, phone="+33639981122")
    call = place(workspace, now).call
    assert queries.ringing_for(workspace, adviser, now) == []

    (offer,) = route(workspace=workspace, at=now)
    assert queries.ringing_for(workspace, adviser, now) == [call]
    assert queries.ringing_for(workspace, other, now) == []
    with pytest.raises(OfferedToSomebody):
        answer_call(call=call, by=other, at=now)

    accept_offer(offer=offer, by=adviser, at=now)
    call.refresh_from_db()
    assert (call.state, call.conversation.adviser) == ("active", adviser)
    assert call.conversation.customer == known
    assert leg_of(call, "adviser").user == adviser


def test_a_message_left_is_taken_as_any_contact_that_is_offered(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    queues.queue(workspace, key="tel", channels=["phone"])
    queues.presence(workspace, adviser, started_at=now, seen_at=now)
    call = place(workspace, now).call
    Call.objects.filter(pk=call.pk).update(state="ended")
    (offer,) = route(workspace=workspace, at=now)

    taken = accept_offer(offer=offer, by=adviser, at=now)

    assert (taken.adviser, taken.state) == (adviser, "open")


def test_calls_under_way_are_those_that_a_supervisor_may_hear(
    workspace: Workspace, adviser: User
) -> None:
    active = phone.active_call(workspace, adviser)
    rings = phone.ringing_call(workspace)

    heard = room_of(active.conversation).listen([active.conversation, rings.conversation])

    assert heard == {active.conversation_id: reverse("phone:act", args=[workspace.pk, active.pk])}
