"""What this room tells of a customer: invoices, credit notes, what is owed."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Workspace
from acquis.desk.billing.models import Invoice
from acquis.desk.directory.models import Customer
from acquis.desk.directory.rooms import Fact, Moment, Room, Situation
from acquis.desk.shell import noon_of
from acquis.kernel.money import format_euros


def moments(customer: Customer, channel: str, limit: int) -> Iterable[Moment]:
    del channel  # an invoice has none
    for invoice in customer.invoices.all()[:limit]:
        credit = invoice.kind == Invoice.Kind.CREDIT_NOTE
        title = _("Avoir %(number)s") if credit else _("Facture %(number)s")
        paid = invoice.paid_on is not None
        yield Moment(
            kind="invoice",
            at=noon_of(invoice.issued_on),
            pk=invoice.pk,
            title=title % {"number": invoice.number},
            text=str(
                _("%(total)s TTC. %(reason)s")
                % {"total": format_euros(invoice.total_ttc), "reason": invoice.reason}
            ).strip(),
            url=_address(invoice),
            icon="receipt-refund" if credit else "receipt-euro",
            badge="" if credit else (_("payée") if paid else _("à payer")),
            tone="success" if paid else "warning",
            day_only=True,
        )


def facts(customer: Customer, today: date) -> Iterable[Fact]:
    due = customer.invoices.filter(kind=Invoice.Kind.INVOICE, paid_on__isnull=True)
    for invoice in due.order_by("due_on", "pk"):
        late = invoice.due_on < today
        yield Fact(
            section="owed",
            title=format_euros(invoice.total_ttc),
            text=(_("%(number)s, échue le") if late else _("%(number)s, échéance le"))
            % {"number": invoice.number},
            url=_address(invoice),
            tone="danger" if late else "warning",
            on=invoice.due_on,
        )


def customers(workspace: Workspace, number: str) -> QuerySet[Customer]:
    found = Invoice.objects.filter(workspace=workspace, number__icontains=number)
    return Customer.objects.filter(workspace=workspace, pk__in=found.values("customer"))


def _address(invoice: Invoice) -> str:
    return reverse("billing:invoice", args=[invoice.workspace_id, invoice.pk])


def _late(today: date) -> Q:
    late = Invoice.objects.filter(kind=Invoice.Kind.INVOICE, paid_on__isnull=True, due_on__lt=today)
    return Q(pk__in=late.values("customer"))


ROOM = Room(
    kind="invoice",
    label=_("Factures et avoirs"),
    moments=moments,
    facts=facts,
    customers=customers,
    situations=(Situation("impaye", _("Facture échue impayée"), _late),),
)
