"""The wall acts: re-routing in two gestures, listening, states changed with a reason; the API."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.desk.queues import policy, presentation, queries
from acquis.desk.queues.models import Offer, Placement, Presence
from acquis.kernel.testing import StrictClient
from tests.factories import accounts, phone, queues
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return make.desk()


@pytest.fixture
def adviser(workspace):
    person = make.adviser(workspace.organisation)
    now = timezone.now()
    queues.presence(workspace, person, started_at=now, seen_at=now)
    return person


@pytest.fixture
def boss(workspace):
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation)


@pytest.fixture
def supervising(boss) -> StrictClient:
    client = StrictClient()
    client.force_login(boss)
    return client


def address(name, workspace, *args) -> str:
    return reverse(f"queues:{name}", args=[workspace.pk, *args])


def wall(client, workspace) -> str:
    return client.get(address("wall", workspace)).content.decode().replace("&#x27;", "'")


def team(workspace):
    now = timezone.now()
    (member,) = presentation.wall_context(workspace, "", now=now)["team"]
    return member


def test_what_waits_is_put_elsewhere_from_the_wall(supervising, workspace, adviser) -> None:
    queue = queues.queue(workspace)
    chat = make.conversation(workspace, started_at=timezone.now())
    there = address("reroute", workspace, chat.pk)
    shown = wall(supervising, workspace)
    assert there in shown
    assert f'value="q{queue.pk}"' in shown

    supervising.post(there, {"to": f"q{queue.pk}"})
    assert Placement.objects.get().queue == queue
    supervising.post(there, {"to": f"p{adviser.pk}"})
    assert Placement.objects.get().adviser == adviser
    for nothing in ("", "q0", "x1", "q" + "9" * 30):
        assert supervising.post(there, {"to": nothing}).status_code == 422


def test_a_call_under_way_is_heard_from_the_wall(supervising, workspace, adviser) -> None:
    call = phone.active_call(workspace, adviser)
    chat = make.open_conversation(workspace, adviser, contact_label="Odile")

    shown = wall(supervising, workspace)

    assert reverse("phone:act", args=[workspace.pk, call.pk]) in shown
    assert address("reroute", workspace, chat.pk) in shown
    assert address("reroute", workspace, call.conversation_id) not in shown


def test_the_wall_says_what_each_does(supervising, workspace, adviser) -> None:
    assert team(workspace).words == "Disponible"
    make.open_conversation(workspace, adviser)
    assert (team(workspace).words, team(workspace).held) == ("En échange", 1)
    queues.queue(workspace, wrapup_seconds=60)
    make.ended_conversation(workspace, adviser, ended_at=timezone.now() - timedelta(seconds=90))
    assert (team(workspace).words, team(workspace).over) == ("Après-contact", True)
    Presence.objects.update(state="paused", reason="lunch")
    assert team(workspace).words == "En pause · Repas"
    assert "En pause · Repas" in wall(supervising, workspace)


def test_the_supervisor_changes_a_state_from_the_wall(supervising, workspace, adviser) -> None:
    there = address("set_state", workspace, adviser.pk)
    assert there in wall(supervising, workspace)

    supervising.post(there, {"state": "paused", "reason": "meeting", "why": "Réunion"})
    assert Presence.objects.get(ended_at=None).why == "Réunion"
    assert supervising.post(there, {"state": "available"}).status_code == 422
    supervising.post(there, {"state": "asleep", "why": "x"})
    assert Presence.objects.get(ended_at=None).state == "paused"
    nobody = address("set_state", workspace, 999_999)
    assert supervising.post(nobody, {"state": "available", "why": "x"}).status_code == 404

    client = StrictClient()
    client.force_login(adviser)
    assert client.post(there, {"state": "available", "why": "x"}).status_code == 404
    assert "Réunion" in client.get(address("bar", workspace)).content.decode()


def test_the_overflow_rate_counts_who_went_elsewhere() -> None:
    now = timezone.now()
    stayed = policy.Contact(now, now, None, None)
    went = policy.Contact(now, None, None, None, overflowed=True)

    assert policy.service([stayed, went], target=20, short=5).overflow_rate == 0.5
    assert policy.service([], target=20, short=5).overflow_rate is None


def test_what_overflowed_is_counted_on_the_wall(workspace) -> None:
    now = timezone.now()
    chat = make.conversation(workspace, started_at=now)
    queues.placement(chat, overflowed_at=now)

    served = queries.served(workspace, [], now - timedelta(hours=1), now + timedelta(hours=1))

    assert [one.overflowed for one in served.everything] == [True]


# ---- The API ----


class Api:
    def __init__(self, person) -> None:
        self.client = StrictClient()
        self.headers = {"Authorization": f"Bearer {accounts.token(person)}"}

    def get(self, path):
        return self.client.get(f"/api/v1/{path}", headers=self.headers).json()["items"]

    def send(self, method, path, body=None):
        return self.client.generic(
            method,
            f"/api/v1/{path}",
            json.dumps(body or {}),
            content_type="application/json",
            headers=self.headers,
        )


def test_queues_and_presence_are_told_and_changed(workspace, adviser) -> None:
    api, root = Api(adviser), f"workspaces/{workspace.pk}"
    queue = queues.queue(workspace)

    assert [one["id"] for one in api.get(f"{root}/queues")] == [queue.pk]
    assert [one["state"] for one in api.get(f"{root}/presences")] == ["available"]
    paused = api.send("POST", f"{root}/presence", {"state": "paused", "reason": "lunch"})
    assert (paused.status_code, paused.json()["reason"]) == (200, "lunch")
    assert api.send("POST", f"{root}/presence", {"state": "paused"}).status_code == 422
    assert api.send("POST", f"{root}/presence", {"state": "no_answer"}).status_code == 422
    assert api.send("DELETE", f"{root}/presence").status_code == 204
    assert api.get(f"{root}/presences") == []


def test_offers_are_their_adviser_s_and_are_answered(workspace, adviser, boss) -> None:
    now = timezone.now()
    other = make.adviser(workspace.organisation)
    api, root = Api(adviser), f"workspaces/{workspace.pk}/offers"
    times = {"offered_at": now, "expires_at": now + timedelta(seconds=60)}
    mine = queues.offer(make.conversation(workspace), adviser, **times)
    theirs = queues.offer(make.conversation(workspace), other, **times)

    assert [one["id"] for one in api.get(root)] == [mine.pk]
    assert {one["id"] for one in Api(boss).get(root)} == {mine.pk, theirs.pk}
    assert api.send("POST", f"{root}/{theirs.pk}/accept").status_code == 404
    taken = api.send("POST", f"{root}/{mine.pk}/accept")
    assert (taken.status_code, taken.json()["state"]) == (200, "accepted")
    assert api.send("POST", f"{root}/{mine.pk}/refuse").status_code == 422
    left = Api(other).send("POST", f"{root}/{theirs.pk}/refuse")
    assert left.json()["state"] == "refused"
    assert not Offer.objects.filter(state="pending").exists()
