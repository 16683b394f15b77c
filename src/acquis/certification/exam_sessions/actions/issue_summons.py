from datetime import datetime
from typing import Any

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions import documents, policy, queries, summoning
from acquis.certification.exam_sessions.actions.locking import lock, lock_composable, move, tell
from acquis.certification.exam_sessions.errors import SessionInThePast
from acquis.certification.exam_sessions.models import (
    ExamSession,
    SessionCandidate,
    SessionJuror,
    Summons,
)
from acquis.kernel import files, outbox, pdf, trace

MAIL = "summons.mail"


@transaction.atomic
def issue_summons(*, recipient: SessionCandidate | SessionJuror, by: User, at: datetime) -> Summons:
    """Write, keep and send one person's summons; a new one replaces the former, which stays.

    Raises SessionFrozen once the session is open, SessionInThePast after its hour.
    """
    session = lock_composable(recipient.session_id)
    if session.starts_at <= at:
        raise SessionInThePast
    timetable = queries.timetable(session, list(queries.seats(session)))
    former = queries.summonses_of(recipient).filter(replaced_by__isnull=True).first()
    number = f"CONV-{session.pk:05}-{session.summonses.count() + 1:03}"
    data = _data(session, recipient, timetable, number=number, at=at)
    data |= {
        "replaces": former.number if former else "",
        "changes": documents.changes(former.data, data) if former else [],
        "notes": [list(note) for note in summoning.notes(session, by=by, at=at)],
    }
    stored = files.store(
        pdf.render("exam_sessions/summons.typ", data),
        name=f"convocation-{number}.pdf",
        media_type="application/pdf",
        by=by,
        at=at,
    )
    candidate = recipient if isinstance(recipient, SessionCandidate) else None
    juror = recipient if isinstance(recipient, SessionJuror) else None
    starts_at, ends_at = queries.expected(session, candidate, timetable)
    summons = Summons.objects.create(
        session=session,
        recipient=Summons.Recipient.CANDIDATE if candidate else Summons.Recipient.JUROR,
        candidate=candidate,
        juror=juror,
        number=number,
        email=candidate.enrolment.candidate.email if candidate else _juror_email(juror),
        event_uid=former.event_uid if former else f"{number.lower()}@acquis",
        sequence=former.sequence + 1 if former else 0,
        starts_at=starts_at,
        ends_at=ends_at,
        file=stored,
        data=data,
        issued_at=at,
        issued_by=by,
    )
    if former is not None:
        former.replaced_by = summons
        former.save(update_fields=["replaced_by"])
    _keep_hour(candidate, timetable)
    trace.record(
        "summons.issued",
        session,
        by=by,
        at=at,
        summons=summons.pk,
        number=number,
        candidate=candidate.pk if candidate else None,
        juror=juror.pk if juror else None,
        replaces=former.number if former else None,
        sha256=stored.sha256,
    )
    outbox.put(MAIL, {"summons": summons.pk}, at=at)
    return summons


def _juror_email(juror: SessionJuror | None) -> str:
    return juror.juror.email if juror else ""


def _data(
    session: ExamSession,
    recipient: SessionCandidate | SessionJuror,
    timetable: dict[int, list[policy.Slot]],
    *,
    number: str,
    at: datetime,
) -> dict[str, Any]:
    if isinstance(recipient, SessionCandidate):
        slots = timetable[recipient.pk]
        return documents.candidate_summons(session, recipient, slots, number=number, at=at)
    return documents.juror_summons(session, recipient, timetable, number=number, at=at)


def _keep_hour(seat: SessionCandidate | None, timetable: dict[int, list[policy.Slot]]) -> None:
    slots = timetable.get(seat.pk) if seat else None
    if seat and slots and seat.starts_at != slots[0].starts_at:
        seat.starts_at = slots[0].starts_at
        seat.save(update_fields=["starts_at"])


@transaction.atomic
def mark_summoned(*, session: ExamSession, by: User, at: datetime) -> ExamSession:
    """Once everybody has a summons, the session is summoned; said twice, it is once."""
    session = lock(session.pk)
    if session.state != ExamSession.State.DRAFT:
        return session
    move(session, ExamSession.State.SUMMONED)
    trace.record("session.summoned", session, by=by, at=at)
    tell(session, "summoned", at=at)
    return session
