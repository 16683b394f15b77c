"""Invoices that customers dispute."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse

from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.billing.access import dispute_for
from acquis.desk.billing.actions.dispute_invoice import (
    dispute_invoice,
    resume_dispute,
    settle_dispute,
)
from acquis.desk.billing.customer_record import dispute_moments, facts
from acquis.desk.billing.errors import (
    AlreadyDisputed,
    AmountOutOfInvoice,
    CreditNoteMissing,
    DisputeOpen,
    DisputeSettled,
    NotAnInvoice,
    OutcomeReasonMissing,
)
from acquis.desk.billing.models import Invoice, InvoiceDispute
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.factories import desk as make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 26)


@pytest.fixture
def invoice(workspace: Workspace) -> Invoice:
    return make.invoice(make.customer(workspace), number="FV-1")


@pytest.fixture
def dispute(invoice: Invoice, adviser: User, now: datetime) -> Callable[..., InvoiceDispute]:
    def asked(amount: str | None = None, of: Invoice = invoice) -> InvoiceDispute:
        return dispute_invoice(
            invoice=of, reason="price", detail=" Trop cher. ", reference="REC-00001",
            amount=None if amount is None else Decimal(amount), by=adviser, at=now,
        )  # fmt: skip

    return asked


def test_an_invoice_is_disputed_once_for_what_is_left_of_it(
    invoice: Invoice, dispute: Callable[..., InvoiceDispute], workspace: Workspace
) -> None:
    note = make.credit_note(invoice)
    with pytest.raises(NotAnInvoice):
        dispute("1", note)
    for amount in ("0", "-1", "108.01"):
        with pytest.raises(AmountOutOfInvoice):
            dispute(amount)
    assert not InvoiceDispute.objects.exists()

    made = dispute()

    assert (made.amount, made.detail, made.reference) == (108, "Trop cher.", "REC-00001")
    assert invoice.owed.dunnable == 0
    with pytest.raises(AlreadyDisputed):
        dispute("1")
    assert [line.verb for line in trace.lines(workspace.trace_stream)] == ["invoice.disputed"]


def test_a_dispute_ends_by_a_credit_note_of_its_invoice_and_no_other(
    invoice: Invoice, dispute: Callable[..., InvoiceDispute], adviser: User, now: datetime
) -> None:
    made = dispute("20")
    other = make.credit_note(make.invoice(invoice.customer))
    for wrong in (None, invoice, other):
        with pytest.raises(CreditNoteMissing):
            settle_dispute(dispute=made, outcome="credited", credit_note=wrong, by=adviser, at=now)
    note = make.credit_note(invoice)

    settled = settle_dispute(dispute=made, outcome="credited", credit_note=note, by=adviser, at=now)

    assert (settled.credit_note, settled.settled_at) == (note, now)
    with pytest.raises(DisputeSettled):
        settle_dispute(dispute=made, outcome="withdrawn", by=adviser, at=now)


def test_a_rejection_says_why_and_keeps_no_credit_note(
    invoice: Invoice, dispute: Callable[..., InvoiceDispute], adviser: User, now: datetime
) -> None:
    made, note = dispute("20"), make.credit_note(invoice)
    with pytest.raises(OutcomeReasonMissing):
        settle_dispute(dispute=made, outcome="rejected", answer=" ", by=adviser, at=now)

    settled = settle_dispute(
        dispute=made, outcome="rejected", answer="Conforme.", credit_note=note, by=adviser, at=now
    )

    assert (settled.outcome, settled.credit_note) == ("rejected", None)


def test_a_settlement_is_taken_back_until_another_dispute_begins(
    invoice: Invoice, dispute: Callable[..., InvoiceDispute], adviser: User, now: datetime,
    workspace: Workspace,
) -> None:  # fmt: skip
    made = dispute("20")
    with pytest.raises(DisputeOpen):
        resume_dispute(dispute=made, by=adviser, at=now)
    settle_dispute(dispute=made, outcome="withdrawn", by=adviser, at=now)

    again = resume_dispute(dispute=made, by=adviser, at=now)

    assert (again.outcome, again.settled_at, again.settled_by_label) == ("", None, "")
    settle_dispute(dispute=made, outcome="withdrawn", by=adviser, at=now)
    dispute("5")
    with pytest.raises(AlreadyDisputed):
        resume_dispute(dispute=made, by=adviser, at=now)
    workspace.sealed_at = now
    workspace.save()
    with pytest.raises(WorkspaceSealed):
        resume_dispute(dispute=made, by=adviser, at=now)


@pytest.mark.parametrize(
    "wrong", [{"amount": 0}, {"outcome": "rejected"}, {"settled_at": make.NOW}]
)
def test_the_database_refuses_a_dispute_that_says_nothing(
    invoice: Invoice, wrong: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError):
        make.invoice_dispute(invoice, **wrong)


def test_the_database_keeps_one_open_dispute(invoice: Invoice) -> None:
    make.invoice_dispute(invoice)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.invoice_dispute(invoice)
    make.invoice_dispute(invoice, settled_at=make.NOW, outcome="withdrawn")


def test_the_record_tells_the_disputed_part_of_what_is_owed_apart(invoice: Invoice) -> None:
    def owed() -> list[tuple[str, str]]:
        told = facts(invoice.customer, TODAY)
        return [(str(one.title).replace("\xa0", " "), one.tone) for one in told]

    dispute = make.invoice_dispute(invoice, amount=Decimal("20.00"))
    assert owed() == [("100,00 €", "danger"), ("20,00 €", "neutral")]
    InvoiceDispute.objects.update(amount=Decimal("120.00"))
    assert owed() == [("120,00 €", "neutral")]
    InvoiceDispute.objects.filter(pk=dispute.pk).update(settled_at=make.NOW, outcome="withdrawn")
    assert owed() == [("120,00 €", "danger")]


def test_the_history_tells_the_beginning_and_the_end_newest_first(invoice: Invoice) -> None:
    make.invoice_dispute(
        invoice, settled_at=make.NOW + timedelta(days=3), outcome="rejected", answer="Conforme."
    )
    make.invoice_dispute(invoice, opened_at=make.NOW + timedelta(days=4))

    told = list(dispute_moments(invoice.customer, "", 10))

    assert [one.at.day for one in told] == [24, 23, 20]
    assert "Conforme." in told[1].text
    assert [one.at.day for one in dispute_moments(invoice.customer, "", 1)] == [24]


def test_an_invoice_in_dispute_says_so_on_its_page_and_in_the_list(
    signed_in: StrictClient, workspace: Workspace, invoice: Invoice
) -> None:
    page = reverse("billing:invoice", args=[workspace.pk, invoice.pk])
    assert "Mettre en litige" in signed_in.get(page).content.decode()
    make.invoice_dispute(invoice, amount=Decimal("20.00"), detail="Facturé deux fois")
    make.invoice(invoice.customer, number="FV-2")

    shown = signed_in.get(page)
    listed = signed_in.get(reverse("billing:index", args=[workspace.pk]), {"etat": "disputed"})

    assert shown.context["owed"].dunnable == 100
    assert "Facturé deux fois" in shown.content.decode()
    assert "Régler le litige" in shown.content.decode()
    assert [one.number for one in listed.context["page_obj"]] == ["FV-1"]


def test_a_dispute_is_reached_through_its_own_desk_alone(
    workspace: Workspace, invoice: Invoice, adviser: User
) -> None:
    dispute = make.invoice_dispute(invoice)
    other = make.desk()
    elsewhere = make.invoice_dispute(make.invoice(make.customer(other)))

    assert dispute_for(adviser, workspace.pk, dispute.pk, write=True) == (workspace, dispute)
    for desk, pk in ((workspace.pk, elsewhere.pk), (other.pk, elsewhere.pk)):
        with pytest.raises(Http404):
            dispute_for(adviser, desk, pk)
