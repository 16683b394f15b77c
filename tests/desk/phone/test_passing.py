from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import Http404

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation
from acquis.desk.phone import queries
from acquis.desk.phone.access import (
    call_for,
    customer_leg,
    may_supervise,
    public_key,
    public_line,
    recording_for,
)
from acquis.desk.phone.actions.answer_call import answer_call
from acquis.desk.phone.actions.hang_up import hang_up
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
from acquis.desk.phone.actions.set_line import renew_address, set_line
from acquis.desk.phone.errors import (
    AlreadyOnTheLine,
    ColleagueUnavailable,
    NobodyConsulted,
    NotOnTheLine,
    NotRinging,
)
from acquis.desk.phone.models import Call, Leg
from acquis.kernel.models import TraceLine
from tests.desk.phone.conftest import FakeMedia
from tests.factories import accounts, phone
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(workspace: Workspace) -> User:
    return make.adviser(workspace.organisation)


@pytest.fixture
def call(workspace: Workspace, adviser: User) -> Call:
    return phone.active_call(workspace, adviser)


@pytest.fixture
def consulted(call: Call, adviser: User, colleague: User, now: datetime) -> Call:
    """The colleague is on the line, the customer waits."""
    consult_colleague(call=call, colleague=colleague, by=adviser, at=now)
    join_consultation(call=call, by=colleague, at=now)
    call.refresh_from_db()
    return call


def key(call: Call, side: str) -> str:
    return call.legs.get(side=side).key


def hear(call: Call) -> dict[str, Any]:
    call.refresh_from_db()
    return dict(queries.wish(call)["hear"])


def test_a_consulted_colleague_speaks_without_the_customer(
    consulted: Call, adviser: User, colleague: User
) -> None:
    assert hear(consulted)[key(consulted, "colleague")] == (key(consulted, "adviser"),)
    assert queries.wish(consulted)["tones"] == {key(consulted, "customer"): "hold"}
    assert queries.leg_of(colleague, consulted.workspace).side == "colleague"


def test_the_adviser_hears_it_ring_at_the_colleagues(
    call: Call, adviser: User, colleague: User, now: datetime
) -> None:
    consult_colleague(call=call, colleague=colleague, by=adviser, at=now)

    call.refresh_from_db()
    assert queries.wish(call)["tones"][key(call, "adviser")] == "ringing"


def test_three_people_speak(consulted: Call, adviser: User, now: datetime) -> None:
    merge_call(call=consulted, by=adviser, at=now)

    assert len(hear(consulted)[key(consulted, "customer")]) == 2


def test_hand_over_leaves_the_customer_and_the_conversation_to_the_colleague(
    consulted: Call, adviser: User, colleague: User, now: datetime
) -> None:
    hand_over(call=consulted, by=adviser, at=now)

    conversation = Conversation.objects.get(pk=consulted.conversation_id)
    assert (conversation.adviser, conversation.state) == (colleague, "open")
    assert len(hear(consulted)) == 2
    assert queries.busy_people(consulted.workspace) == {colleague.pk}
    assert TraceLine.objects.get(verb="call.transferred").data["attended"] is True
    hang_up(call=consulted, by=colleague, at=now)


def test_dismiss_colleague_takes_the_customer_up_again(
    consulted: Call, adviser: User, now: datetime
) -> None:
    dismiss_colleague(call=consulted, by=adviser, at=now)

    assert hear(consulted)[key(consulted, "customer")] == (key(consulted, "adviser"),)


def test_a_colleague_declines(call: Call, adviser: User, colleague: User, now: datetime) -> None:
    consult_colleague(call=call, colleague=colleague, by=adviser, at=now)

    decline_consultation(call=call, by=colleague, at=now)

    call.refresh_from_db()
    assert not call.consulting
    with pytest.raises(NotRinging):
        join_consultation(call=call, by=colleague, at=now)


def test_a_colleague_only_leaves_by_hanging_up(
    consulted: Call, colleague: User, now: datetime
) -> None:
    hang_up(call=consulted, by=colleague, at=now)

    consulted.refresh_from_db()
    assert (consulted.state, consulted.consulting) == ("active", False)


def test_a_colleague_leaves_a_call_of_three(
    consulted: Call, adviser: User, colleague: User, now: datetime
) -> None:
    merge_call(call=consulted, by=adviser, at=now)

    hang_up(call=consulted, by=colleague, at=now)

    assert len(hear(consulted)) == 2


def test_one_colleague_at_a_time(consulted: Call, adviser: User, now: datetime) -> None:
    third = make.adviser(consulted.workspace.organisation)

    with pytest.raises(ColleagueUnavailable):
        consult_colleague(call=consulted, colleague=third, by=adviser, at=now)


@pytest.mark.parametrize("act", [consult_colleague, pass_call])
def test_a_colleague_who_is_on_the_line_or_has_no_place_is_not_asked(
    act: Callable[..., object],
    call: Call,
    workspace: Workspace,
    adviser: User,
    colleague: User,
    now: datetime,
) -> None:
    phone.active_call(workspace, colleague)
    stranger = make.adviser(make.desk().organisation)

    for person in (colleague, stranger):
        with pytest.raises(ColleagueUnavailable):
            act(call=call, colleague=person, by=adviser, at=now)


