from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions import queries as sessions
from acquis.certification.exam_sessions.actions.locking import lock, move, tell
from acquis.certification.exam_sessions.errors import SiteNotAccredited
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.exam_sessions.policy import Unaccredited
from acquis.certification.exam_sessions.presentation import UNACCREDITED
from acquis.certification.juries.presentation import sentence
from acquis.certification.papers.actions import draw_subject
from acquis.certification.papers.models import Subject
from acquis.certification.papers.policy import kinds_used
from acquis.certification.sittings.actions.open_sitting import open_sitting
from acquis.certification.sittings.errors import JuryIrregular, NobodyToExamine
from acquis.kernel import trace


@transaction.atomic
def open_session(*, session: ExamSession, by: User, at: datetime) -> ExamSession:
    """Open a session on its day: written subjects are drawn, exams and access codes made.

    All or nothing; opened twice, it is opened once. Raises JuryIrregular, SiteNotAccredited,
    NobodyToExamine, SessionStateRefused and what drawing refuses.
    """
    session = lock(session.pk)
    if session.state == ExamSession.State.OPEN:
        return session
    seats = list(sessions.seats(session))
    if not seats:
        raise NobodyToExamine(reference=session.reference)
    faults = sessions.jury_faults(session)
    if faults:
        raise JuryIrregular(faults=" ".join(sentence(fault) for fault in faults))
    lack = sessions.unaccredited(session)
    if lack is not None and lack != Unaccredited.NONE_NOTED:
        raise SiteNotAccredited(fault=str(UNACCREDITED[lack]))
    move(session, ExamSession.State.OPEN)
    for seat in seats:
        # Exchanges and recordings are drawn when the phase that uses them begins.
        if Subject.Kind.WRITTEN in kinds_used(sessions.plan_of(session, seat)):
            draw_subject(candidate=seat, kind=Subject.Kind.WRITTEN, by=by, at=at)
        open_sitting(candidate=seat, by=by, at=at)
    trace.record("session.opened", session, by=by, at=at, candidates=len(seats))
    tell(session, "opened", at=at)
    return session
