from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conversations.models import Conversation
from acquis.desk.queues import policy, queries
from acquis.desk.queues.actions._offers import WRAPUP_DUE, locked
from acquis.desk.queues.errors import ExtensionUnclear, NothingToExtend
from acquis.desk.queues.models import WrapUpExtension
from acquis.desk.shell import supervises
from acquis.kernel import outbox, realtime, trace


@transaction.atomic
def extend_wrapup(
    *, conversation: Conversation, seconds: int, reason: str, by: User, at: datetime
) -> WrapUpExtension:
    """Give a wrap-up more time, with a reason that the supervisor reads; nothing is qualified by it.

    Its adviser may, and the supervisor; `seconds` is one of policy.EXTENSIONS. It counts from the end
    of the time given before, or from now when that is over. Raises NothingToExtend, ExtensionUnclear
    or WorkspaceSealed; nothing is written then.
    """
    row = locked(conversation)
    wrapup = queries.wrapup_of(row)
    if wrapup is None or wrapup.ends_at is None:
        raise NothingToExtend
    if row.adviser_id != by.pk and not supervises(by, row.workspace):
        raise NothingToExtend
    if seconds not in policy.EXTENSIONS or not reason.strip():
        raise ExtensionUnclear
    late = max(0, int((at - wrapup.ends_at).total_seconds()))
    made = WrapUpExtension.objects.create(
        workspace=row.workspace,
        conversation=row,
        seconds=late + seconds,
        reason=reason.strip()[:200],
        by_label=by.full_name[:160],
        extended_at=at,
    )
    trace.record(
        "wrapup.extended", row, by=by, at=at, seconds=seconds, late=late, reason=made.reason
    )
    again = queries.wrapup_of(row)
    assert again is not None  # noqa: S101  it was there
    outbox.put(WRAPUP_DUE, {"conversation": row.pk}, at=at, due=again.ends_at)
    realtime.publish(f"workspace:{row.workspace_id}", at=at, what="wrapup_extended")
    return made