@pytest.mark.parametrize("act", [merge_call, hand_over, dismiss_colleague])
def test_nobody_was_consulted(
    act: Callable[..., object], call: Call, adviser: User, now: datetime
) -> None:
    with pytest.raises(NobodyConsulted):
        act(call=call, by=adviser, at=now)


def test_pass_call_rings_at_the_colleagues_then_at_all_desks(
    call: Call, workspace: Workspace, adviser: User, colleague: User, now: datetime
) -> None:
    third = make.adviser(workspace.organisation)

    pass_call(call=call, colleague=colleague, by=adviser, at=now)

    call.refresh_from_db()
    conversation = Conversation.objects.get(pk=call.conversation_id)
    assert (call.state, conversation.state, conversation.adviser) == ("ringing", "waiting", None)
    assert queries.wish(call)["tones"] == {key(call, "customer"): "ringing"}
    assert queries.ringing_for(workspace, colleague, now) == [call]
    assert queries.ringing_for(workspace, third, now) == []
    assert queries.ringing_for(workspace, third, now + timedelta(seconds=21)) == [call]
    answer_call(call=call, by=colleague, at=now)
    assert Conversation.objects.get(pk=call.conversation_id).adviser == colleague


@pytest.fixture
def supervisor(workspace: Workspace) -> User:
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation)


def test_a_supervisor_hears_everybody_and_both_are_told(
    call: Call,
    supervisor: User,
    now: datetime,
    media: FakeMedia,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        leg = listen_in(call=call, by=supervisor, at=now)

    assert listen_in(call=call, by=supervisor, at=now) == leg
    assert set(hear(call)[leg.key]) == {key(call, "customer"), key(call, "adviser")}
    assert all(leg.key not in heard for heard in hear(call).values())
    assert media.played[0]["clips"] == ["beep"]
    assert set(media.played[0]["legs"]) == {key(call, "customer"), key(call, "adviser")}

    stop_listening(call=call, by=supervisor, at=now)
    with pytest.raises(NotOnTheLine):
        stop_listening(call=call, by=supervisor, at=now)


def test_a_supervisor_does_not_listen_while_speaking(
    call: Call, workspace: Workspace, supervisor: User, now: datetime
) -> None:
    phone.active_call(workspace, supervisor)

    with pytest.raises(AlreadyOnTheLine):
        listen_in(call=call, by=supervisor, at=now)


def test_only_who_supervises_may_listen(
    workspace: Workspace, adviser: User, supervisor: User
) -> None:
    assert may_supervise(supervisor, workspace)
    assert not may_supervise(adviser, workspace)


def test_colleagues_of_a_private_copy_are_those_with_a_seat(
    workspace: Workspace, adviser: User, colleague: User
) -> None:
    assert list(queries.colleagues(workspace, adviser)) == [colleague]
    workspace.kind, workspace.origin = "copy", make.desk()
    workspace.save()
    assert not queries.colleagues(workspace, adviser)
    accounts.seat(workspace, colleague)
    assert list(queries.colleagues(workspace, adviser)) == [colleague]


VALUES = {"public": True, "ring_seconds": 20, "voicemail": False,
          "recording_percent": 10, "recording_purpose": "la formation"}  # fmt: skip


def test_set_line_keeps_what_was_before_in_the_trace(
    workspace: Workspace, supervisor: User, now: datetime
) -> None:
    line = set_line(workspace=workspace, values=VALUES, by=supervisor, at=now)

    assert queries.line_of(workspace) == line
    data = TraceLine.objects.get(verb="phone.line_set").data
    assert data["before"]["recording_percent"] == 0
    assert data["after"]["recording_percent"] == 10


def test_a_public_address_opens_its_line_until_it_is_renewed(
    workspace: Workspace, supervisor: User, now: datetime
) -> None:
    line = set_line(workspace=workspace, values=VALUES, by=supervisor, at=now)
    address = public_key(line)
    assert public_line(address) == line

    renewed = renew_address(workspace=workspace, by=supervisor, at=now)

    assert public_line(public_key(renewed)) == line
    for closed in (address, f"{workspace.pk}-", "x", "9" * 30 + "-x", "999999-x"):
        with pytest.raises(Http404):
            public_line(closed)
    set_line(workspace=workspace, values=VALUES | {"public": False}, by=supervisor, at=now)
    with pytest.raises(Http404):
        public_line(public_key(renewed))


def test_the_key_of_a_leg_opens_that_call_alone(call: Call) -> None:
    assert customer_leg(key(call, "customer")).call == call
    for closed in (key(call, "adviser"), "nothing"):
        with pytest.raises(Http404):
            customer_leg(closed)


def test_a_call_and_its_recordings_are_reached_by_a_seat(
    call: Call, workspace: Workspace, adviser: User
) -> None:
    recording = phone.ready_recording(call)
    stranger = make.adviser(make.desk().organisation)

    assert call_for(adviser, workspace.pk, call.pk) == (workspace, call)
    assert recording_for(adviser, workspace.pk, recording.pk, write=True)[1] == recording
    for reach, pk in ((call_for, call.pk), (recording_for, recording.pk)):
        with pytest.raises(Http404):
            reach(stranger, workspace.pk, pk)


def test_leg_of_a_person_is_the_one_on_the_line_first(
    call: Call, workspace: Workspace, adviser: User
) -> None:
    other = phone.ringing_call(workspace)
    phone.leg(other, side=Leg.Side.COLLEAGUE, user=adviser, state=Leg.State.RINGING)

    assert queries.leg_of(adviser, workspace).call == call
