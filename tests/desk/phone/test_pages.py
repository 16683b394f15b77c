from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation
from acquis.desk.phone.access import public_key
from acquis.desk.phone.models import Call, Leg, Line
from acquis.kernel.models import TraceLine
from acquis.kernel.testing import StrictClient
from tests.factories import accounts, phone
from tests.factories import desk as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
OFFER = {"sdp": "v=0\r\noffer"}


@pytest.fixture(autouse=True)
def _nobody_called_yet() -> None:
    cache.clear()


@pytest.fixture
def call(workspace: Workspace, adviser: User) -> Call:
    return phone.active_call(workspace, adviser)


@pytest.fixture
def supervising(workspace: Workspace) -> StrictClient:
    client = StrictClient()
    client.force_login(accounts.user(Role.SUPERVISOR, at=workspace.organisation))
    return client


def at(name: str, workspace: Workspace, *more: int) -> str:
    return reverse(f"phone:{name}", args=[workspace.pk, *more])


def text(client: StrictClient, address: str) -> str:
    return client.get(address).content.decode()


def test_the_bar_shows_who_calls_before_answering(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    call = phone.ringing_call(workspace)
    known = make.customer(workspace, phone=call.number, last_name="Fournier")
    phone.ringing_call(workspace)

    bar = text(signed_in, at("bar", workspace))

    assert "Fournier" in bar
    assert "connu" in bar
    assert f'name="customer" value="{known.pk}"' in bar
    assert "1 autre appel sonne" in bar


def test_the_bar_says_maybe_when_several_share_a_number(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    call = phone.ringing_call(workspace)
    for _ in range(2):
        make.customer(workspace, phone=call.number)

    bar = text(signed_in, at("bar", workspace))

    assert "peut-être" in bar
    assert 'name="customer"' not in bar


def test_the_bar_costs_the_same_for_one_call_and_for_twenty(
    signed_in: StrictClient, workspace: Workspace, count_queries: Callable[..., int]
) -> None:
    phone.ringing_call(workspace)
    signed_in.get(at("bar", workspace))
    one = count_queries(lambda: signed_in.get(at("bar", workspace)))
    for _ in range(19):
        phone.ringing_call(workspace)

    assert count_queries(lambda: signed_in.get(at("bar", workspace))) == one


def test_answering_in_place_goes_to_the_exchange(
    signed_in: StrictClient, workspace: Workspace, htmx: dict[str, str]
) -> None:
    call = phone.ringing_call(workspace)
    known = make.customer(workspace, phone=call.number)

    answer = signed_in.post(at("answer", workspace, call.pk), {"customer": known.pk}, headers=htmx)

    assert answer.status_code == 204
    assert answer["HX-Redirect"].endswith(f"?c={call.conversation_id}")
    assert Conversation.objects.get(pk=call.conversation_id).customer == known


def test_answering_before_the_wrap_up_says_why_not(
    signed_in: StrictClient, workspace: Workspace, adviser: User, htmx: dict[str, str]
) -> None:
    make.ended_conversation(workspace, adviser)

    answer = signed_in.post(at("answer", workspace, phone.ringing_call(workspace).pk), headers=htmx)

    assert answer.status_code == 422
    assert "Qualifiez d" in answer.content.decode()


def test_answering_without_script_goes_there_too(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    call = phone.ringing_call(workspace)

    assert signed_in.post(at("answer", workspace, call.pk)).status_code == 302


@pytest.mark.parametrize(
    ("act", "field", "value"),
    [("hold", "held", True), ("hang_up", "state", "ended")],
)
def test_an_act_answers_with_the_bar(
    signed_in: StrictClient,
    workspace: Workspace,
    call: Call,
    htmx: dict[str, str],
    act: str,
    field: str,
    value: object,
) -> None:
    answer = signed_in.post(at("act", workspace, call.pk), {"act": act}, headers=htmx)

    call.refresh_from_db()
    assert getattr(call, field) == value
    assert "data-bar" in answer.content.decode()


def test_every_act_is_known_to_the_page(
    signed_in: StrictClient, workspace: Workspace, adviser: User, now: Any
) -> None:
    call = phone.recorded_call(workspace, adviser)
    colleague = make.adviser(workspace.organisation)
    at_work = StrictClient()
    at_work.force_login(colleague)
    address = at("act", workspace, call.pk)

    for act in ("hold", "resume", "keys", "pause", "record", "consult"):
        fields = {"act": act, "keys": "1", "colleague": colleague.pk}
        assert signed_in.post(address, fields).status_code == 302, act
    assert "vous demande en ligne" in text(at_work, at("bar", workspace))
    assert at_work.post(address, {"act": "decline"}).status_code == 302
    signed_in.post(address, {"act": "consult", "colleague": colleague.pk})
    assert at_work.post(address, {"act": "join"}).status_code == 302
    assert "sans le client" in text(signed_in, at("bar", workspace))
    assert signed_in.post(address, {"act": "merge"}).status_code == 302
    assert "parle aussi au client" in text(signed_in, at("bar", workspace))
    assert signed_in.post(address, {"act": "oppose"}).status_code == 302
    assert signed_in.post(address, {"act": "dismiss"}).status_code == 302
    signed_in.post(address, {"act": "consult", "colleague": colleague.pk})
    at_work.post(address, {"act": "join"})
    assert signed_in.post(address, {"act": "hand_over"}).status_code == 302
    assert at_work.post(address, {"act": "pass", "colleague": adviser.pk}).status_code == 302
    call.refresh_from_db()
    assert (call.state, call.offered_to) == ("ringing", adviser)


def test_an_act_or_a_colleague_that_does_not_exist_is_refused(
    signed_in: StrictClient, workspace: Workspace, call: Call
) -> None:
    address = at("act", workspace, call.pk)

    assert signed_in.post(address, {"act": "explode"}).status_code == 422
    assert signed_in.post(address, {"act": "pass", "colleague": "x"}).status_code == 404
    assert signed_in.post(address, {"act": "pass", "colleague": "999"}).status_code == 404


def test_only_a_supervisor_listens_in(
    signed_in: StrictClient, supervising: StrictClient, workspace: Workspace, call: Call
) -> None:
    address = at("act", workspace, call.pk)
    assert StrictClient().post(address, {"act": "listen"}).status_code == 302  # to sign in
    assert "Écouter l’appel" not in text(signed_in, at("panel", workspace, call.pk))

    assert "Écouter l" in text(supervising, at("panel", workspace, call.pk))
    assert supervising.post(address, {"act": "listen"}).status_code == 302
    assert "est à l" in text(signed_in, at("bar", workspace))
    assert "personne ne vous entend" in text(supervising, at("bar", workspace))
    assert supervising.post(address, {"act": "stop_listening"}).status_code == 302

    other = phone.active_call(workspace, make.adviser(workspace.organisation))
    refused = signed_in.post(at("act", workspace, other.pk), {"act": "listen"})
    assert refused.status_code == 403


def test_a_browser_joins_by_its_own_leg_alone(
    signed_in: StrictClient, supervising: StrictClient, workspace: Workspace, call: Call
) -> None:
    address = at("join", workspace, call.pk)

    assert signed_in.post(address, OFFER).json() == {"sdp": "v=0 answer"}
    assert signed_in.post(address, {}).status_code == 422
    assert supervising.post(address, OFFER).status_code == 404


def test_a_customer_is_called_from_their_record(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    known = make.customer(workspace, phone="+33639981122")
    address = at("dial", workspace, known.pk)
    record = text(signed_in, reverse("directory:record", args=[workspace.pk, known.pk]))
    assert address in record

    assert "06 39 98 11 22" in text(signed_in, address)
    refused = signed_in.post(address, {"number": "06 39"})
    assert refused.status_code == 422
    assert "il lui manque des chiffres" in refused.content.decode()
    assert signed_in.post(address, {"number": ""}).status_code == 422
    assert signed_in.post(address, {"number": "06 39 98 11 22"}).status_code == 302
    leg = Leg.objects.get(side="customer")
    bar = text(signed_in, at("bar", workspace))
    assert reverse("calling:invited", args=[leg.key]) in bar


def test_a_missed_call_is_returned_from_the_journal(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    missed = phone.ringing_call(workspace, state="ended", ending="missed")
    assert "Rappeler" in text(signed_in, at("index", workspace) + "?vue=manques")

    assert signed_in.post(at("call_back", workspace, missed.pk)).status_code == 302

    assert Call.objects.get(returns=missed).number == missed.number
    assert "Rappeler" not in text(signed_in, at("index", workspace) + "?vue=manques")
    panel = text(signed_in, at("panel", workspace, missed.pk))
    assert "Rappelé depuis" in panel


@pytest.mark.parametrize("view", ["", "manques", "messages", "enregistres", "en-cours"])
def test_the_journal_shows_what_is_asked(
    signed_in: StrictClient, workspace: Workspace, view: str
) -> None:
    phone.ringing_call(workspace, name="Mademoiselle", state="ended", ending="missed")
    phone.ringing_call(workspace, name="Vocale", state="ended", ending="message")
    recorded = phone.ringing_call(workspace, name="Gardé", state="ended", ending="hung_up")
    phone.ready_recording(recorded)
    phone.ringing_call(workspace, name="Courante")
    expected = {"manques": "Mademoiselle", "messages": "Vocale",
                "enregistres": "Gardé", "en-cours": "Courante"}  # fmt: skip

    page = text(signed_in, at("index", workspace) + f"?vue={view}")

    for key, name in expected.items():
        assert (name in page) == (view in {"", key})


def test_the_journal_says_when_it_is_empty(signed_in: StrictClient, workspace: Workspace) -> None:
    assert "Aucun appel" in text(signed_in, at("index", workspace))
    assert "ne correspond" in text(signed_in, at("index", workspace) + "?q=personne")


def test_the_journal_costs_the_same_for_one_call_and_for_fifty(
    signed_in: StrictClient, workspace: Workspace, count_queries: Callable[..., int]
) -> None:
    phone.ready_recording(phone.ringing_call(workspace, state="ended", ending="hung_up"))
    signed_in.get(at("index", workspace))
    one = count_queries(lambda: signed_in.get(at("index", workspace)))
    for _ in range(49):
        phone.ready_recording(phone.ringing_call(workspace, state="ended", ending="missed"))

    assert count_queries(lambda: signed_in.get(at("index", workspace))) == one


def test_a_recording_is_heard_and_its_hearing_written_down(
    signed_in: StrictClient, workspace: Workspace, call: Call
) -> None:
    recording = phone.ready_recording(call)
    page = text(
        signed_in, reverse("conversations:conversation", args=[workspace.pk, call.conversation_id])
    )
    assert 'data-peaks="0,40,20"' in page

    sound = signed_in.post(at("sound", workspace, recording.pk))

    assert b"".join(sound.streaming_content).startswith(b"OggS")
    assert sound["Content-Type"] == "audio/ogg"
    assert TraceLine.objects.filter(verb="recording.listened").count() == 1


def test_only_a_supervisor_deletes_a_recording_and_says_why(
    signed_in: StrictClient, supervising: StrictClient, workspace: Workspace, call: Call
) -> None:
    recording = phone.ready_recording(call)
    address = at("delete", workspace, recording.pk)
    assert signed_in.post(address, {"why": "x"}).status_code == 404

    assert supervising.get(address).status_code == 200
    assert supervising.post(address, {"why": ""}).status_code == 422
    assert supervising.post(address, {"why": "Demande écrite"}).status_code == 302
    assert "Demande écrite" in text(supervising, at("panel", workspace, call.pk))


LINE = {"public": "on", "ring_seconds": "20", "voicemail": "on",
        "recording_percent": "0", "recording_purpose": ""}  # fmt: skip


def test_only_a_supervisor_sets_the_telephone(
    signed_in: StrictClient, supervising: StrictClient, workspace: Workspace
) -> None:
    address = at("line", workspace)
    assert signed_in.get(address).status_code == 404
    assert "/appeler/" not in text(supervising, address)

    assert supervising.post(address, LINE).status_code == 302
    line = Line.objects.get(workspace=workspace)
    first = public_key(line)
    assert first in text(supervising, address)
    assert supervising.post(address, {"renew": "1"}).status_code == 302
    assert first not in text(supervising, address)


@pytest.mark.parametrize(
    "wrong",
    [{"ring_seconds": "3"}, {"ring_seconds": "x"}, {"recording_percent": "101"},
     {"recording_percent": "10"}],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(
    supervising: StrictClient, workspace: Workspace, wrong: dict[str, str]
) -> None:
    assert supervising.post(at("line", workspace), LINE | wrong).status_code == 422
    assert not Line.objects.exists()


@pytest.fixture
def caller(workspace: Workspace) -> tuple[StrictClient, str]:
    return StrictClient(), public_key(phone.line(workspace))


def calling(name: str, key: str) -> str:
    return reverse(f"calling:{name}", args=[key])


def test_anybody_calls_from_the_public_page(
    caller: tuple[StrictClient, str], workspace: Workspace
) -> None:
    client, key = caller
    page = client.get(calling("caller", key))
    assert page["Permissions-Policy"].startswith("microphone=(self)")

    placed = client.post(
        calling("place", key), {"name": "Odile", "number": "0639981122", "subject": "Retard"}
    )

    leg = placed.json()["leg"]
    state = client.get(calling("state", leg)).json()
    assert (state["state"], state["direction"], state["adviser"]) == ("ringing", "in", "")
    assert client.post(calling("join", leg), OFFER).json() == {"sdp": "v=0 answer"}
    assert client.post(calling("join", leg), {}).status_code == 422
    ended = client.post(calling("act", leg), {"act": "hang_up"}).json()
    assert (ended["state"], ended["ending"]) == ("ended", "missed")
    assert client.post(calling("act", leg), {"act": "explode"}).status_code == 422


def test_a_caller_presents_themself_and_does_not_flood(caller: tuple[StrictClient, str]) -> None:
    client, key = caller
    address = calling("place", key)

    assert "name" in client.post(address, {"name": ""}).json()["errors"]
    answers = [client.post(address, {"name": "Odile"}).status_code for _ in range(7)]
    assert answers == [200] * 6 + [503]


def test_a_customer_acts_on_their_call(
    caller: tuple[StrictClient, str], workspace: Workspace, adviser: User
) -> None:
    client, _key = caller
    call = phone.recorded_call(workspace, adviser)
    phone.leg(call, side=Leg.Side.SUPERVISOR, label="Karim")
    leg = call.legs.get(side="customer").key

    state = client.get(calling("state", leg)).json()
    assert (state["adviser"], state["recording"], state["supervised"]) == (
        adviser.full_name,
        "on",
        True,
    )
    assert client.post(calling("act", leg), {"act": "keys", "keys": "1"}).status_code == 200
    assert client.post(calling("act", leg), {"act": "oppose"}).json()["recording"] == "opposed"
    refused = client.post(
        calling("act", leg), {"act": "message"}, headers={"Accept": "application/json"}
    )
    assert refused.json()["code"] == "phone.not_ringing"


def test_a_customer_answers_a_call_and_sees_it_returned(
    caller: tuple[StrictClient, str], signed_in: StrictClient, workspace: Workspace
) -> None:
    client, _key = caller
    missed = phone.ringing_call(workspace, state="ended", ending="missed")
    signed_in.post(at("call_back", workspace, missed.pk))
    held = missed.legs.get(side="customer").key

    returned = client.get(calling("state", held)).json()["returned"]

    assert client.get(calling("invited", returned)).status_code == 200
    assert client.get(calling("state", returned)).json()["leg"] == "ringing"
    picked = client.post(calling("act", returned), {"act": "pick_up"}).json()
    assert (picked["state"], picked["leg"]) == ("active", "joined")


def test_a_message_is_offered_once_it_rang_long_enough(
    caller: tuple[StrictClient, str], workspace: Workspace
) -> None:
    client, _key = caller
    call = phone.ringing_call(workspace, offered_at=timezone.now())
    leg = call.legs.get(side="customer").key
    assert not client.get(calling("state", leg)).json()["may_leave_message"]

    Call.objects.update(offered_at=timezone.now() - timedelta(minutes=1))

    assert client.get(calling("state", leg)).json()["may_leave_message"]
    assert client.post(calling("act", leg), {"act": "message"}).json()["state"] == "voicemail"


@pytest.mark.parametrize("name", ["caller", "invited", "state"])
def test_an_address_that_opens_nothing(name: str) -> None:
    assert StrictClient().get(calling(name, "1-nothing")).status_code == 404


def test_only_pages_with_a_telephone_may_use_the_microphone(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    def policy(address: str) -> str:
        return signed_in.get(address)["Permissions-Policy"].split(",")[0]

    assert policy(reverse("conversations:desk", args=[workspace.pk])) == "microphone=(self)"
    assert policy(reverse("conversations:desks")) == "microphone=()"
    assert policy(at("bar", workspace)) == "microphone=()"


def test_a_call_in_the_exchange_is_answered_and_not_merely_taken(
    signed_in: StrictClient, workspace: Workspace, adviser: User
) -> None:
    ringing = phone.ringing_call(workspace)
    spoken = phone.active_call(workspace, adviser)
    by_hand = make.conversation(workspace, channel="phone")

    def exchange(pk: int) -> str:
        return text(signed_in, reverse("conversations:exchange", args=[workspace.pk, pk]))

    assert at("answer", workspace, ringing.pk) in exchange(ringing.conversation_id)
    assert "Pendant l’appel" in exchange(spoken.conversation_id)
    assert "Prendre la conversation" in exchange(by_hand.pk)


def test_recordings_stand_in_the_history_of_the_customer(
    signed_in: StrictClient, workspace: Workspace, call: Call
) -> None:
    known = make.customer(workspace)
    Conversation.objects.filter(pk=call.conversation_id).update(customer=known)
    phone.ready_recording(call)
    address = reverse("directory:record", args=[workspace.pk, known.pk])

    assert f"/poste/{workspace.pk}/conversations/{call.conversation_id}/" in text(
        signed_in, address + "?genre=recording"
    )
