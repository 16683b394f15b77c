"""Invoices and credit notes on screen."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError
from django.urls import reverse

from acquis.accounts.models import Workspace
from acquis.desk.billing.models import Invoice
from acquis.kernel.testing import StrictClient
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


def test_an_invoice_shows_its_lines_its_vat_by_rate_and_its_credits(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    known = make.customer(workspace)
    invoice = make.invoice(known, number="FV-1")
    make.invoice(
        known, number="AV-1", kind=Invoice.Kind.CREDIT_NOTE, refers_to=invoice, total_ht=10,
        total_vat=2, total_ttc=12, reason="Geste commercial",
    )  # fmt: skip

    answer = signed_in.get(reverse("billing:invoice", args=[workspace.pk, invoice.pk]))
    page = answer.content.decode()

    assert "AV-1" in page
    assert "Geste commercial" in page
    assert [(base.rate, base.vat) for base in answer.context["bases"]] == [(20, 20)]
    assert answer.context["left_to_credit"] == 108


def test_invoices_are_filtered_by_state(signed_in: StrictClient, workspace: Workspace) -> None:
    known = make.customer(workspace)
    make.invoice(known, number="late", due_on=date(2026, 1, 1))
    make.invoice(known, number="due", due_on=date(2999, 1, 1))
    make.invoice(known, number="paid", paid_on=date(2026, 1, 1))
    page = reverse("billing:index", args=[workspace.pk])

    def numbers(state: str) -> set[str]:
        answer = signed_in.get(page, {"etat": state})
        return {invoice.number for invoice in answer.context["page_obj"]}

    assert numbers("late") == {"late"}
    assert numbers("due") == {"late", "due"}
    assert numbers("paid") == {"paid"}
    assert numbers("anything") == {"late", "due", "paid"}


def test_the_list_costs_the_same_for_one_and_for_thirty(
    signed_in: StrictClient, workspace: Workspace, count_queries: Callable[..., int]
) -> None:
    page = reverse("billing:index", args=[workspace.pk])
    make.invoice(make.customer(workspace))
    one = count_queries(lambda: signed_in.get(page))
    for _ in range(29):
        make.invoice(make.customer(workspace))

    assert count_queries(lambda: signed_in.get(page)) == one


def test_the_database_refuses_totals_that_do_not_add_up(workspace: Workspace) -> None:
    with pytest.raises(IntegrityError):
        make.invoice(make.customer(workspace), total_ttc=121)
