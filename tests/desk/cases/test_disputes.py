"""An invoice in dispute and the case that handles it."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.billing.models import Invoice, InvoiceDispute
from acquis.desk.cases.actions.handle_dispute import begin_dispute, end_dispute, take_back
from acquis.desk.cases.errors import (
    CaseClosed,
    CaseOfAnotherCustomer,
    ContactAddressMissing,
    DisputeBeyondAdviser,
)
from acquis.desk.cases.models import Case
from acquis.desk.conversations.models import Message
from acquis.kernel.testing import StrictClient
from tests.factories import accounts
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(workspace: Workspace) -> Invoice:
    return make.invoice(make.customer(workspace, email="lea@courriel.example"), number="FV-1")


@pytest.fixture
def case(invoice: Invoice) -> Case:
    return make.case(invoice.customer, number="REC-00042", kind="complaint")


@pytest.fixture
def supervisor(workspace: Workspace) -> User:
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation)


def told(case: Case) -> list[str]:
    return list(case.events.values_list("body", flat=True))


def test_a_dispute_without_a_case_opens_a_complaint_with_its_deadlines(
    invoice: Invoice, adviser: User, now: datetime
) -> None:
    made = begin_dispute(
        invoice=invoice, reason="price", detail="Deux fois facturé.", by=adviser, at=now
    )

    opened = Case.objects.get(number=made.reference)
    assert (opened.kind, opened.assignee, opened.customer) == (
        "complaint", adviser, invoice.customer,
    )  # fmt: skip
    assert any("FV-1" in line and "Deux fois facturé." in line for line in told(opened))


def test_a_dispute_is_refused_in_the_case_of_another_or_a_closed_one(
    workspace: Workspace, invoice: Invoice, case: Case, adviser: User, now: datetime
) -> None:
    other = make.case(make.customer(workspace), number="REC-00043")
    with pytest.raises(CaseOfAnotherCustomer):
        begin_dispute(invoice=invoice, reason="price", case=other, by=adviser, at=now)
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=now)
    with pytest.raises(CaseClosed):
        begin_dispute(invoice=invoice, reason="price", case=case, by=adviser, at=now)
    assert not InvoiceDispute.objects.exists()


def test_beyond_the_adviser_only_the_supervisor_decides_and_takes_back(
    invoice: Invoice, case: Case, adviser: User, supervisor: User, now: datetime
) -> None:
    dispute = begin_dispute(invoice=invoice, reason="price", case=case, by=adviser, at=now)
    with pytest.raises(DisputeBeyondAdviser):
        end_dispute(dispute=dispute, outcome="rejected", answer="Non.", by=adviser, at=now)

    end_dispute(dispute=dispute, outcome="rejected", answer="Conforme.", by=supervisor, at=now)

    with pytest.raises(DisputeBeyondAdviser):
        take_back(dispute=InvoiceDispute.objects.get(), by=adviser, at=now)
    take_back(dispute=InvoiceDispute.objects.get(), by=supervisor, at=now)
    assert "remise en litige" in told(case)[-1]
    # What the customer gives up needs nobody's leave.
    end_dispute(dispute=dispute, outcome="withdrawn", by=adviser, at=now)
    assert "Retiré par le client" in told(case)[-1]


@pytest.mark.parametrize(
    ("outcome", "words"),
    [("credited", "AV-1"), ("rejected", "ne pouvons pas accepter"), ("withdrawn", "vous retirez")],
)
def test_the_customer_is_told_how_it_ends(
    invoice: Invoice, case: Case, adviser: User, now: datetime, outcome: str, words: str
) -> None:
    note = make.credit_note(invoice, number="AV-1")
    dispute = begin_dispute(
        invoice=invoice, reason="price", amount=Decimal(12), case=case, by=adviser, at=now
    )

    end_dispute(
        dispute=dispute, outcome=outcome, answer="Voici pourquoi.", credit_note=note,
        told_by="mail", by=adviser, at=now,
    )  # fmt: skip

    sent = Message.objects.get(conversation__customer=invoice.customer)
    assert words in sent.body
    assert "Voici pourquoi." in sent.body


def test_a_customer_without_an_address_is_not_written_to_and_nothing_is_settled(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    invoice = make.invoice(make.customer(workspace, phone=""))
    dispute = begin_dispute(invoice=invoice, reason="price", amount=Decimal(5), by=adviser, at=now)

    with pytest.raises(ContactAddressMissing):
        end_dispute(dispute=dispute, outcome="withdrawn", told_by="sms", by=adviser, at=now)

    assert InvoiceDispute.objects.get().settled_at is None


def test_a_dispute_outlives_its_case(invoice: Invoice, adviser: User, now: datetime) -> None:
    dispute = make.invoice_dispute(invoice, reference="gone")

    end_dispute(dispute=dispute, outcome="withdrawn", by=adviser, at=now)
    take_back(dispute=InvoiceDispute.objects.get(), by=adviser, at=now)

    assert InvoiceDispute.objects.get().settled_at is None


def test_it_is_begun_from_a_case_and_settled_on_screen(
    signed_in: StrictClient, workspace: Workspace, invoice: Invoice, case: Case
) -> None:
    address = reverse("cases:dispute", args=[workspace.pk, invoice.customer.pk])
    case_page = reverse("cases:case", args=[workspace.pk, case.pk])
    assert f"{address}?demande={case.pk}" in signed_in.get(case_page).content.decode()
    asked = signed_in.get(address, {"demande": case.pk, "facture": invoice.pk})
    assert f'value="{case.pk}" selected' in asked.content.decode()
    given: dict[str, Any] = {
        "invoice": invoice.pk, "reason": "price", "amount": "20,00", "case": case.pk,
        "detail": "Trop facturé",
    }  # fmt: skip

    bad = signed_in.post(address, given | {"reason": "", "amount": "x"})
    beyond = signed_in.post(address, given | {"amount": "999"})
    good = signed_in.post(address, given)

    assert (bad.status_code, beyond.status_code, good.status_code) == (422, 422, 302)
    assert "Trop facturé" in bad.content.decode()  # nothing typed is lost
    assert "en litige" in signed_in.get(case_page).content.decode()
    assert "Aucune facture à contester" in signed_in.get(address).content.decode()
    dispute = InvoiceDispute.objects.get()
    settle = reverse("cases:settle_dispute", args=[workspace.pk, dispute.pk])
    assert signed_in.get(settle).status_code == 200
    assert signed_in.post(settle, {"outcome": "credited"}).status_code == 422
    assert signed_in.post(settle, {"outcome": "rejected"}).status_code == 422
    assert signed_in.post(settle, {"outcome": "rejected", "answer": "Non."}).status_code == 302
    resume = reverse("cases:resume_dispute", args=[workspace.pk, dispute.pk])
    assert signed_in.post(resume).status_code == 302
    assert InvoiceDispute.objects.get().settled_at is None


def test_beyond_the_delegation_the_page_says_who_decides(
    signed_in: StrictClient, workspace: Workspace, invoice: Invoice
) -> None:
    dispute = make.invoice_dispute(invoice, amount=Decimal(120))
    settle = reverse("cases:settle_dispute", args=[workspace.pk, dispute.pk])

    assert "dépasse votre délégation" in signed_in.get(settle).content.decode()


def test_what_is_in_dispute_is_listed_filtered_and_exported(
    signed_in: StrictClient, workspace: Workspace, invoice: Invoice, case: Case
) -> None:
    other = make.invoice(invoice.customer, number="FV-2")
    breakdown = make.case(invoice.customer, number="SAV-00001", kind="breakdown")
    make.invoice_dispute(invoice, reference=case.number)
    make.invoice_dispute(other, reason="delivery", reference=breakdown.number)
    settled = make.invoice(invoice.customer, number="FV-3")
    note = make.credit_note(settled, number="AV-3")
    make.invoice_dispute(
        settled, settled_at=make.NOW, outcome="credited", credit_note=note, reference="gone"
    )
    page = reverse("cases:disputes", args=[workspace.pk])

    def numbers(**asked: str) -> list[str]:
        rows = signed_in.get(page, asked).context["rows"]
        return [row.dispute.invoice.number for row in rows]

    assert numbers() == ["FV-1", "FV-2"]
    assert numbers(etat="credited") == ["FV-3"]
    assert numbers(etat="all", q="FV-3") == ["FV-3"]
    assert numbers(motif="delivery") == ["FV-2"]
    assert numbers(q="rien") == []
    first, second, last = signed_in.get(page, {"etat": "all"}).context["rows"]
    assert (first.complaint.case, second.complaint, last.case) == (case, None, None)
    assert last.days == 0
    export = signed_in.get(reverse("cases:disputes_export", args=[workspace.pk]), {"etat": "all"})
    assert "AV-3" in export.content.decode()
    assert export.content.decode().count("\n") == 4


def test_the_list_of_disputes_costs_the_same_for_one_and_for_thirty(
    signed_in: StrictClient, workspace: Workspace, invoice: Invoice, case: Case,
    count_queries: Callable[..., int],
) -> None:  # fmt: skip
    page = reverse("cases:disputes", args=[workspace.pk])
    make.invoice_dispute(invoice, reference=case.number)
    one = count_queries(lambda: signed_in.get(page))
    for rank in range(29):
        known = make.customer(workspace)
        make.case(known, number=f"REC-1{rank:04d}", kind="complaint")
        make.invoice_dispute(make.invoice(known), reference=f"REC-1{rank:04d}")

    assert count_queries(lambda: signed_in.get(page)) == one
