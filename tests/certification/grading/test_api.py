import pytest

from tests.factories import accounts as make
from tests.factories import grading

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return grading.session(candidates=1)


def bearer(user):
    return {"Authorization": f"Bearer {make.token(user)}"}


def test_the_progress_of_grids_is_told_without_their_content(client, session):
    grid = grading.grids(session)[0]
    grading.mark(grid, "CP1.1", grading.NOT_ACQUIRED, observation="Secret.")

    answer = client.get(f"/api/v1/sessions/{session.pk}/grids", headers=bearer(session.manager))

    assert [one["marked"] for one in answer.json()["items"]] == [1, 0]
    assert "Secret." not in answer.content.decode()


def test_a_grid_is_read_once_all_of_its_candidate_are_closed(client, session):
    headers = bearer(session.manager)
    first, second = grading.grids(session)
    grading.closed(first)
    address = f"/api/v1/grids/{first.pk}"

    assert client.get(address, headers=headers).status_code == 404
    grading.closed(second)

    marks = client.get(address, headers=headers).json()["marks"]
    assert [one["verdict"] for one in marks] == ["acquired"] * 3


def test_closed_deliberations_give_outcomes_and_decisions(client, session):
    grading.decided(session, session.candidates.get())

    answer = client.get(
        f"/api/v1/sessions/{session.pk}/deliberations", headers=bearer(session.manager)
    ).json()

    assert answer["items"][0]["outcome"] == "passed"
    assert len(answer["items"][0]["decisions"]) == 3


def test_another_organisation_s_key_sees_nothing(client, session):
    elsewhere = grading.session()

    for path in ("grids", "deliberations"):
        answer = client.get(
            f"/api/v1/sessions/{session.pk}/{path}", headers=bearer(elsewhere.manager)
        )
        assert answer.status_code == 404
