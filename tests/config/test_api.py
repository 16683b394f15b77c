import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.accounts.models import ApiToken, Membership, User
from acquis.accounts.verbs import Verb
from acquis.config.api import api
from tests.factories import accounts as make

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"
INVITED = {
    "email": "ines@centre.example",
    "first_name": "Inès",
    "last_name": "Pottier",
    "roles": ["juror"],
}


@pytest.fixture
def manager():
    return make.user(Role.CERTIFYING_BODY)


@pytest.fixture
def bearer(manager):
    return {"Authorization": f"Bearer {make.token(manager)}"}


def post(client, path, body, headers):
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


def assert_problem(answer, status, code):
    assert answer.status_code == status
    assert answer["Content-Type"] == PROBLEM
    told = json.loads(answer.content)
    assert (told["status"], told["code"]) == (status, code)
    assert told["type"].endswith(code)
    assert told["title"]


def test_a_token_says_who_it_stands_for(client, manager, bearer):
    told = client.get("/api/v1/me", headers=bearer).json()
    assert told["email"] == manager.email
    assert told["roles"] == ["certifying_body"]
    assert "account.manage" in told["scopes"]
    assert told["organisation"]["id"] == manager.memberships.get().organisation_id


def test_the_last_use_is_noted_to_the_minute(client, bearer, count_queries):
    client.get("/api/v1/me", headers=bearer)
    first = ApiToken.objects.get().last_used_at
    client.get("/api/v1/me", headers=bearer)
    assert ApiToken.objects.get().last_used_at == first is not None


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer x",
        "Bearer acq_",
        "Bearer acq_00000000_x",
        "Basic eDp5",
        "Bearer " + "a" * 500,
    ],
)
def test_without_a_valid_token_nobody_enters(client, header):
    answer = client.get("/api/v1/me", headers={"Authorization": header} if header else {})
    assert_problem(answer, 401, "token.invalid")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_session_of_the_pages_is_no_key_of_the_api(client, manager):
    client.force_login(manager)
    assert client.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        lambda: ApiToken.objects.update(revoked_at=timezone.now()),
        lambda: ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1)),
        lambda: User.objects.update(is_active=False),
        lambda: Membership.objects.all().delete(),
        lambda: ApiToken.objects.update(digest="0" * 64),
    ],
    ids=["revoked", "expired", "inactive", "no role left", "other secret"],
)
def test_a_token_that_no_longer_holds_is_refused(client, bearer, change):
    change()
    assert_problem(client.get("/api/v1/me", headers=bearer), 401, "token.invalid")


def test_a_missing_scope_is_named(client, manager):
    bearer = {"Authorization": f"Bearer {make.token(manager, Verb.SESSION_READ)}"}
    answer = client.get("/api/v1/people", headers=bearer)
    assert_problem(answer, 403, "token.scope_missing")
    assert "account.manage" in answer.json()["detail"]


def test_a_scope_ends_with_the_role_that_gave_it(client, manager, bearer):
    place = manager.memberships.get().organisation
    manager.memberships.all().delete()
    manager.memberships.create(organisation=place, role=Role.ADVISER)
    assert client.get("/api/v1/me", headers=bearer).json()["scopes"] == [
        "api.use",
        "job.read",
    ]
    assert client.get("/api/v1/people", headers=bearer).status_code == 403


def test_lists_are_read_by_windows(client, manager, bearer):
    place = manager.memberships.get().organisation
    for rank in range(4):
        make.user(Role.JUROR, at=place, last_name=f"Z{rank}", password=None)
    first = client.get("/api/v1/people?limit=2&role=juror", headers=bearer).json()
    assert [one["last_name"] for one in first["items"]] == ["Z0", "Z1"]
    assert first["count"] == 4
    assert first["previous"] is None
    second = client.get(first["next"], headers=bearer).json()
    assert [one["last_name"] for one in second["items"]] == ["Z2", "Z3"]
    assert second["next"] is None
    assert "limit=2" in second["previous"]
    assert "role=juror" in second["previous"]


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "offset=-1", "limit=x", "role=chef"])
def test_a_window_has_bounds(client, bearer, query):
    assert_problem(client.get(f"/api/v1/people?{query}", headers=bearer), 422, "request.invalid")


