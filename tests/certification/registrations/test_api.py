import json

import pytest

from acquis.accounts.enums import Role
from acquis.certification.registrations.models import Candidate
from tests.factories import accounts
from tests.factories import certification as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return make.organisation()


@pytest.fixture
def bearer(centre):
    manager = make.person(Role.SESSION_MANAGER, organisation=centre)
    return {"Authorization": f"Bearer {accounts.token(manager)}"}


def test_candidates_are_read_within_the_organisation(client, bearer, centre) -> None:
    mine, other = make.candidate(centre, sex=""), make.candidate(make.organisation())
    told = client.get("/api/v1/candidates", headers=bearer).json()
    assert [each["id"] for each in told["items"]] == [mine.pk]
    assert told["items"][0]["missing"] == ["sex"]
    assert client.get(f"/api/v1/candidates/{mine.pk}", headers=bearer).status_code == 200
    assert client.get(f"/api/v1/candidates/{other.pk}", headers=bearer).status_code == 404


def test_a_candidate_is_entered_once_a_key(client, bearer, centre) -> None:
    body = {"birth_name": "DIOP", "first_name": "Ali", "email": "ali@exemple.fr"}
    headers = bearer | {"Idempotency-Key": "entree-1"}
    answers = [
        client.post(
            "/api/v1/candidates", json.dumps(body), content_type="application/json", headers=headers
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert Candidate.objects.get().organisation == centre


def test_what_pages_refuse_the_api_refuses(client, bearer) -> None:
    body = {"birth_name": "DIOP", "first_name": "Ali", "email": "ali", "birth_date": "2024-01-01"}
    answer = client.post(
        "/api/v1/candidates", json.dumps(body), content_type="application/json", headers=bearer
    )
    assert answer.status_code == 422
    assert {"email", "birth_date"} == {error["loc"][1] for error in answer.json()["errors"]}


def test_sessions_are_read_with_their_people_and_hours(client, bearer, centre) -> None:
    session, other = make.session(organisation=centre), make.session()
    told = client.get("/api/v1/sessions", headers=bearer).json()
    assert [each["reference"] for each in told["items"]] == [session.reference]
    one = client.get(f"/api/v1/sessions/{session.pk}", headers=bearer).json()
    assert len(one["candidates"]) == 2
    assert len(one["candidates"][0]["slots"]) == 6
    assert one["jury_faults"] == []
    assert client.get(f"/api/v1/sessions/{other.pk}", headers=bearer).status_code == 404
