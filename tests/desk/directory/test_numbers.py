"""References follow each other, and numbers are read by an index, however many there are."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from acquis.accounts.models import Workspace
from acquis.desk.billing.customer_record import INVOICES
from acquis.desk.billing.models import Invoice
from acquis.desk.directory.actions.keep_customer import next_rank, next_reference
from acquis.desk.directory.models import Customer
from acquis.desk.directory.policy import numbers
from acquis.desk.directory.queries.numbers import by_number
from acquis.desk.sales.customer_record import ROOM as ORDERS
from acquis.desk.sales.models import Order
from tests.factories import desk as make
from tests.factories.desk import NOW


@pytest.mark.parametrize(
    ("reference", "rank"),
    [
        ("C-00061", 61), ("C-1", 1), ("C-123456789012345678", 123456789012345678),
        ("C-1234567890123456789", None), ("C-", None), ("C-12A", None), ("c-12", None),
        ("X-00001", None), ("C-00001\n", None), ("C-٣", None), ("", None),
    ],
)  # fmt: skip
def test_the_rank_of_a_reference(reference: str, rank: int | None) -> None:
    assert numbers.rank_of(reference) == rank


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("VB-12", ["VB-12"]),
        ("vb-12", ["vb-12", "VB-12"]),
        ("12", ["12", "FV-2026-00012", "AV0012"]),
        ("123456", ["123456", "FV-2026-123456", "AV123456"]),
        (" ", []),
    ],
)
def test_numbers_are_understood_as_typed(typed: str, found: list[str]) -> None:
    assert numbers.meant(typed, ["FV-2026-00345", "AV0007", "sans chiffre"]) == found


@pytest.mark.django_db
def test_the_next_reference_follows_the_highest_of_its_series(workspace: Workspace) -> None:
    assert next_reference(workspace) == "C-00001"
    for reference in ("C-00007", "C-100000", "C-AUTRE", "Z-999999999"):
        make.customer(workspace, reference=reference)
    make.customer(make.desk(), reference="C-900000")

    assert next_reference(workspace) == "C-100001"


@pytest.mark.django_db
def test_a_reference_set_by_any_insert_or_change_is_counted(workspace: Workspace) -> None:
    """Packs and imports write in bulk; a person changes a reference by hand."""
    row = Customer(workspace=workspace, reference="C-00040", last_name="Roy", updated_at=NOW)
    Customer.objects.bulk_create([row])
    assert next_rank(workspace) == 41

    kept = make.customer(workspace, reference="X-1")
    kept.reference = "C-00050"
    kept.save()
    assert next_rank(workspace) == 51
    kept.reference = "X-2"
    kept.save()
    assert next_rank(workspace) == 41


def _plan(rows: "QuerySet[Any]") -> str:
    if connection.vendor == "postgresql":
        pytest.skip("tables as small as these are read whole")
    return rows.explain()


@pytest.mark.django_db
def test_the_next_reference_is_one_step_of_an_index(workspace: Workspace) -> None:
    ranks = Customer.objects.filter(workspace=workspace, reference_rank__isnull=False)

    plan = _plan(ranks.order_by("-reference_rank").values_list("reference_rank")[:1])

    assert "customer_by_rank" in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Order, Invoice])
@pytest.mark.parametrize("typed", ["VB-0012", "vb-0012"])
def test_numbers_are_looked_up_by_an_index(
    workspace: Workspace, model: type[Order | Invoice], typed: str
) -> None:
    rows = model._default_manager.filter(workspace=workspace)

    plan = _plan(rows.filter(by_number(rows, typed)).order_by())

    assert plan.count("number>") + plan.count("number=") == 2
    assert f"SCAN {model._meta.db_table}" not in plan


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["VB-000123", "vb-000123", "VB-0001", "123", " VB-000123 "])
def test_a_customer_is_found_by_the_number_of_an_order(workspace: Workspace, typed: str) -> None:
    known = make.customer(workspace)
    make.order(known, number="VB-000123")
    make.order(make.customer(workspace), number="VB-000200")
    make.order(make.customer(make.desk()), number="VB-000123")

    assert list(ORDERS.customers(workspace, typed)) == [known]


@pytest.mark.django_db
def test_nothing_typed_is_no_number(workspace: Workspace) -> None:
    make.order(make.customer(workspace), number="VB-000123")

    assert not ORDERS.customers(workspace, " ").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["FV-2026-00012", "fv-2026-00012", "12", "FV-2026-0001"])
def test_a_customer_is_found_by_the_number_of_an_invoice(workspace: Workspace, typed: str) -> None:
    known = make.customer(workspace)
    make.invoice(known, number="FV-2026-00012")
    make.invoice(make.customer(workspace), number="FV-2026-00345")

    assert list(INVOICES.customers(workspace, typed)) == [known]
