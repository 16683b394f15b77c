from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations import queries, routing
from acquis.desk.conversations.errors import (
    CodeOfAnotherDesk,
    CodeOfAnotherQueue,
    ConversationNotEnded,
    DetailUnknown,
    QualificationIncomplete,
)
from acquis.desk.conversations.models import ContactCode, Conversation
from acquis.desk.conversations.news import announce
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import trace


@transaction.atomic
def qualify_conversation(
    *,
    conversation: Conversation,
    reason: ContactCode | None,
    outcome: ContactCode | None,
    summary: str,
    details: Mapping[str, str] | None = None,
    by: User,
    at: datetime,
) -> Conversation:
    """Leave the wrap-up: fix why the contact was made, what came of it, and its account.

    `details` answer what the desk asks besides (identity checked, urgency…), by code; an empty
    answer is none. Qualifying again corrects, and the trace keeps both. Raises
    ConversationNotEnded, QualificationIncomplete, CodeOfAnotherDesk, CodeOfAnotherQueue,
    DetailUnknown or WorkspaceSealed; nothing is written then.
    """
    row = (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("workspace", "reason", "outcome")
        .get(pk=conversation.pk)
    )
    refuse_if_sealed(row.workspace)
    if row.state != Conversation.State.ENDED:
        raise ConversationNotEnded
    reason, outcome, summary = complete(row.workspace_id, reason, outcome, summary)
    _refuse_of_another_queue(row, reason, outcome)
    answers = answered(row.workspace, details or {})
    before = [code.code if code else "" for code in (row.reason, row.outcome)]
    correction = row.qualified_at is not None
    row.reason = reason
    row.outcome = outcome
    row.summary = summary
    row.details = answers
    row.qualified_at = row.qualified_at or at
    row.save(update_fields=["reason", "outcome", "summary", "details", "qualified_at"])
    trace.record(
        "conversation.qualified",
        row,
        by=by,
        at=at,
        reason=reason.code,
        outcome=outcome.code,
        reason_before=before[0],
        outcome_before=before[1],
        correction=correction,
        details=answers,
        summary_chars=len(summary),
        customer_id=row.customer_id,
    )
    announce(row, what="qualified", at=at)
    return row


def _refuse_of_another_queue(row: Conversation, *chosen: ContactCode) -> None:
    """Each code is of those to which the contact is narrowed, or the one that it bears already."""
    narrowed = routing.codes_for(row)
    for code in chosen:
        kept = narrowed.get(code.kind)
        if kept and code.code not in kept and code not in (row.reason, row.outcome):
            raise CodeOfAnotherQueue(name=code.label)


def answered(workspace: Workspace, details: Mapping[str, str]) -> dict[str, str]:
    """The answers given, each refused unless the desk offers it."""
    asked = {detail.code: detail for detail in queries.details(workspace)}
    given = {code: value for code, value in details.items() if value}
    for code, value in given.items():
        if code not in asked or value not in asked[code].values:
            raise DetailUnknown(name=code, value=value)
    return given


def complete(
    workspace_id: int, reason: ContactCode | None, outcome: ContactCode | None, summary: str
) -> tuple[ContactCode, ContactCode, str]:
    """The qualification, refused unless whole: a reason that is not divided further counts."""
    summary = summary.strip()
    if reason is None or outcome is None or not summary or reason.children.exists():
        raise QualificationIncomplete
    expected = ((reason, ContactCode.Kind.REASON), (outcome, ContactCode.Kind.OUTCOME))
    for code, kind in expected:
        if code.workspace_id != workspace_id or code.kind != kind:
            raise CodeOfAnotherDesk(name=code.code)
    return reason, outcome, summary