def test_another_organisation_does_not_exist(client, bearer):
    stranger = make.user(Role.JUROR)
    place = stranger.memberships.get().organisation_id
    assert_problem(client.get(f"/api/v1/people/{stranger.pk}", headers=bearer), 404, "not_found")
    assert_problem(client.get(f"/api/v1/organisations/{place}", headers=bearer), 404, "not_found")


@pytest.mark.parametrize("path", ["/api/v1/nowhere", "/api/", "/api/v2/me", "/api/v1/"])
def test_an_unknown_address_is_a_problem_too(client, bearer, path):
    assert_problem(client.get(path, headers=bearer), 404, "http.404")


def test_a_method_that_is_not_offered_is_a_problem_too(client, bearer):
    answer = client.delete("/api/v1/me", headers=bearer)
    assert_problem(answer, 405, "http.405")
    assert answer["Allow"] == "GET"


def test_an_invitation_is_made_by_the_api(client, bearer):
    answer = post(client, "/api/v1/people", INVITED, bearer)
    assert answer.status_code == 201
    assert answer.json()["roles"] == ["juror"]
    assert_problem(post(client, "/api/v1/people", INVITED, bearer), 422, "person.already_member")


def test_what_a_form_refuses_the_api_refuses(client, bearer):
    answer = post(client, "/api/v1/people", INVITED | {"email": "sans-arobase"}, bearer)
    assert_problem(answer, 422, "request.invalid")
    assert answer.json()["errors"][0]["loc"] == ["body", "email"]


def test_a_repeated_request_gives_the_first_answer(client, bearer):
    keyed = bearer | {"Idempotency-Key": "a-1"}
    first = post(client, "/api/v1/people", INVITED, keyed)
    again = post(client, "/api/v1/people", INVITED, keyed)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert User.objects.filter(email=INVITED["email"]).count() == 1


def test_a_key_serves_one_request(client, bearer):
    keyed = bearer | {"Idempotency-Key": "a-1"}
    post(client, "/api/v1/people", INVITED, keyed)
    other = post(client, "/api/v1/people", INVITED | {"email": "x@centre.example"}, keyed)
    assert_problem(other, 422, "idempotency.key_reused")


def test_a_refused_request_leaves_its_key_free(client, bearer):
    keyed = bearer | {"Idempotency-Key": "a-1"}
    assert post(client, "/api/v1/people", INVITED | {"roles": []}, keyed).status_code == 422
    assert post(client, "/api/v1/people", INVITED, keyed).status_code == 201


def test_a_key_is_its_persons_own(client, bearer):
    other = {"Authorization": f"Bearer {make.token(make.user(Role.CERTIFYING_BODY))}"}
    post(client, "/api/v1/people", INVITED, bearer | {"Idempotency-Key": "a-1"})
    made = post(client, "/api/v1/people", INVITED, other | {"Idempotency-Key": "a-1"})
    assert made.status_code == 201
    assert "Idempotency-Replayed" not in made


def test_a_kept_answer_is_not_given_to_a_revoked_token(client, bearer):
    keyed = bearer | {"Idempotency-Key": "a-1"}
    post(client, "/api/v1/people", INVITED, keyed)
    ApiToken.objects.update(revoked_at=timezone.now())
    assert post(client, "/api/v1/people", INVITED, keyed).status_code == 401


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 101])
def test_a_malformed_key_is_refused(client, bearer, key):
    answer = post(client, "/api/v1/people", INVITED, bearer | {"Idempotency-Key": key})
    assert_problem(answer, 422, "idempotency.key_malformed")


def test_every_operation_names_its_scopes_and_asks_for_a_token():
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            for operation in view.operations:
                name = operation.view_func.__name__
                assert hasattr(_innermost(operation.view_func), "required_scopes"), name
                assert operation.auth_callbacks, name


def _innermost(function):
    """The function, or the one beneath its decorators that carries the scopes."""
    while not hasattr(function, "required_scopes") and hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return function


def test_the_openapi_document_and_its_page_are_public(client):
    document = client.get(reverse("api:v1:openapi-json")).json()
    assert document["paths"]["/api/v1/people"]["post"]["parameters"][0]["name"] == "Idempotency-Key"
    page = client.get(reverse("api:docs")).content.decode()
    for path in document["paths"]:
        assert path in page
