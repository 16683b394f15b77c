"""Whose number this is, and how sure that is."""

from datetime import date

import pytest
from django.urls import reverse

from acquis.accounts.models import Workspace
from acquis.desk.directory import queries
from acquis.desk.directory.models import Customer
from acquis.kernel.testing import StrictClient
from tests.desk.directory.records import AT, address
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


def certainties(workspace: Workspace, number: str) -> list[tuple[int, str]]:
    return [
        (one.customer.pk, one.certainty)
        for one in queries.identify(workspace, number, on=AT.date())
    ]


def test_a_number_of_one_customer_is_known(known: Customer) -> None:
    assert certainties(known.workspace, "06 39 98 00 01") == [(known.pk, "known")]
    assert certainties(known.workspace, "anonyme") == []
    assert certainties(known.workspace, "0639980002") == []


def test_a_number_of_several_is_likely_each(known: Customer) -> None:
    other = make.customer(known.workspace, phone_alt=known.phone)

    assert certainties(known.workspace, known.phone) == [(known.pk, "likely"), (other.pk, "likely")]


def test_a_number_left_behind_is_possible(known: Customer) -> None:
    make.contact_point(known, value="+33199001234", valid_to=date(2026, 1, 1))

    assert certainties(known.workspace, "01 99 00 12 34") == [(known.pk, "possible")]


def test_a_contact_tells_the_company_and_who(workspace: Workspace) -> None:
    company = make.company(workspace, phone="+33199001200")
    person = make.company_contact(company)
    make.contact_point(company, contact=person, value="+33639987788")

    (caller,) = queries.identify(workspace, "+33639987788", on=AT.date())

    assert (caller.customer, caller.contact, caller.certainty) == (company, person, "known")
    assert certainties(workspace, "+33199001242") == [(company.pk, "possible")]


def test_the_page_of_a_known_caller_is_their_record(
    signed_in: StrictClient, known: Customer
) -> None:
    page = reverse("directory:caller", args=[known.workspace_id])

    answer = signed_in.get(page, {"numero": known.phone})
    assert answer.context["customer"] == known
    assert answer["Content-Location"] == address(known, "record")
    make.customer(known.workspace, phone=known.phone)
    assert "probable" in signed_in.get(page, {"numero": known.phone}).content.decode()
    assert "n’est à personne" in signed_in.get(
        page, {"numero": "0199009999"}
    ).content.decode().replace("&#x27;", "'").replace("'", "’")
