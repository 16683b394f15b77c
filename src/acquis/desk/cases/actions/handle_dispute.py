"""A disputed invoice and the case in which it is handled. Source: V-13, R-07."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.billing.actions.dispute_invoice import (
    dispute_invoice,
    resume_dispute,
    settle_dispute,
)
from acquis.desk.billing.models import Invoice, InvoiceDispute
from acquis.desk.cases.access import may_settle
from acquis.desk.cases.actions._case import living, locked, tell
from acquis.desk.cases.actions.open_case import open_case
from acquis.desk.cases.actions.write_to_customer import WRITTEN, write_to_customer
from acquis.desk.cases.errors import CaseOfAnotherCustomer, DisputeBeyondAdviser
from acquis.desk.cases.models import Case
from acquis.desk.cases.queries import case_of_dispute
from acquis.kernel.money import format_euros

Outcome = InvoiceDispute.Outcome


@transaction.atomic
def begin_dispute(
    *,
    invoice: Invoice,
    reason: str,
    detail: str = "",
    amount: Decimal | None = None,
    case: Case | None = None,
    by: User,
    at: datetime,
) -> InvoiceDispute:
    """Put an invoice in dispute within a case of its customer; without one, open a complaint.

    Raises CaseOfAnotherCustomer, CaseClosed, CaseMerged, or what billing refuses (NotAnInvoice,
    AlreadyDisputed, AmountOutOfInvoice, WorkspaceSealed); nothing is written then.
    """
    if case is None:
        case = open_case(
            customer=invoice.customer,
            kind=Case.Kind.COMPLAINT,
            title=f"Facture {invoice.number} contestée",
            description=detail,
            order=invoice.order,
            assignee=by,
            by=by,
            at=at,
        )
    row = living(case)
    if row.customer_id != invoice.customer_id:
        raise CaseOfAnotherCustomer
    made = dispute_invoice(
        invoice=invoice,
        reason=reason,
        detail=detail,
        amount=amount,
        reference=row.number,
        by=by,
        at=at,
    )
    said = f"⚖ {invoice.number} · {format_euros(made.amount)} · {made.get_reason_display()}"
    tell(row, f"{said}\n{made.detail}".strip(), by=by, at=at)
    return made


@transaction.atomic
def end_dispute(
    *,
    dispute: InvoiceDispute,
    outcome: str,
    answer: str = "",
    credit_note: Invoice | None = None,
    told_by: str = "",
    by: User,
    at: datetime,
) -> InvoiceDispute:
    """Settle a dispute, write it in its case and, with `told_by`, to the customer.

    What the customer withdraws, anybody takes note of; a credit note or a no is the adviser's up to
    his ceiling for credit notes, the supervisor's beyond. Raises DisputeBeyondAdviser,
    ContactAddressMissing, or what billing refuses; nothing is written then.
    """
    workspace = Workspace.objects.get(pk=dispute.workspace_id)
    _refuse_beyond(dispute, workspace, outcome, by=by)
    row = settle_dispute(
        dispute=dispute, outcome=outcome, answer=answer, credit_note=credit_note, by=by, at=at
    )
    case = _case_of(row)
    note = f" {row.credit_note.number}" if row.credit_note else ""
    said = f"⚖ {row.invoice.number} : {row.get_outcome_display()}{note}"
    if case is not None:
        tell(case, f"{said}\n{row.answer}".strip(), by=by, at=at)
    if told_by in WRITTEN:
        write_to_customer(
            customer=row.invoice.customer,
            channel=told_by,
            subject=f"Votre facture {row.invoice.number} : notre réponse",
            body=answer_text(row),
            client_key=f"dispute-{row.pk}-{at:%Y%m%d%H%M%S}",
            by=by,
            at=at,
        )
    return row


@transaction.atomic
def take_back(*, dispute: InvoiceDispute, by: User, at: datetime) -> InvoiceDispute:
    """Undo a settlement, by whoever could make it; its case says so.

    Raises DisputeBeyondAdviser, DisputeOpen, AlreadyDisputed or WorkspaceSealed.
    """
    workspace = Workspace.objects.get(pk=dispute.workspace_id)
    _refuse_beyond(dispute, workspace, dispute.outcome, by=by)
    row = resume_dispute(dispute=dispute, by=by, at=at)
    case = _case_of(row)
    if case is not None:
        tell(case, f"⚖ {row.invoice.number} : remise en litige", by=by, at=at)
    return row


def answer_text(dispute: InvoiceDispute) -> str:
    """What the customer reads; a message is in French whatever the writer's language."""
    number = dispute.invoice.number
    what = (
        f"de votre facture {number} ({format_euros(dispute.amount)}, dossier {dispute.reference})"
    )
    ends = {
        Outcome.CREDITED: f"Nous acceptons votre contestation {what}. "
        f"L’avoir {dispute.credit_note and dispute.credit_note.number} la règle.",
        Outcome.REJECTED: f"Nous ne pouvons pas accepter votre contestation {what}.",
        Outcome.WITHDRAWN: f"Nous prenons note que vous retirez votre contestation {what}.",
    }
    said = f"\n\n{dispute.answer}" if dispute.answer else ""
    return f"Bonjour,\n\n{ends[Outcome(dispute.outcome)]}{said}"


def _refuse_beyond(
    dispute: InvoiceDispute, workspace: Workspace, outcome: str, *, by: User
) -> None:
    if outcome != Outcome.WITHDRAWN and not may_settle(by, workspace, dispute):
        raise DisputeBeyondAdviser(amount=format_euros(dispute.amount))


def _case_of(dispute: InvoiceDispute) -> Case | None:
    found = case_of_dispute(dispute)
    return locked(found) if found else None
