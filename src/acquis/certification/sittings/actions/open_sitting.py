from collections import Counter
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max, Min

from acquis.accounts.models import User
from acquis.certification.deposits import policy as deposit_rules
from acquis.certification.deposits import queries as deposits
from acquis.certification.deposits.actions import take_over
from acquis.certification.deposits.models import EarlyDeposit
from acquis.certification.exam_sessions.models import SessionCandidate
from acquis.certification.registrations.queries import extra_time_of
from acquis.certification.sittings import deliverables, policy
from acquis.certification.sittings.actions._room import tell
from acquis.certification.sittings.enums import EndReason
from acquis.certification.sittings.errors import NoExamDescribed
from acquis.certification.sittings.models import Phase, Sitting, SittingFile
from acquis.kernel import crypto, trace

PARIS = ZoneInfo("Europe/Paris")


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
    dues = deposit_rules.dues(plans, session.starts_at, deposits.own_hour(session))
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
            ends_at=dues.get(plan.code),
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
    _receive(sitting)
    tell(sitting, "opened", at=at)
    return sitting


def _receive(sitting: Sitting) -> None:
    """Take what was handed in before the day.

    A part of which nothing is missing is over, until a later version replaces one.
    """
    phases = {
        document.key: phase
        for phase in sitting.phases.filter(kind=Phase.Kind.DEPOSIT)
        for document in deliverables.of_phase(phase)
    }
    missing = Counter(phase.code for phase in phases.values())
    for key, versions in groupby(take_over(seat=sitting.candidate), lambda row: row.code):
        phase = phases.get(key)
        if phase is None:
            continue  # another edition asked for it
        missing[phase.code] -= 1
        for row in versions:
            _keep(sitting, phase, row)
        if not missing[phase.code]:
            _end(phase)


def _keep(sitting: Sitting, phase: Phase, row: EarlyDeposit) -> None:
    SittingFile.objects.create(
        sitting=sitting,
        phase=phase,
        kind=SittingFile.Kind.DEPOSIT,
        key=row.code,
        version=row.version,
        title=row.title,
        file=row.file,
        kept_at=row.kept_at,
        late=row.late,
        keep_until=policy.keep_until(row.kept_at.astimezone(PARIS).date()),
    )


def _end(phase: Phase) -> None:
    """Handed in whole: it began with its first document and ended with its last."""
    kept = phase.files.aggregate(first=Min("kept_at"), last=Max("kept_at"))
    phase.state = Phase.State.ENDED
    phase.started_at, phase.ended_at = kept["first"], kept["last"]
    phase.ended_reason = EndReason.HANDED_IN
    phase.save(update_fields=["state", "started_at", "ended_at", "ended_reason"])
