from datetime import datetime

from django.core.files.base import File
from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.deposits import policy, queries
from acquis.certification.deposits.errors import (
    DepositInTheRoom,
    DepositNotOpen,
    DepositTooLate,
    NoDepositHour,
    NothingToDeposit,
)
from acquis.certification.deposits.models import EarlyDeposit
from acquis.certification.exam_sessions.actions.locking import lock, tell
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.kernel import files, trace


@transaction.atomic
def deposit_early(
    *,
    seat: SessionCandidate,
    code: str,
    file: "File[bytes]",
    media_type: str,
    by: User,
    at: datetime,
) -> EarlyDeposit:
    """Hand in a document before the day; a later one replaces it, each is kept.

    `code` is the key of one of the documents asked for. From the summons until the session opens. The same document again is the same version. After its
    hour it is kept and marked late, unless the framework refuses it. Raises NothingToDeposit,
    NoDepositHour, DepositNotOpen, DepositInTheRoom or DepositTooLate.
    """
    session = lock(seat.session_id)
    asked = {document.key: plan for plan, document in queries.documents_of(session)}
    plan = asked.get(code)
    if plan is None:
        raise NothingToDeposit
    due = policy.until(plan, session.starts_at, queries.own_hour(session))
    if due is None:
        raise NoDepositHour
    if session.state == ExamSession.State.DRAFT:
        raise DepositNotOpen
    if session.state != ExamSession.State.SUMMONED:
        raise DepositInTheRoom
    late = policy.is_late(due, at)
    if late and plan.late_refused:
        raise DepositTooLate
    stored = files.store_file(file, media_type=media_type, by=by, at=at)
    last = next(iter(queries.deposits_of([seat])[seat.pk][code]), None)
    if last is not None and last.file_id == stored.pk:
        return last
    deposit = EarlyDeposit.objects.create(
        enrolment=seat.enrolment,
        code=code,
        version=last.version + 1 if last else 1,
        title=(file.name or stored.name)[-255:],
        file=stored,
        kept_at=at,
        kept_by=by,
        late=late,
    )
    trace.record(
        "document.deposited_early",
        seat,
        by=by,
        at=at,
        candidate=seat.pk,
        phase=plan.code,
        document=code,
        version=deposit.version,
        sha256=stored.sha256,
        size=stored.size,
        late=late,
    )
    tell(session, "document_deposited", at=at)
    return deposit
