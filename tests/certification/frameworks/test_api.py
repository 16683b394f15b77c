from datetime import date

import pytest

from acquis.accounts.enums import Role
from acquis.accounts.verbs import Verb
from acquis.certification.frameworks.actions.install_catalogue import install_catalogue
from tests.factories import accounts, frameworks

pytestmark = pytest.mark.django_db
LIST = "/api/v1/frameworks"


@pytest.fixture
def bearer(certifier):
    return {"Authorization": f"Bearer {accounts.token(certifier)}"}


def test_published_editions_are_found_a_window_at_a_time(client, bearer, now):
    install_catalogue(by=None, at=now)

    told = client.get(LIST, {"limit": 2}, headers=bearer).json()
    crcd = client.get(LIST, {"q": "crcd"}, headers=bearer).json()

    assert (told["count"], len(told["items"])) == (5, 2)
    assert "offset=2" in told["next"]
    [title] = crcd["items"]
    assert (title["code"], title["edition"], title["shipped"]) == ("TP-00483", "06", True)
    assert title["counts"]["criteria"] == 53


def test_editions_are_found_by_the_day_they_are_in_force(client, bearer, certifier):
    frameworks.edition(
        frameworks.place_of(certifier), valid_from=date(2026, 1, 1), valid_to=date(2026, 6, 30)
    )

    during = client.get(LIST, {"valid_on": "2026-06-30"}, headers=bearer).json()
    after = client.get(LIST, {"valid_on": "2026-07-01"}, headers=bearer).json()

    assert (during["count"], after["count"]) == (1, 0)


def test_an_edition_is_read_exported_and_compared(client, bearer, certifier):
    place = frameworks.place_of(certifier)
    before = frameworks.edition(place)
    changed = frameworks.content(edition="02")
    changed["blocks"][0]["criteria"].pop()
    after = frameworks.edition(place, content=changed, previous=before)

    one = client.get(f"{LIST}/{after.pk}", headers=bearer).json()
    held = client.get(f"{LIST}/{after.pk}/content", headers=bearer).json()
    package = client.get(f"{LIST}/{after.pk}/case", headers=bearer).json()
    compared = client.get(
        f"{LIST}/{after.pk}/comparison",
        {"previous": before.pk, "nature": "removed"},
        headers=bearer,
    ).json()

    assert (one["edition"], one["previous_id"]) == ("02", before.pk)
    assert held == changed
    assert package["CFDocument"]["version"] == "02"
    assert compared["summary"]["removed"] == 1
    assert [change["before"]["code"] for change in compared["changes"]] == ["K2"]


def test_another_organisation_s_edition_is_not_found(client, bearer, certifier):
    mine = frameworks.edition(frameworks.place_of(certifier))
    theirs = frameworks.edition(accounts.organisation())

    for path in ("", "/content", "/case", f"/comparison?previous={mine.pk}"):
        assert client.get(f"{LIST}/{theirs.pk}{path}", headers=bearer).status_code == 404
    stray = client.get(f"{LIST}/{mine.pk}/comparison?previous={theirs.pk}", headers=bearer)
    assert stray.status_code == 404


def test_a_token_needs_the_scope(client):
    juror = accounts.user(Role.CERTIFYING_BODY)
    narrow = {"Authorization": f"Bearer {accounts.token(juror, Verb.JUROR_READ)}"}

    assert client.get(LIST, headers=narrow).status_code == 403
    assert client.get(LIST).status_code == 401


@pytest.mark.parametrize("asked", ["previous=0", "previous=x", "", "previous=1&nature=bleu"])
def test_a_comparison_that_makes_no_sense_is_refused(client, bearer, certifier, asked):
    mine = frameworks.edition(frameworks.place_of(certifier))

    answer = client.get(f"{LIST}/{mine.pk}/comparison?{asked}", headers=bearer)

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
