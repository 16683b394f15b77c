"""The parts of a record through the HTTP API."""

import pytest

from acquis.accounts.models import User, Workspace
from acquis.desk.directory.models import Customer
from tests.desk.test_api import Api
from tests.factories import accounts
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(adviser: User) -> Api:
    return Api(accounts.token(adviser))


@pytest.fixture
def known(workspace: Workspace) -> Customer:
    return make.company(workspace, phone="+33199001200", reference="E-1")


@pytest.fixture
def root(known: Customer) -> str:
    return f"workspaces/{known.workspace_id}/customers/{known.pk}"


@pytest.mark.parametrize(
    ("path", "made", "change", "expected"),
    [
        ("contact-points", {"value": "06 39 98 12 34", "use": "work"}, {"label": "accueil"},
         {"value": "+33639981234", "use": "work", "label": "accueil", "kind": "phone"}),
        ("contact-points", {"kind": "email", "value": "A@B.example", "use": "work"},
         {"kind": "email", "valid_to": "2026-12-31"},
         {"value": "a@b.example", "valid_to": "2026-12-31", "kind": "email"}),
        ("addresses", {"use": "billing", "street": "4 quai Nord", "postcode": "42300",
                       "city": "Roanne", "country": "France"}, {"city": "Riorges"},
         {"street": "4 quai Nord", "city": "Riorges"}),
        ("people", {"last_name": "Delaunay", "is_main": True}, {"function": "Achats"},
         {"last_name": "Delaunay", "function": "Achats", "is_main": True}),
    ],
)  # fmt: skip
def test_a_part_is_added_changed_listed_and_removed(
    api: Api, root: str, path: str, made: dict[str, object], change: dict[str, object],
    expected: dict[str, object],
) -> None:  # fmt: skip
    first = api.send("POST", f"{root}/{path}", made)
    assert first.status_code == 201, first.content
    one = f"{root}/{path}/{first.json()['id']}"
    changed = api.send("PATCH", one, change)
    assert changed.status_code == 200, changed.content
    (told,) = api.get(f"{root}/{path}").json()["items"]
    assert {name: told[name] for name in expected} == expected

    assert api.send("DELETE", one, {}).status_code == 204
    assert api.get(f"{root}/{path}").json()["items"] == []


def test_a_part_that_cannot_be_is_refused(api: Api, root: str) -> None:
    assert (
        api.send("POST", f"{root}/contact-points", {"value": "12", "use": "work"}).status_code
        == 422
    )
    assert api.send("PATCH", f"{root}/addresses/404", {}).status_code == 404


def test_a_number_reaches_a_person_of_the_company(api: Api, known: Customer, root: str) -> None:
    person = make.company_contact(known, last_name="Delaunay")
    body = {"value": "0639981234", "use": "work", "contact_id": person.pk}
    assert api.send("POST", f"{root}/contact-points", body).json()["contact_id"] == person.pk

    (caller,) = api.get(f"workspaces/{known.workspace_id}/callers", number="+33639981234").json()

    assert caller["contact"] == "Inès Delaunay"
    assert (caller["customer_id"], caller["certainty"]) == (known.pk, "known")


def test_agreements_calls_and_the_verdict(api: Api, workspace: Workspace) -> None:
    one = make.customer(workspace, phone="+33639980001", postcode="42300")
    root = f"workspaces/{workspace.pk}/customers/{one.pk}"
    agreed = {
        "channel": "phone_offers", "given": True, "decided_at": "2026-09-01T10:00:00Z",
        "medium": "form", "text_shown": "J’accepte.", "act": "bouton",
    }  # fmt: skip

    assert api.send("POST", f"{root}/consents", agreed | {"act": ""}).status_code == 422
    assert api.send("POST", f"{root}/consents", agreed).status_code == 201
    (kept,) = api.get(f"{root}/consents").json()["items"]
    assert (kept["given"], kept["decided_at"]) == (True, "2026-09-01T10:00:00Z")
    verdict = api.get(f"{root}/may-call").json()
    assert (verdict["allowed"], verdict["reasons"][0]["code"]) == (False, "RULES_UNKNOWN")
    call = {"called_at": "2026-09-02T10:00:00Z", "outcome": "refused"}
    assert api.send("POST", f"{root}/prospecting-calls", call).status_code == 201
    assert len(api.get(f"{root}/prospecting-calls").json()["items"]) == 1
    assert [c["given"] for c in api.get(f"{root}/consents").json()["items"]] == [False, True]


def test_fields_of_the_desk_are_defined_and_filled(api: Api, workspace: Workspace) -> None:
    root = f"workspaces/{workspace.pk}"
    field = {"label": "Énergie", "kind": "choice", "choices": ["gaz", "bois"]}
    assert api.send("POST", f"{root}/customer-fields", field).json()["key"] == "energie"
    assert len(api.get(f"{root}/customer-fields").json()["items"]) == 1
    body = {
        "last_name": "Exemple",
        "kind": "person",
        "custom": {"energie": "bois"},
        "language": "fsl",
    }

    made = api.send("POST", f"{root}/customers", body)
    assert (made.json()["custom"], made.json()["language"]) == ({"energie": "bois"}, "fsl")
    one = f"{root}/customers/{made.json()['id']}"
    assert api.send("PATCH", one, {"custom": {"energie": "fioul"}}).status_code == 422
    assert api.send("PATCH", one, {"city": "Lille"}).json()["custom"] == {"energie": "bois"}


def test_a_stranger_reads_no_part(root: str) -> None:
    stranger = Api(accounts.token(make.adviser(make.desk().organisation)))

    for path in ("contact-points", "addresses", "people", "consents", "may-call"):
        assert stranger.get(f"{root}/{path}").status_code == 404
