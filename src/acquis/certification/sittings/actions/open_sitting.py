from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import SessionCandidate
from acquis.certification.registrations.queries import extra_time_of
from acquis.certification.sittings import policy
from acquis.certification.sittings.actions._room import tell
from acquis.certification.sittings.errors import NoExamDescribed
from acquis.certification.sittings.models import Phase, Sitting
from acquis.kernel import crypto, trace


@transaction.atomic
def open_sitting(*, candidate: SessionCandidate, by: User, at: datetime) -> Sitting:
    """Create one candidate's exam: its phases, its access code. Asked twice, opened once.

    The candidate's own extra time stretches each phase (X-11).
    Raises NoExamDescribed.
    """
    candidate = (
        SessionCandidate.objects.select_for_update(of=("self",))
        .select_related("session__version__framework", "enrolment")
        .get(pk=candidate.pk)
    )
    existing = Sitting.objects.filter(candidate=candidate).first()
    if existing is not None:
        return existing
    session = candidate.session
    extra = extra_time_of(candidate.enrolment)
    plans = policy.phases_from(session.version.content, session.block, extra)
    if not plans:
        raise NoExamDescribed(scope=session.block or session.version.framework.title)
    sitting = Sitting.objects.create(candidate=candidate, access_code=crypto.access_code())
    Phase.objects.bulk_create(
        Phase(
            sitting=sitting,
            position=plan.position,
            code=plan.code,
            method=plan.method,
            kind=plan.kind.value,
            title=plan.title,
            description=plan.description,
            minutes=plan.minutes,
            planned_seconds=plan.planned_seconds,
            exchanges=plan.exchanges,
            jury_present=plan.jury_present,
            invigilated=plan.invigilated,
            drawn_by_lot=plan.drawn_by_lot,
            listens=plan.listens,
            answer_recorded=plan.answer_recorded,
            spelling_help=plan.spelling_help,
            pause_seconds=plan.pause_seconds,
            late_refused=plan.late_refused,
        )
        for plan in plans
    )
    trace.record(
        "sitting.opened",
        sitting,
        by=by,
        at=at,
        session=session.pk,
        candidate=candidate.pk,
        phases=[{"code": plan.code, "seconds": plan.planned_seconds} for plan in plans],
    )
    tell(sitting, "opened", at=at)
    return sitting
