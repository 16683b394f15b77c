"""An invoice that the customer disputes, until it is credited, rejected or withdrawn (V-13, R-07)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.billing import policy
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
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import realtime, trace
from acquis.kernel.money import format_euros

LABEL_CHARS = 160
Outcome = InvoiceDispute.Outcome
SETTLED = ["outcome", "answer", "credit_note", "settled_at", "settled_by_label"]


@transaction.atomic
def dispute_invoice(
    *,
    invoice: Invoice,
    reason: str,
    detail: str = "",
    amount: Decimal | None = None,
    reference: str,
    by: User,
    at: datetime,
) -> InvoiceDispute:
    """Say that the customer contests so much of an invoice: nobody reminds them of that part.

    `amount` is in euros with VAT, None for all that is not credited; `reference` is the number of
    the case in which it is handled. Raises NotAnInvoice, AlreadyDisputed, AmountOutOfInvoice or
    WorkspaceSealed; nothing is written then. Source: V-13, R-07.
    """
    row = (
        Invoice.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .get(pk=invoice.pk)
    )
    refuse_if_sealed(row.workspace)
    if row.kind != Invoice.Kind.INVOICE:
        raise NotAnInvoice
    _refuse_second(row)
    most = policy.disputable(row.total_ttc, [note.total_ttc for note in row.credit_notes.all()])
    amount = most if amount is None else amount
    if not policy.may_be_disputed(amount, most):
        raise AmountOutOfInvoice(most=format_euros(most))
    made = InvoiceDispute.objects.create(
        workspace=row.workspace,
        invoice=row,
        reason=reason,
        detail=detail.strip(),
        amount=amount,
        reference=reference,
        opened_at=at,
        opened_by_label=by.full_name[:LABEL_CHARS],
    )
    _record("invoice.disputed", made, by=by, at=at, amount=amount, reason=reason, case=reference)
    return made


@transaction.atomic
def settle_dispute(
    *,
    dispute: InvoiceDispute,
    outcome: str,
    answer: str = "",
    credit_note: Invoice | None = None,
    by: User,
    at: datetime,
) -> InvoiceDispute:
    """End a dispute: a credit note of its invoice, a reasoned no, or the customer withdraws it.

    Raises DisputeSettled, CreditNoteMissing, OutcomeReasonMissing or WorkspaceSealed; nothing is
    written then.
    """
    row = _locked(dispute)
    answer = answer.strip()
    if row.settled_at is not None:
        raise DisputeSettled
    credited = outcome == Outcome.CREDITED
    if credited and (credit_note is None or credit_note.refers_to_id != row.invoice_id):
        raise CreditNoteMissing
    if outcome == Outcome.REJECTED and not answer:
        raise OutcomeReasonMissing
    row.outcome, row.answer = Outcome(outcome), answer
    row.credit_note = credit_note if credited else None
    row.settled_at, row.settled_by_label = at, by.full_name[:LABEL_CHARS]
    row.save(update_fields=SETTLED)
    note = row.credit_note.number if row.credit_note else None
    _record("invoice.dispute_settled", row, by=by, at=at, outcome=outcome, credit_note=note)
    return row


@transaction.atomic
def resume_dispute(*, dispute: InvoiceDispute, by: User, at: datetime) -> InvoiceDispute:
    """Take back a settlement: the invoice is in dispute again, its dates unchanged.

    Raises DisputeOpen, AlreadyDisputed (another began since) or WorkspaceSealed.
    """
    row = _locked(dispute)
    if row.settled_at is None:
        raise DisputeOpen
    _refuse_second(row.invoice)
    before = row.outcome
    row.outcome = row.answer = row.settled_by_label = ""
    row.credit_note = row.settled_at = None
    row.save(update_fields=SETTLED)
    _record("invoice.dispute_resumed", row, by=by, at=at, before=before)
    return row


def _locked(dispute: InvoiceDispute) -> InvoiceDispute:
    """The dispute for writing, its invoice locked first: one act at a time on an invoice."""
    Invoice.objects.select_for_update(of=("self",)).get(pk=dispute.invoice_id)
    row = (
        InvoiceDispute.objects.select_for_update(of=("self",))
        .select_related("workspace", "invoice__customer")
        .get(pk=dispute.pk)
    )
    refuse_if_sealed(row.workspace)
    return row


def _refuse_second(invoice: Invoice) -> None:
    if invoice.disputes.filter(settled_at__isnull=True).exists():
        raise AlreadyDisputed(number=invoice.number)


def _record(verb: str, row: InvoiceDispute, *, by: User, at: datetime, **data: Any) -> None:
    trace.record(verb, row, by=by, at=at, number=row.invoice.number, **data)
    realtime.publish(row.trace_stream, at=at, what="invoice", invoice=row.invoice_id)
