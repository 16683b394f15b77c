"""The table role × verb × page: what it says, what the marks say, what a request gets."""

from copy import deepcopy

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.kernel.testing import StrictClient
from tests.factories import accounts as make
from tests.rights import admits, marked, pages, tables

PAGES = pages()
TABLE = tables()
IDS = [page.name for page in PAGES]


def test_every_page_is_in_a_table_and_every_line_is_a_page():
    assert sorted(IDS) == sorted(set(IDS)), "two pages have the same name"
    assert set(TABLE) == set(IDS)


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_the_mark_says_what_the_table_says(page):
    assert marked(page.view) == TABLE.get(page.name)


@pytest.fixture(scope="module")
def signed_in(django_db_setup, django_db_blocker):
    """Someone of each role signed in, once: each test is undone, and they at the end of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        place = make.organisation()
        signed = {}
        for role in Role:
            client = Client()
            client.force_login(make.user(role, at=place, password=None))
            signed[role] = client.cookies
        yield signed
        transaction.set_rollback(True)


@pytest.mark.usefixtures("_refusals_without_a_page")
@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_a_request_gets_what_the_table_says(page, signed_in, db):
    """Asks as each role; 404, 405, a redirection and a refusal of the domain are ways in."""
    address = reverse(page.name, kwargs=page.kwargs)
    for role, cookies in signed_in.items():
        client = Client()
        client.cookies = deepcopy(cookies)
        status = client.get(address).status_code
        expected = admits(TABLE[page.name], role)
        assert (status != 403) == expected, f"{page.name} as {role}: {status}"


@pytest.mark.parametrize("role", Role)
def test_a_refusal_and_an_absence_are_pages_to_read(role, signed_in, db):
    client = StrictClient()
    client.cookies = deepcopy(signed_in[role])
    closed = next(page for page in PAGES if not admits(TABLE[page.name], role))
    for address, status in (
        (reverse(closed.name, kwargs=closed.kwargs), 403),
        ("/adresse/qui/n-est/pas/", 404),
    ):
        answer = client.get(address)
        assert answer.status_code == status
        assert f"Code {status}" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if TABLE.get(page.name) != "public"],
    ids=[name for name in IDS if TABLE.get(name) != "public"],
)
def test_a_stranger_is_sent_to_sign_in(page):
    address = reverse(page.name, kwargs=page.kwargs)
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("accounts:login"))
    part = Client().get(address, headers={"HX-Request": "true"})
    assert part.status_code == 401
    assert part["HX-Redirect"] == reverse("accounts:login")
