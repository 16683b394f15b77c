"""Call-backs through the HTTP API."""

import json
from typing import Any

import pytest

from acquis.accounts.models import User, Workspace
from acquis.desk.webchat.models import CallBack, Site
from acquis.kernel.testing import StrictClient
from tests.factories import accounts, webchat
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


class Api:
    def __init__(self, key: str) -> None:
        self.client = StrictClient()
        self.headers = {"Authorization": f"Bearer {key}"}

    def get(self, path: str, **asked: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", asked, headers=self.headers)

    def post(self, path: str, **body: Any) -> Any:
        return self.client.post(
            f"/api/v1/{path}",
            json.dumps(body),
            content_type="application/json",
            headers=self.headers,
        )


@pytest.fixture
def api(adviser: User) -> Api:
    return Api(accounts.token(adviser))


@pytest.fixture
def site(workspace: Workspace) -> Site:
    return webchat.site(workspace, hours=webchat.ALWAYS, on_holidays=True, slot_capacity=1)


def test_a_slot_is_chosen_promised_listed_and_given_up(
    api: Api, workspace: Workspace, site: Site
) -> None:
    root = f"workspaces/{workspace.pk}"
    (listed,) = api.get(f"{root}/chat-sites").json()["items"]
    place = f"{root}/chat-sites/{listed['id']}"
    slot = api.get(f"{place}/slots").json()[0]
    said = {"name": "Odile", "phone": "0639980001", "subject": "Mon colis",
            "slot_start": slot["start"], "wording": "Rappelez-moi.", "client_key": "k"}  # fmt: skip

    made = api.post(f"{place}/call-backs", **said)
    again = api.post(f"{place}/call-backs", **said)

    assert made.status_code == 201
    assert made.json() == again.json()
    assert made.json()["phone"] == "+33639980001"
    assert CallBack.objects.get().proof["wording"] == "Rappelez-moi."
    late = api.post(f"{place}/call-backs", **(said | {"client_key": "autre"}))
    assert (late.status_code, late.json()["code"]) == (422, "webchat.slot_not_offered")
    assert api.get(f"{root}/call-backs", state="planned").json()["count"] == 1
    assert api.get(f"{root}/call-backs").json()["count"] == 1
    gone = api.post(f"{root}/call-backs/{made.json()['id']}/cancel")
    assert gone.json()["state"] == "cancelled"


def test_a_site_without_call_backs_has_no_slot(api: Api, workspace: Workspace) -> None:
    site = webchat.site(workspace, calls_open=False)

    assert api.get(f"workspaces/{workspace.pk}/chat-sites/{site.pk}/slots").json() == []


def test_another_desk_does_not_exist(api: Api, workspace: Workspace) -> None:
    theirs = webchat.site(make.desk())
    call_back = webchat.call_back(theirs)

    for path in (
        f"workspaces/{theirs.workspace_id}/chat-sites",
        f"workspaces/{workspace.pk}/chat-sites/{theirs.pk}/slots",
        f"workspaces/{theirs.workspace_id}/call-backs",
    ):
        assert api.get(path).status_code == 404
    assert (
        api.post(f"workspaces/{workspace.pk}/call-backs/{call_back.pk}/cancel").status_code == 404
    )
