from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conversations.actions.qualify_conversation import answered, complete
from acquis.desk.conversations.errors import ContactInFuture
from acquis.desk.conversations.models import ContactCode, Conversation
from acquis.desk.conversations.news import announce
from acquis.desk.directory.models import Customer
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace


@transaction.atomic
def record_contact(  # noqa: PLR0913  what a contact is recorded with
    *,
    customer: Customer,
    channel: str,
    direction: str,
    subject: str,
    started_at: datetime,
    reason: ContactCode | None,
    outcome: ContactCode | None,
    summary: str,
    details: Mapping[str, str] | None = None,
    by: User,
    at: datetime,
) -> Conversation:
    """Write down a contact that took place elsewhere: a call, a letter, an e-mail.

    Raises ContactInFuture, QualificationIncomplete, CodeOfAnotherDesk, DetailUnknown or
    WorkspaceSealed.
    """
    refuse_if_sealed(customer.workspace)
    if started_at > at:
        raise ContactInFuture
    reason, outcome, summary = complete(customer.workspace_id, reason, outcome, summary)
    answers = answered(customer.workspace, details or {})
    conversation = Conversation.objects.create(
        workspace_id=customer.workspace_id,
        customer=customer,
        channel=Conversation.Channel(channel),
        direction=Conversation.Direction(direction),
        state=Conversation.State.ENDED,
        subject=subject,
        contact_label=customer.display_name[:160],
        adviser=by,
        adviser_label=by.full_name,
        started_at=started_at,
        answered_at=started_at,
        ended_at=started_at,
        reason=reason,
        outcome=outcome,
        summary=summary,
        details=answers,
        qualified_at=at,
    )
    trace.record(
        "conversation.recorded",
        conversation,
        by=by,
        at=at,
        customer_id=customer.pk,
        channel=conversation.channel,
        direction=conversation.direction,
        started_at=started_at.isoformat(),
        reason=reason.code,
        outcome=outcome.code,
        details=answers,
        summary_chars=len(summary),
    )
    announce(conversation, what="recorded", at=at)
    return conversation
