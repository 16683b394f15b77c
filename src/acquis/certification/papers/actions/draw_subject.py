import secrets
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import SessionCandidate
from acquis.certification.papers import policy, queries
from acquis.certification.papers.errors import NoEligibleSubject, NoEnterprise
from acquis.certification.papers.models import Draw, Subject
from acquis.kernel import realtime, trace


@transaction.atomic
def draw_subject(*, candidate: SessionCandidate, kind: str, by: User, at: datetime) -> Draw:
    """Draw one secret subject by lot for one candidate; a second click gives the same draw.

    The seed comes from the operating system's generator and is kept with the pool, so that the
    draw can be recomputed (docs/rules/draw.md). Raises NoEnterprise or NoEligibleSubject.
    """
    candidate = (
        SessionCandidate.objects.select_for_update(of=("self",))
        .select_related("session__version__framework", "enrolment")
        .get(pk=candidate.pk)
    )
    drawn = Draw.objects.filter(candidate=candidate, kind=kind).first()
    if drawn is not None:
        return drawn
    session = candidate.session
    pack = queries.pack_of(session)
    if not pack:
        raise NoEnterprise(reference=session.reference)
    subjects = {each.reference: each for each in queries.drawable(session, kind)}
    if not subjects:
        raise NoEligibleSubject(
            kind=str(Subject.Kind(kind).label).lower(),
            scope=session.block or session.version.framework.title,
            pack=pack,
        )
    pool, excluded = policy.eligible(list(subjects), queries.seen_by(candidate))
    seed = secrets.token_bytes(policy.SEED_BYTES).hex()
    draw = Draw.objects.create(
        session=session,
        candidate=candidate,
        kind=kind,
        subject=subjects[policy.pick(seed, pool)],
        pool=pool,
        excluded=excluded,
        seed=seed,
        drawn_at=at,
        drawn_by=by,
    )
    trace.record(
        "subject.drawn",
        candidate,
        by=by,
        at=at,
        candidate=candidate.pk,
        kind=kind,
        subject=draw.subject.reference,
        subject_sha256=draw.subject.sha256,
        pool=pool,
        excluded=excluded,
        seed=seed,
    )
    realtime.publish(f"session:{session.pk}", at=at, what="subject_drawn", candidate=candidate.pk)
    return draw
