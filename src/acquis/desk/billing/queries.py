"""Invoices and credit notes of one workspace."""

from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from acquis.accounts.models import Workspace
from acquis.desk.billing.models import Invoice
from acquis.desk.sales import policy


def invoices(
    workspace: Workspace, *, typed: str = "", state: str = "", today: date
) -> QuerySet[Invoice]:
    """Newest first; `state` is due (to be paid), late, paid, credit, or empty for all."""
    found = Invoice.objects.filter(workspace=workspace).select_related("customer")
    if typed:
        found = found.filter(
            Q(number__icontains=typed)
            | Q(customer__search_text__contains=typed.lower())
            | Q(customer__reference__icontains=typed)
        )
    due = Q(kind=Invoice.Kind.INVOICE, paid_on__isnull=True)
    conditions = {
        "due": due,
        "late": due & Q(due_on__lt=today),
        "paid": Q(kind=Invoice.Kind.INVOICE, paid_on__isnull=False),
        "credit": Q(kind=Invoice.Kind.CREDIT_NOTE),
    }
    return found.filter(conditions[state]) if state in conditions else found


def vat_breakdown(invoice: Invoice) -> list[policy.Base]:
    """The bases and VAT of each rate, highest rate first (C-04)."""
    totals: dict[Decimal, Decimal] = {}
    for line in invoice.lines.all():
        totals[line.vat_rate] = totals.get(line.vat_rate, policy.ZERO) + line.total_ht
    return [
        policy.Base(rate, base, policy.vat_of(base, rate))
        for rate, base in sorted(totals.items(), reverse=True)
    ]
