"""Numbers of the public network, as the gateway tells of them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from acquis.accounts.enums import Role, WorkspaceKind
from acquis.accounts.models import User, Workspace
from acquis.desk.directory.models import Customer
from acquis.desk.phone import policy, presentation, queries, tasks
from acquis.desk.phone.actions import trunk as acts
from acquis.desk.phone.actions.answer_call import answer_call
from acquis.desk.phone.actions.call_customer import call_customer
from acquis.desk.phone.actions.hang_up import hang_up
from acquis.desk.phone.actions.pass_call import pass_call
from acquis.desk.phone.actions.set_line import set_line
from acquis.desk.phone.errors import NumberTaken, NumberUnknown
from acquis.desk.phone.models import Call, Leg, Line, Recording
from acquis.desk.queues.errors import NotOfThisDesk
from acquis.kernel.media.sip.trunk import Cause
from acquis.kernel.models import TraceLine
from acquis.kernel.testing import StrictClient
from tests.desk.phone.conftest import FakeMedia
from tests.factories import accounts, phone
from tests.factories import desk as make
from tests.factories import queues as queue_factory

pytestmark = pytest.mark.django_db
OWN, OTHER = "+33199000000", "+33199000001"
SID = "5" * 32
HIS = "+33639981122"


@pytest.fixture(autouse=True)
def operator(settings: Any) -> None:
    settings.SIP = {"host": "sip.operator.example", "numbers": [OWN, OTHER]}


@pytest.fixture
def supervising(workspace: Workspace) -> StrictClient:
    client = StrictClient()
    client.force_login(accounts.user(Role.SUPERVISOR, at=workspace.organisation))
    return client


@pytest.fixture
def line(workspace: Workspace) -> Line:
    return phone.line(workspace, number=OWN, public=False)


def ring(now: datetime, **told: Any) -> None:
    event = {"what": "trunk_incoming", "call": SID, "called": OWN, "number": HIS, "name": "Odile"}
    tasks.on_media({**event, "epoch": "epoch1", **told})
    del now


def the_call() -> Call:
    return Call.objects.select_related("conversation", "workspace").get()


def the_leg() -> Leg:
    return the_call().legs.get(side=Leg.Side.CUSTOMER)


def dial(workspace: Workspace, adviser: User, now: datetime) -> Leg:
    call = call_customer(workspace=workspace, number=HIS, name="Odile", by=adviser, at=now)
    return call.legs.get(side=Leg.Side.CUSTOMER)


def verbs(workspace: Workspace) -> list[str]:
    lines = TraceLine.objects.filter(stream=workspace.trace_stream)
    return list(lines.order_by("position").values_list("verb", flat=True))


def test_a_call_from_outside_rings_at_the_desk_of_its_number(
    workspace: Workspace, adviser: User, now: datetime, line: Line
) -> None:
    customer = make.customer(workspace, phone=HIS)
    ring(now)
    ring(now)  # told again

    call, leg = the_call(), the_leg()
    assert (call.number, call.epoch, call.state) == (HIS, "epoch1", Call.State.RINGING)
    assert (leg.trunk_call, leg.label) == (SID, "Odile")
    assert [one.customer for one in queries.callers(workspace, call.number)] == [customer]
    assert queries.ringing_for(workspace, adviser, now) == [call]
    asked = queries.wish(call)["trunk"]
    assert asked == {leg.key: {"call": SID, "answer": False, "limit": line.ring_seconds}}

    answer_call(call=call, customer=customer, by=adviser, at=now)

    wish = queries.wish(the_call())
    assert wish["trunk"] == {leg.key: {"call": SID, "answer": True, "limit": 0}}
    assert leg.key in wish["legs"]


def test_whoever_hides_their_number_has_none(now: datetime, line: Line) -> None:
    ring(now, number="", name="")

    assert the_call().number == ""
    assert the_leg().label == ""


def test_a_caller_without_a_name_is_shown_by_their_number(now: datetime, line: Line) -> None:
    ring(now, name="")

    assert the_leg().label == "06 39 98 11 22"


@pytest.mark.parametrize("called", [OTHER, ""])
def test_a_number_that_no_desk_has_is_refused(
    now: datetime, line: Line, media: FakeMedia, called: str
) -> None:
    ring(now, called=called)

    assert media.asked == [("POST", f"/trunk/calls/{SID}/refuse", {"status": 404})]
    assert not Call.objects.exists()
    with pytest.raises(NumberUnknown):
        acts.receive_call(called=called, number=HIS, name="", trunk_call=SID, epoch="e", at=now)


def test_a_copy_of_a_desk_and_a_sealed_one_receive_nothing(
    workspace: Workspace, now: datetime, line: Line, media: FakeMedia
) -> None:
    workspace.sealed_at = now
    workspace.save()
    ring(now)
    workspace.sealed_at = None
    Workspace.objects.update(kind=WorkspaceKind.MODEL)
    ring(now)

    assert [body["status"] for _method, _path, body in media.asked] == [404, 404]


def test_a_desk_where_too_much_rings_is_busy(
    workspace: Workspace, now: datetime, line: Line, media: FakeMedia,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(policy, "MOST_RINGING", 0)
    ring(now)

    assert media.asked[0][2] == {"status": 486}
    assert not Call.objects.exists()


def test_a_caller_who_hangs_up_before_an_answer_was_missed(now: datetime, line: Line) -> None:
    ring(now)
    event = {"what": "leg_ended", "leg": the_leg().key, "status": 487}
    tasks.on_media(event)
    tasks.on_media(event)

    assert the_call().ending == Call.Ending.MISSED
    assert queries.wish(the_call())["trunk"] == {}


@pytest.mark.parametrize(
    ("status", "ending"), [(200, Call.Ending.HUNG_UP), (0, Call.Ending.INTERRUPTED)]
)
def test_the_end_of_a_conversation_says_who_ended_it(
    adviser: User, now: datetime, line: Line, status: int, ending: str
) -> None:
    ring(now)
    answer_call(call=the_call(), by=adviser, at=now)
    tasks.on_media({"what": "leg_ended", "leg": the_leg().key, "status": status})

    assert the_call().ending == ending


def test_nobody_answers_and_a_message_is_left_three_minutes_at_most(
    workspace: Workspace, now: datetime, line: Line
) -> None:
    ring(now)
    Call.objects.update(offered_at=now - timedelta(minutes=5))
    limit = {"what": "leg_limit", "leg": the_leg().key, "seconds": line.ring_seconds}
    tasks.on_media(limit)

    assert the_call().state == Call.State.VOICEMAIL
    asked = queries.wish(the_call())
    assert asked["trunk"][the_leg().key] == {"call": SID, "answer": True, "limit": 180}
    assert asked["recording"]["announcement"] == "beep"
    tasks.on_media(limit)  # of the ringing: it says nothing of the message
    assert the_call().state == Call.State.VOICEMAIL

    tasks.on_media({**limit, "seconds": 180})

    assert the_call().ending == Call.Ending.MESSAGE
    assert Recording.objects.get().kind == Recording.Kind.VOICEMAIL


def test_nobody_answers_a_line_without_messages_and_the_caller_is_hung_up_on(
    now: datetime, line: Line
) -> None:
    Line.objects.update(voicemail=False)
    ring(now)
    Call.objects.update(offered_at=now - timedelta(minutes=5))
    tasks.on_media({"what": "leg_limit", "leg": the_leg().key, "seconds": 30})

    assert the_call().ending == Call.Ending.MISSED


def test_a_call_that_is_passed_on_stays_answered(
    workspace: Workspace, adviser: User, now: datetime, line: Line
) -> None:
    colleague = make.adviser(workspace.organisation)
    ring(now)
    answer_call(call=the_call(), by=adviser, at=now)
    pass_call(call=the_call(), colleague=colleague, by=adviser, at=now)

    asked = queries.wish(the_call())
    assert asked["trunk"][the_leg().key] == {"call": SID, "answer": True, "limit": 0}
    assert asked["tones"] == {the_leg().key: "ringing"}
    tasks.on_media({"what": "leg_limit", "leg": the_leg().key, "seconds": 30})  # late
    assert the_call().state == Call.State.RINGING


def test_a_call_of_the_desk_leaves_by_its_number_and_is_answered(
    workspace: Workspace, adviser: User, now: datetime, line: Line, client: Client
) -> None:
    leg = dial(workspace, adviser, now)

    wish = queries.wish(leg.call)
    asked = {"number": HIS, "own": OWN, "answer": False, "limit": 60}
    assert wish["trunk"] == {leg.key: asked}
    assert leg.key not in wish["legs"]
    assert list(wish["tones"].values()) == ["ringing"]
    # A telephone has no page.
    assert client.get(reverse("calling:invited", args=[leg.key])).status_code == 404

    tasks.on_media({"what": "leg_answered", "leg": leg.key})
    tasks.on_media({"what": "leg_answered", "leg": leg.key})

    assert the_call().state == Call.State.ACTIVE
    assert leg.key in queries.wish(the_call())["legs"]
    tasks.on_media({"what": "leg_pressed", "leg": leg.key})
    assert verbs(workspace)[-1] == "call.keys_pressed"
    hang_up(call=the_call(), by=adviser, at=now)
    tasks.on_media({"what": "leg_answered", "leg": leg.key})
    tasks.on_media({"what": "leg_pressed", "leg": leg.key})
    assert the_call().ending == Call.Ending.HUNG_UP
    assert verbs(workspace)[-1] != "call.keys_pressed"


@pytest.mark.parametrize(
    ("status", "ending"),
    [(486, "busy"), (480, "no_answer"), (603, "declined"), (404, "unassigned"),
     (403, "refused"), (503, "failed"), (0, "failed")],
)  # fmt: skip
def test_a_call_that_comes_to_nothing_says_why(
    workspace: Workspace, adviser: User, now: datetime, line: Line, status: int, ending: str
) -> None:
    leg = dial(workspace, adviser, now)
    tasks.on_media({"what": "leg_ended", "leg": leg.key, "status": status})

    call = the_call()
    assert (call.state, call.ending) == (Call.State.ENDED, ending)
    assert call.conversation.ended_at is not None
    shown = presentation.panel_context(call.conversation, adviser)
    assert str(shown["advice"])
    assert len(Cause) == len(acts.ENDINGS)


def test_nobody_picks_up_and_the_call_is_given_up(
    workspace: Workspace, adviser: User, now: datetime, line: Line
) -> None:
    leg = dial(workspace, adviser, now)
    tasks.on_media({"what": "leg_limit", "leg": leg.key, "seconds": 60})

    assert the_call().ending == Call.Ending.NO_ANSWER


@pytest.mark.parametrize("number", ["", "+33199009999"])
def test_a_desk_without_a_number_of_the_trunk_calls_as_before(
    workspace: Workspace, adviser: User, now: datetime, number: str
) -> None:
    phone.line(workspace, number=number)

    assert dial(workspace, adviser, now).trunk_call == ""


def test_without_a_trunk_nothing_changes(
    workspace: Workspace, adviser: User, now: datetime, line: Line, settings: Any
) -> None:
    settings.SIP = {"host": ""}

    assert dial(workspace, adviser, now).trunk_call == ""
    assert queries.wish(the_call())["trunk"] == {}


def test_an_operator_that_is_gone_is_told_until_it_is_back(
    workspace: Workspace, supervising: StrictClient, line: Line
) -> None:
    client = supervising
    tasks.on_media({"what": "trunk", "up": False, "status": 403, "reason": ""})
    first = Line.objects.get().outage_since
    tasks.on_media({"what": "trunk", "up": False, "status": 403, "reason": ""})
    page = client.get(reverse("phone:index", args=[workspace.pk])).content.decode()
    assert "refuse notre identifiant" in page
    tasks.on_media({"what": "trunk", "up": False, "status": 408, "reason": ""})
    assert Line.objects.get().outage_since == first
    assert (
        "ne répond pas" in client.get(reverse("phone:line", args=[workspace.pk])).content.decode()
    )
    tasks.on_media({"what": "trunk", "up": False, "status": 500, "reason": ""})
    page = client.get(reverse("phone:index", args=[workspace.pk])).content.decode()
    assert "l’erreur 500" in page

    bar = client.get(reverse("phone:bar", args=[workspace.pk])).content.decode()
    assert "Réseau public injoignable" in bar
    other = StrictClient()
    other.force_login(make.adviser(workspace.organisation))
    bar = other.get(reverse("phone:bar", args=[workspace.pk])).content.decode()
    assert "Réseau public injoignable" not in bar  # told on the pages of the telephone alone

    tasks.on_media({"what": "trunk", "up": True, "status": 200, "reason": ""})
    tasks.on_media({"what": "trunk", "up": True, "status": 200, "reason": ""})

    assert Line.objects.get().outage_since is None
    assert verbs(workspace).count("phone.trunk_back") == 1
    assert presentation.outage_of(Line.objects.get()) is None
    assert presentation.outage_of(Line()) is None


def test_a_supervisor_gives_a_number_to_the_desk_and_to_one_desk_only(
    workspace: Workspace, adviser: User, now: datetime, supervising: StrictClient
) -> None:
    client, address = supervising, reverse("phone:line", args=[workspace.pk])
    assert "01 99 00 00 00" in client.get(address).content.decode()
    values = {"ring_seconds": 20, "voicemail": "on", "recording_percent": 0}
    assert client.post(address, values | {"number": OWN}).status_code == 302
    assert Line.objects.get().number == OWN
    refused = client.post(address, values | {"number": "+33612345678"})
    assert refused.status_code == 422

    other = accounts.workspace(workspace.organisation)
    form = queries.line_of(other)
    assert form.number == ""
    taken = client.post(reverse("phone:line", args=[other.pk]), values | {"number": OWN})
    assert taken.status_code == 422
    assert "Un autre poste" in taken.content.decode()
    with pytest.raises(NumberTaken):
        set_line(workspace=other, values={"number": OWN, **dict.fromkeys(
            ("public", "voicemail"), False), "ring_seconds": 20}, by=adviser, at=now)  # fmt: skip


def test_a_queue_of_another_desk_is_refused_and_nothing_is_set(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    foreign = queue_factory.queue(accounts.workspace(name="Autre poste"))
    values = {"public": True, "voicemail": True, "ring_seconds": 30, "queue": foreign}

    with pytest.raises(NotOfThisDesk):
        set_line(workspace=workspace, values=values, by=adviser, at=now)

    assert not Line.objects.exists()


def test_a_copy_is_offered_no_number(workspace: Workspace) -> None:
    workspace.kind = WorkspaceKind.COPY

    assert list(queries.numbers_for(workspace)) == []


def test_the_page_of_a_customer_says_by_which_number_they_are_called(
    workspace: Workspace, line: Line, signed_in: StrictClient
) -> None:
    customer: Customer = make.customer(workspace, phone=HIS)
    page = signed_in.get(reverse("phone:dial", args=[workspace.pk, customer.pk]))

    assert "la personne voit le 01 99 00 00 00" in page.content.decode().replace("\u202f", " ")
