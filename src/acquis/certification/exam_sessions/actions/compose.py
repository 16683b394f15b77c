from datetime import datetime

from django.db import router, transaction
from django.db.models import ProtectedError
from django.db.models.deletion import Collector

from acquis.accounts.models import User
from acquis.certification.exam_sessions import queries
from acquis.certification.exam_sessions.actions.locking import lock_composable, tell
from acquis.certification.exam_sessions.actions.withdraw_summons import withdraw_summons
from acquis.certification.exam_sessions.errors import (
    AlreadyDrawn,
    CandidateBusy,
    JurorBusy,
    NotEnrolledForThis,
    OtherOrganisation,
)
from acquis.certification.exam_sessions.models import (
    ExamSession,
    SessionCandidate,
    SessionJuror,
)
from acquis.certification.juries.models import Juror
from acquis.certification.registrations.access import refuse_barred
from acquis.certification.registrations.models import Enrolment
from acquis.kernel import trace

_OVER = (ExamSession.State.CANCELLED,)


@transaction.atomic
def add_candidate(
    *, session: ExamSession, enrolment: Enrolment, by: User, at: datetime
) -> SessionCandidate:
    """Put an enrolled person in the session; put twice, they are there once.

    Raises SessionFrozen, OtherOrganisation, NotEnrolledForThis, MayNotSit or CandidateBusy.
    """
    session = lock_composable(session.pk)
    if enrolment.candidate.organisation_id != session.organisation_id:
        raise OtherOrganisation
    already = session.candidates.filter(enrolment=enrolment).first()
    if already is not None:
        return already
    refuse_seat(session, enrolment)
    last = session.candidates.order_by("-order").first()
    seat = SessionCandidate.objects.create(
        session=session,
        enrolment=enrolment,
        order=last.order + 1 if last else 1,
        starts_at=session.starts_at,
    )
    trace.record("session.candidate_added", seat, by=by, at=at, candidate=seat.pk)
    tell(session, "composed", at=at)
    return seat


def refuse_seat(
    session: ExamSession, enrolment: Enrolment, *, leaving: ExamSession | None = None
) -> None:
    """Refuse whoever may not sit in a session; the one that they leave counts no more.

    Raises NotEnrolledForThis, MayNotSit or CandidateBusy.
    """
    candidate, day = enrolment.candidate, queries.day_of(session)
    if enrolment.version_id != session.version_id or enrolment.block != session.block:
        raise NotEnrolledForThis(name=candidate.full_name)
    refuse_barred(enrolment, day)
    others = ExamSession.objects.filter(
        candidates__enrolment__candidate=candidate, starts_at__date=day
    ).exclude(state__in=_OVER)
    if leaving is not None:
        others = others.exclude(pk=leaving.pk)
    other = others.first()
    if other is not None:
        raise CandidateBusy(name=candidate.full_name, other=other.reference)


@transaction.atomic
def remove_candidate(*, seat: SessionCandidate, by: User, at: datetime) -> None:
    """Take a candidate out before the session opens. Raises SessionFrozen or AlreadyDrawn."""
    session = lock_composable(seat.session_id)
    number = seat.pk
    trace.record("session.candidate_removed", seat, by=by, at=at, candidate=number)
    withdraw_summons(recipient=seat, reason="", by=by, at=at)
    _delete(seat, seat.enrolment.candidate.full_name)
    tell(session, "composed", at=at)


@transaction.atomic
def add_juror(
    *,
    session: ExamSession,
    juror: Juror,
    function: str = SessionJuror.Function.MEMBER,
    by: User,
    at: datetime,
) -> SessionJuror:
    """Put a juror in the jury; what bars them is shown, and refused when the session opens.

    A juror may sit in two sessions of one day that never need them at once. Raises SessionFrozen, OtherOrganisation or JurorBusy.
    """
    session = lock_composable(session.pk)
    if juror.organisation_id != session.organisation_id:
        raise OtherOrganisation
    already = session.jurors.filter(juror=juror).first()
    if already is not None:
        return already
    refuse_busy_juror(session, juror)
    member = SessionJuror.objects.create(session=session, juror=juror, function=function)
    if function == SessionJuror.Function.PRESIDENT:
        _only_president(member)
    trace.record("session.juror_added", session, by=by, at=at, member=member.pk, function=function)
    tell(session, "composed", at=at)
    return member


def refuse_busy_juror(session: ExamSession, juror: Juror) -> None:
    """Raises JurorBusy when another session of that day needs this juror at the same time."""
    others = ExamSession.objects.filter(
        jurors__juror=juror, starts_at__date=queries.day_of(session)
    ).exclude(pk=session.pk)
    for other in others.exclude(state__in=_OVER):
        if not _apart(session, other):
            raise JurorBusy(name=juror.full_name, other=other.reference)


def _apart(one: ExamSession, other: ExamSession) -> bool:
    """Whether the hours at which two sessions need their jury are known, and never meet."""
    first, second = (
        [
            (slot.starts_at, slot.ends_at)
            for slots in queries.timetable_of(session).values()
            for slot in slots
            if slot.jury_present
        ]
        for session in (one, other)
    )
    meet = any(a < d and c < b for a, b in first for c, d in second)
    return bool(first and second) and not meet


@transaction.atomic
def name_president(*, member: SessionJuror, by: User, at: datetime) -> SessionJuror:
    """Make one member preside; the former president becomes a member."""
    session = lock_composable(member.session_id)
    member = session.jurors.get(pk=member.pk)
    if member.function == SessionJuror.Function.PRESIDENT:
        return member
    member.function = SessionJuror.Function.PRESIDENT
    member.save(update_fields=["function"])
    _only_president(member)
    trace.record("session.president_named", session, by=by, at=at, member=member.pk)
    tell(session, "composed", at=at)
    return member


def _only_president(member: SessionJuror) -> None:
    member.session.jurors.exclude(pk=member.pk).update(function=SessionJuror.Function.MEMBER)


@transaction.atomic
def remove_juror(*, member: SessionJuror, by: User, at: datetime) -> None:
    """Take a juror out before the session opens. Raises SessionFrozen or AlreadyDrawn."""
    session = lock_composable(member.session_id)
    trace.record("session.juror_removed", session, by=by, at=at, member=member.pk)
    withdraw_summons(recipient=member, reason="", by=by, at=at)
    _delete(member, member.juror.full_name)
    tell(session, "composed", at=at)


def refuse_drawn(row: SessionCandidate | SessionJuror, name: str) -> None:
    """Raises AlreadyDrawn where something of the session hangs on this place: a draw, an exam, an incident."""
    try:
        Collector(using=router.db_for_write(type(row)), origin=row).collect([row])
    except ProtectedError as kept:
        raise AlreadyDrawn(name=name) from kept


def _delete(row: SessionCandidate | SessionJuror, name: str) -> None:
    refuse_drawn(row, name)
    row.delete()
