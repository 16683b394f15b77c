"""The desk through the HTTP API: what a key of one organisation sees, and nothing else."""

import json
from typing import Any

import pytest

from acquis.accounts.models import User, Workspace
from acquis.accounts.verbs import Verb
from acquis.desk.conversations.models import Message
from acquis.desk.directory.models import Customer
from acquis.desk.documents.actions.finalise_letter import finalise_letter
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.factories import accounts
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


class Api:
    def __init__(self, key: str) -> None:
        self.client = StrictClient()
        self.headers = {"Authorization": f"Bearer {key}"}

    def get(self, path: str, **asked: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", asked, headers=self.headers)

    def send(self, method: str, path: str, body: Any, key: str = "") -> Any:
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        return self.client.generic(
            method,
            f"/api/v1/{path}",
            json.dumps(body),
            content_type="application/json",
            headers=headers,
        )


@pytest.fixture
def api(adviser: User) -> Api:
    return Api(accounts.token(adviser))


@pytest.fixture
def root(workspace: Workspace) -> str:
    return f"workspaces/{workspace.pk}"


def test_the_desks_of_the_organisation_are_listed(api: Api, workspace: Workspace) -> None:
    make.desk()

    assert [one["id"] for one in api.get("workspaces").json()["items"]] == [workspace.pk]


def test_customers_are_searched_by_windows(api: Api, workspace: Workspace, root: str) -> None:
    for _ in range(3):
        make.customer(workspace, last_name="Lefèvre")
    make.customer(workspace, last_name="Martin")

    told = api.get(f"{root}/customers", q="lefevre", limit=2).json()

    assert (told["count"], len(told["items"])) == (3, 2)
    assert "offset=2" in told["next"]


def test_a_customer_is_created_once_for_a_key_and_changed(
    api: Api, workspace: Workspace, root: str
) -> None:
    body = {"last_name": "Lefèvre", "kind": "person", "phone": "06 12 34 56 78"}

    first = api.send("POST", f"{root}/customers", body, key="k1")
    again = api.send("POST", f"{root}/customers", body, key="k1")
    pk = first.json()["id"]
    changed = api.send(
        "PATCH", f"{root}/customers/{pk}", {"city": "Lille", "consents": {"sms_offers": True}}
    )

    assert (first.status_code, again.json()) == (201, first.json())
    assert first.json()["phone"] == "+33612345678"
    assert (changed.status_code, changed.json()["city"]) == (200, "Lille")
    assert changed.json()["phone"] == "+33612345678"
    assert Customer.objects.get().consents["sms_offers"]["granted"] is True
    verbs = [line.verb for line in trace.lines(workspace.trace_stream)]
    assert verbs == ["customer.created", "customer.changed"]


@pytest.mark.parametrize(
    "body", [{"last_name": ""}, {"last_name": "X", "phone": "06"}, {"kind": "cat"}]
)
def test_what_cannot_be_is_a_problem(api: Api, root: str, body: dict[str, str]) -> None:
    answer = api.send("POST", f"{root}/customers", {"kind": "person"} | body)

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert not Customer.objects.exists()


def test_a_conversation_is_begun_and_spoken_in(
    api: Api, workspace: Workspace, adviser: User, root: str
) -> None:
    begun = api.send("POST", f"{root}/conversations", {"channel": "chat", "contact_label": "Odile"})
    chat = f"{root}/conversations/{begun.json()['id']}"
    message = {"author": "customer", "body": "Bonjour", "client_key": "m1"}

    sent = [api.send("POST", f"{chat}/messages", message).json() for _ in range(2)]
    refused = api.send("POST", f"{chat}/messages", {"body": "Bonjour Madame"})

    assert sent[0]["id"] == sent[1]["id"]
    assert Message.objects.get().author_label == "Odile"
    assert refused.json()["code"] == "conversations.not_accepted"
    assert api.get(chat).json()["state"] == "waiting"
    assert api.get(f"{chat}/messages").json()["count"] == 1
    assert api.get(f"{root}/conversations", state="waiting").json()["count"] == 1


def test_a_final_letter_is_downloaded_and_a_draft_is_not(
    api: Api, workspace: Workspace, adviser: User, root: str, now: Any
) -> None:
    draft = make.letter(
        make.customer(workspace), place="Roanne", dated_on=make.TODAY, salutation="Madame,",
        closing="Cordialement.", signature="Léonie",
    )  # fmt: skip
    path = f"{root}/letters/{draft.pk}"
    missing = api.get(f"{path}/pdf")

    final = finalise_letter(letter=draft, by=adviser, at=now)

    assert missing.status_code == 404
    document = api.get(f"{path}/pdf")
    assert document.content[:5] == b"%PDF-"
    assert final.file is not None
    assert document["X-Content-SHA256"] == api.get(path).json()["sha256"] == final.file.sha256
    assert api.get(f"{root}/letters", state="final").json()["count"] == 1


def test_articles_are_searched_and_read(api: Api, workspace: Workspace, root: str) -> None:
    make.article(workspace, slug="retours", title="Retours", body="Quatorze jours.")

    assert api.get(f"{root}/articles", q="retour").json()["items"][0]["slug"] == "retours"
    assert api.get(f"{root}/articles/retours").json()["body"] == "Quatorze jours."


def test_another_desk_is_not_found(api: Api, workspace: Workspace, root: str) -> None:
    other = make.desk()
    known, chat = make.customer(other), make.conversation(other)
    letter, article = make.letter(known), make.article(other)
    rows = [f"customers/{known.pk}", f"conversations/{chat.pk}", f"letters/{letter.pk}",
            f"letters/{letter.pk}/pdf", f"articles/{article.slug}",
            f"conversations/{chat.pk}/messages"]  # fmt: skip

    for place in (f"workspaces/{other.pk}", root):
        for row in rows:
            assert api.get(f"{place}/{row}").status_code == 404, row
    for path in ("customers", "conversations", "letters", "articles"):
        assert api.get(f"workspaces/{other.pk}/{path}").status_code == 404
    body = {"channel": "chat", "customer_id": known.pk}
    assert api.send("POST", f"{root}/conversations", body).status_code == 404
    assert api.send("PATCH", f"{root}/customers/{known.pk}", {"city": "X"}).status_code == 404


def test_a_key_of_one_organisation_does_not_open_the_desk_of_another(
    adviser: User, workspace: Workspace
) -> None:
    elsewhere = make.desk()
    accounts.seat(elsewhere, adviser)

    api = Api(accounts.token(adviser))

    assert api.get(f"workspaces/{elsewhere.pk}/customers").status_code == 404


def test_a_sealed_desk_takes_nothing_from_the_api(
    api: Api, workspace: Workspace, root: str
) -> None:
    accounts.sealed(workspace)

    answer = api.send("POST", f"{root}/customers", {"last_name": "X", "kind": "person"})

    assert answer.json()["code"] == "workspace.sealed"
    assert not Customer.objects.exists()


def test_a_key_without_the_scope_is_told_which_one(adviser: User, root: str) -> None:
    answer = Api(accounts.token(adviser, Verb.API_USE)).get(f"{root}/customers")

    assert answer.status_code == 403
    assert "desk.use" in answer.json()["detail"]
