"""Invoices and credit notes of one workspace."""

from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from acquis.accounts.models import Workspace
from acquis.desk.billing.models import Invoice, InvoiceDispute
from acquis.desk.directory.models import Customer
from acquis.desk.directory.queries.numbers import by_number
from acquis.desk.sales import policy


def invoices(
    workspace: Workspace, *, typed: str = "", state: str = "", today: date
) -> QuerySet[Invoice]:
    """Newest first; `state` is due (to be paid), late, disputed, paid, credit, or empty."""
    rows = Invoice.objects.filter(workspace=workspace)
    found = rows.select_related("customer")
    if typed:
        found = found.filter(
            by_number(rows, typed)
            | Q(customer__search_text__contains=typed.lower())
            | Q(customer__reference__icontains=typed)
        )
    found = found.annotate(is_disputed=Exists(open_disputes(OuterRef("pk"))))
    due = Q(kind=Invoice.Kind.INVOICE, paid_on__isnull=True)
    conditions = {
        "due": due,
        "late": due & Q(due_on__lt=today),
        "disputed": Q(is_disputed=True),
        "paid": Q(kind=Invoice.Kind.INVOICE, paid_on__isnull=False),
        "credit": Q(kind=Invoice.Kind.CREDIT_NOTE),
    }
    return found.filter(conditions[state]) if state in conditions else found


def open_disputes(invoice: Invoice | OuterRef) -> QuerySet[InvoiceDispute]:
    """The dispute of an invoice that is not settled: one at most."""
    return InvoiceDispute.objects.filter(invoice=invoice, settled_at__isnull=True)


def unpaid(customer: Customer) -> QuerySet[Invoice]:
    """What a customer has to pay, the first due first, ready to tell what is `owed` on each."""
    found = Invoice.objects.filter(
        customer=customer, kind=Invoice.Kind.INVOICE, paid_on__isnull=True
    )
    return found.order_by("due_on", "pk").prefetch_related("credit_notes", "disputes")


def disputes_of_case(workspace: Workspace, number: str) -> QuerySet[InvoiceDispute]:
    """The disputes handled in the case of this number."""
    found = InvoiceDispute.objects.filter(workspace=workspace, reference=number)
    return found.select_related("invoice", "credit_note")


def vat_breakdown(invoice: Invoice) -> list[policy.Base]:
    """The bases and VAT of each rate, highest rate first (C-04)."""
    totals: dict[Decimal, Decimal] = {}
    for line in invoice.lines.all():
        totals[line.vat_rate] = totals.get(line.vat_rate, policy.ZERO) + line.total_ht
    return [
        policy.Base(rate, base, policy.vat_of(base, rate))
        for rate, base in sorted(totals.items(), reverse=True)
    ]
