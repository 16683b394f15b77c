"""Cases are found by their numbers, through an index."""

import pytest
from django.db import connection

from acquis.accounts.models import Workspace
from acquis.desk.cases.actions.open_case import next_number
from acquis.desk.cases.customer_record import ROOM
from acquis.desk.cases.models import Case
from acquis.desk.cases.policy.numbers import meant
from tests.factories import desk as make


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("REC-00012", ["REC-00012"]),
        ("rec-12", ["rec-12", "REC-12", "REC-00012"]),
        ("rec 12", ["rec 12", "REC 12", "REC-00012"]),
        ("12", ["12", "DEM-00012", "SAV-00012", "REC-00012"]),
        ("VB-2026-7", ["VB-2026-7"]),
        (" ", []),
        ("123456789012", ["123456789012"]),
    ],
)
def test_numbers_are_understood_as_typed(typed: str, found: list[str]) -> None:
    assert meant(typed) == found


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["REC-00012", "rec-12", "12", "REC-000", "REC 12"])
def test_a_customer_is_found_by_the_number_of_a_case(workspace: Workspace, typed: str) -> None:
    known = make.customer(workspace)
    make.case(known, number="REC-00012")
    make.case(make.customer(workspace), number="SAV-00345")
    make.case(make.customer(make.desk()), number="REC-00012")

    assert list(ROOM.customers(workspace, typed)) == [known]


@pytest.mark.django_db
def test_the_next_number_follows_the_highest_of_its_series(workspace: Workspace) -> None:
    known = make.customer(workspace)
    for number in ("REC-00009", "REC-00010", "REC-99999", "REC-100000", "SAV-00002", "REC-X"):
        make.case(known, number=number)
    assert next_number(workspace, Case.Kind.COMPLAINT) == "REC-100001"
    assert next_number(workspace, Case.Kind.BREAKDOWN) == "SAV-00003"
    assert next_number(workspace, Case.Kind.REQUEST) == "DEM-00001"


@pytest.mark.django_db
def test_a_number_is_read_through_an_index(workspace: Workspace) -> None:
    found = Case.objects.filter(workspace=workspace, number__in=meant("12"))
    if connection.vendor == "sqlite":
        assert "USING INDEX" in found.order_by().explain()
