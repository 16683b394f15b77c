"""Cases through the HTTP API: the same rules and refusals as the pages."""

import json
from typing import Any

import pytest

from acquis.accounts.models import User, Workspace
from acquis.desk.cases.models import Case
from acquis.kernel.testing import StrictClient
from tests.factories import accounts
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


class Api:
    def __init__(self, key: str, root: str) -> None:
        self.client, self.root = StrictClient(), root
        self.headers = {"Authorization": f"Bearer {key}"}

    def get(self, path: str = "", **asked: Any) -> Any:
        return self.client.get(f"{self.root}{path}", asked, headers=self.headers)

    def post(self, path: str, body: Any, key: str = "") -> Any:
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        return self.client.post(
            f"{self.root}{path}",
            json.dumps(body),
            content_type="application/json",
            headers=headers,
        )


@pytest.fixture
def api(adviser: User, workspace: Workspace) -> Api:
    return Api(accounts.token(adviser), f"/api/v1/workspaces/{workspace.pk}/cases")


def test_a_case_is_opened_once_for_a_key_and_followed_to_its_end(
    api: Api, workspace: Workspace
) -> None:
    known = make.customer(workspace)
    body = {"customer_id": known.pk, "kind": "breakdown", "title": "Ne chauffe plus",
            "urgency": 1, "impact": 1}  # fmt: skip
    opened = api.post("", body, key="k1").json()
    assert api.post("", body, key="k1").json() == opened
    assert (opened["number"], opened["priority"], opened["stage"]) == ("SAV-00001", 1, None)
    one = f"/{opened['id']}"

    assert api.post(f"{one}/take", {}).json()["assignee_label"]
    said = api.post(f"{one}/events", {"body": "Rappelé.", "new_state": "waiting_customer"})
    asked = api.post(
        f"{one}/second-level", {"team": "Atelier", "tried": "Le cordon.", "question": "La carte ?"}
    )
    assert (said.status_code, asked.json()["state"]) == (201, "second_level")
    again = api.post(f"{one}/second-level", {"team": "x", "tried": "x", "question": "x"})
    assert again.json()["code"] == "cases.second_level_has_it"
    given = api.post(f"{one}/second-level/answer", {"answer": "La carte."})
    assert given.json()["state"] == "open"
    assert api.post(f"{one}/close", {"resolution": " "}).status_code == 422
    closed = api.post(f"{one}/close", {"resolution": "Carte changée.", "ask_satisfaction": True})
    assert closed.json()["state"] == "closed"
    assert api.post(f"{one}/events", {"body": "x"}).json()["code"] == "cases.closed"
    assert api.post(f"{one}/satisfaction", {"score": 5}).json()["satisfaction"] == 5
    assert api.post(f"{one}/reopen", {"body": "Encore."}).json()["state"] == "open"
    assert api.get(f"{one}/events", limit=2).json()["count"] > 4
    assert Case.objects.count() == 1


def test_a_procedure_is_followed_step_by_step(api: Api, workspace: Workspace) -> None:
    case = make.case(make.customer(workspace))
    make.article(workspace, slug="panne", kind="procedure", body="1. Débrancher\n2. Tester")
    make.article(workspace, slug="faq", kind="faq", body="1. Un")

    begun = api.post(f"/{case.pk}/steps", {"article": "panne"})
    step = begun.json()[0]
    ticked = api.post(f"/{case.pk}/steps/{step['id']}", {})

    assert (begun.status_code, [one["text"] for one in begun.json()]) == (
        201, ["Débrancher", "Tester"],
    )  # fmt: skip
    assert ticked.json()["done_at"]
    assert api.get(f"/{case.pk}/steps").json()["count"] == 2
    assert api.post(f"/{case.pk}/steps", {"article": "faq"}).status_code == 422
    assert api.post(f"/{case.pk}/steps", {"article": "absente"}).status_code == 404
    assert api.post(f"/{case.pk}/steps/999", {}).status_code == 404


def test_a_complaint_advances_as_on_its_page(api: Api, workspace: Workspace) -> None:
    case = make.case(make.customer(workspace))
    acknowledged = api.post(f"/{case.pk}/stage", {"stage": "acknowledged"})
    assert acknowledged.json()["stage"] == "acknowledged"
    refused = api.post(f"/{case.pk}/stage", {"stage": "nowhere"})
    assert refused.json()["code"] == "cases.stage_not_next"


def test_cases_are_listed_filtered_and_found_by_number(api: Api, workspace: Workspace) -> None:
    known = make.customer(workspace)
    make.case(known, number="REC-00007")
    make.case(known, number="SAV-00001", kind="breakdown", state="closed")
    make.case(make.customer(make.desk()))

    assert [one["number"] for one in api.get().json()["items"]] == ["REC-00007"]
    assert api.get(state="all").json()["count"] == 2
    assert api.get(state="all", kind="breakdown").json()["count"] == 1
    assert api.get(q="rec-7").json()["count"] == 1
    assert api.get(view="mine").json()["count"] == 0


def test_what_is_not_of_the_desk_is_not_found_or_refused(api: Api, workspace: Workspace) -> None:
    other = make.customer(make.desk())
    theirs = make.case(other)
    ours = {"customer_id": make.customer(workspace).pk, "kind": "request", "title": "x"}

    assert api.get(f"/{theirs.pk}").status_code == 404
    assert api.post(f"/{theirs.pk}/close", {"resolution": "x"}).status_code == 404
    assert api.post("", ours | {"customer_id": other.pk}).status_code == 404
    assert api.post("", ours | {"product_id": make.product(make.desk()).pk}).status_code == 422
    assert not Case.objects.filter(workspace=workspace).exists()
