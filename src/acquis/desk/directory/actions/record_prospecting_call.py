from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.directory.actions.record_consent import Statement, record_consent
from acquis.desk.directory.errors import NotYetSaid
from acquis.desk.directory.models import Consent, Customer, ProspectingCall
from acquis.desk.directory.policy.calling import Aim, Relation
from acquis.desk.directory.queries.calling import calling_of
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import realtime, trace


@transaction.atomic
def record_prospecting_call(
    *,
    customer: Customer,
    called_at: datetime,
    outcome: str,
    number: str = "",
    contract: str = "",
    relation: Relation | None = None,
    by: User | None,
    at: datetime,
) -> ProspectingCall:
    """Keep a call made or tried, with what the rules said of it; a refusal withdraws agreement.

    It is kept even when it was not allowed: the file proves what was done. Raises NotYetSaid or
    WorkspaceSealed. Source: P-05, P-13.
    """
    refuse_if_sealed(customer.workspace)
    if called_at > at:
        raise NotYetSaid
    # Two advisers that record at once must each count the other's call.
    row = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    verdict = calling_of(row, at=called_at).verdict(called_at, Aim(relation=relation))
    kept = ProspectingCall.objects.create(
        workspace_id=row.workspace_id,
        customer=row,
        called_at=called_at,
        number=number or row.phone,
        outcome=outcome,
        contract=contract,
        relation=relation or "",
        allowed=verdict.allowed,
        reasons=[{"code": reason.code, "article": reason.article} for reason in verdict.reasons],
        caller=by,
        caller_label=by.full_name if by else "",
    )
    stream = f"workspace:{row.workspace_id}"
    trace.record(
        "prospecting.called",
        kept,
        by=by,
        at=at,
        stream=stream,
        customer_id=row.pk,
        called_at=called_at.isoformat(),
        outcome=outcome,
        allowed=verdict.allowed,
        reasons=[reason.code for reason in verdict.reasons],
        basis=verdict.basis,
    )
    if outcome == ProspectingCall.Outcome.REFUSED:
        refusal = Statement(
            channel=Consent.Channel.PHONE,
            given=False,
            decided_at=called_at,
            medium=Consent.Medium.CALL_OUT,
        )
        record_consent(customer=customer, statement=refusal, by=by, at=at)
    else:
        realtime.publish(stream, at=at, what="customer", customer=row.pk)
    return kept
