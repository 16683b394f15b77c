from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions import queries
from acquis.certification.exam_sessions.models import (
    ExamSession,
    SessionCandidate,
    SessionJuror,
    Summons,
)
from acquis.kernel import outbox, trace

WITHDRAWAL = "summons.withdrawal"


@transaction.atomic
def withdraw_summons(
    *, recipient: SessionCandidate | SessionJuror, reason: str, by: User, at: datetime
) -> Summons | None:
    """Take back the summons in force of a person who leaves the session, and tell them."""
    found = queries.summonses_of(recipient).filter(replaced_by__isnull=True).first()
    return _withdraw(found, reason, by, at) if found else None


@transaction.atomic
def withdraw_all(*, session: ExamSession, reason: str, by: User, at: datetime) -> int:
    """Take back all the summons in force of a session that is called off. Returns how many.

    Whoever was moved to another session before keeps theirs, until the next one replaces it.
    """
    current = queries.in_force().filter(session=session)
    return len([_withdraw(one, reason, by, at) for one in current.order_by("pk")])


def _withdraw(summons: Summons, reason: str, by: User, at: datetime) -> Summons:
    if summons.withdrawn_at is not None:
        return summons
    summons.withdrawn_at, summons.withdrawal_reason = at, reason[:300]
    summons.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    trace.record("summons.withdrawn", summons.session, by=by, at=at, number=summons.number)
    outbox.put(WITHDRAWAL, {"summons": summons.pk}, at=at)
    return summons
