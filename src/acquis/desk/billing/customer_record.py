"""What this room tells of a customer: invoices, credit notes, what is owed."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Workspace
from acquis.desk.billing.models import Invoice, InvoiceDispute
from acquis.desk.billing.queries import unpaid
from acquis.desk.directory.models import Customer
from acquis.desk.directory.queries.numbers import by_number
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


def dispute_moments(customer: Customer, channel: str, limit: int) -> Iterable[Moment]:
    """The beginning of each dispute, and its end."""
    del channel  # a dispute has none
    found = InvoiceDispute.objects.filter(invoice__customer=customer).select_related("invoice")
    last = found.order_by(Coalesce("settled_at", "opened_at").desc(), "-pk")[:limit]
    told = [moment for one in last for moment in _dispute_moments(one)]
    return sorted(told, key=lambda moment: moment.at, reverse=True)[:limit]


def _dispute_moments(one: InvoiceDispute) -> Iterable[Moment]:
    number = {"number": one.invoice.number}
    yield Moment(
        kind="dispute",
        at=one.opened_at,
        pk=one.pk,
        title=_("Facture %(number)s mise en litige") % number,
        text=f"{format_euros(one.amount)}. {one.get_reason_display()}. {one.detail}".strip(),
        url=_address(one.invoice),
        icon="gavel",
        actor=one.opened_by_label,
        badge=one.get_outcome_display() if one.settled_at else _("en litige"),
        tone="neutral" if one.settled_at else "danger",
    )
    if one.settled_at:
        yield Moment(
            kind="dispute",
            at=one.settled_at,
            pk=one.pk,
            title=_("Litige de la facture %(number)s réglé") % number,
            text=f"{one.get_outcome_display()}. {one.answer}".strip(),
            url=_address(one.invoice),
            icon="gavel",
            actor=one.settled_by_label,
        )


def facts(customer: Customer, today: date) -> Iterable[Fact]:
    """What is owed on each invoice, the disputed part apart: it is not claimed."""
    for invoice in unpaid(customer):
        owed, late = invoice.owed, invoice.due_on < today
        if owed.dunnable:
            yield Fact(
                section="owed",
                title=format_euros(owed.dunnable),
                text=(_("%(number)s, échue le") if late else _("%(number)s, échéance le"))
                % {"number": invoice.number},
                url=_address(invoice),
                tone="danger" if late else "warning",
                on=invoice.due_on,
            )
        if owed.in_dispute:
            yield Fact(
                section="owed",
                title=format_euros(owed.in_dispute),
                text=_("%(number)s, en litige : ne se relance pas") % {"number": invoice.number},
                url=_address(invoice),
            )


def customers(workspace: Workspace, number: str) -> QuerySet[Customer]:
    rows = Invoice.objects.filter(workspace=workspace)
    found = rows.filter(by_number(rows, number))
    return Customer.objects.filter(workspace=workspace, pk__in=found.values("customer"))


def _address(invoice: Invoice) -> str:
    return reverse("billing:invoice", args=[invoice.workspace_id, invoice.pk])


def _late(today: date) -> Q:
    late = Invoice.objects.filter(kind=Invoice.Kind.INVOICE, paid_on__isnull=True, due_on__lt=today)
    return Q(pk__in=late.values("customer"))


INVOICES = Room(
    kind="invoice",
    label=_("Factures et avoirs"),
    moments=moments,
    facts=facts,
    customers=customers,
    situations=(Situation("impaye", _("Facture échue impayée"), _late),),
)
DISPUTES = Room(kind="dispute", label=_("Litiges"), moments=dispute_moments)
ROOMS = (INVOICES, DISPUTES)
