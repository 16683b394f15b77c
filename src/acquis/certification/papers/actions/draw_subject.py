from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.papers import policy, queries
from acquis.certification.papers.actions.commit_draw import commit_kind
from acquis.certification.papers.errors import NoEligibleSubject, NoEnterprise, NoFreshSubject
from acquis.certification.papers.models import Draw, DrawCommitment, Subject
from acquis.kernel import crypto, realtime, trace


@transaction.atomic
def draw_subject(*, candidate: SessionCandidate, kind: str, by: User, at: datetime) -> Draw:
    """Draw one secret subject by lot for one candidate; a second click gives the same draw.

    The subject follows from the sealed seed of the session and from the candidate's reference: whoever
    asks for the draw, and when, changes nothing (docs/rules/draw.md). A session that committed to
    nothing before commits now. Never what the person saw. Raises NoEnterprise, NoEligibleSubject or
    NoFreshSubject.
    """
    candidate = (
        SessionCandidate.objects.select_for_update(of=("self",))
        .select_related("session__version__framework", "enrolment__candidate")
        .get(pk=candidate.pk)
    )
    drawn = Draw.objects.filter(candidate=candidate, kind=kind).first()
    if drawn is not None:
        return drawn
    session, person = candidate.session, candidate.enrolment.candidate
    commitment = _committed(session, kind, by, at)
    frozen: dict[str, str] = commitment.frozen["pools"][kind]
    valid = queries.still_valid(session, frozen)
    pool, excluded = policy.eligible(
        frozen, queries.seen_by(candidate, frozen), set(frozen) - set(valid)
    )
    if not pool:
        raise NoFreshSubject(name=person.full_name, kind=_name(kind))
    seed = policy.own_seed(
        crypto.unseal(bytes(commitment.sealed_seed)).hex(), person.reference, kind
    )
    draw = Draw.objects.create(
        session=session,
        candidate=candidate,
        kind=kind,
        subject=valid[policy.pick(seed, pool)],
        commitment=commitment,
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
        commitment=commitment.commitment,
        pool=pool,
        excluded=excluded,
        seed=seed,
    )
    realtime.publish(f"session:{session.pk}", at=at, what="subject_drawn", candidate=candidate.pk)
    return draw


def _committed(session: ExamSession, kind: str, by: User, at: datetime) -> DrawCommitment:
    """The commitment in force, which freezes at least one subject of this kind."""
    pack = queries.pack_of(session)
    if not pack:
        raise NoEnterprise(reference=session.reference)
    commitment = commit_kind(session=session, kind=kind, by=by, at=at)
    if commitment is None:
        raise NoEligibleSubject(
            kind=_name(kind), scope=session.block or session.version.framework.title, pack=pack
        )
    return commitment


def _name(kind: str) -> str:
    return str(Subject.Kind(kind).label).lower()
