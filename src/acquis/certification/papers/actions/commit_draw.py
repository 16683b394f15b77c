"""Commit to the draws of a session before they happen, and tell the seed once they are over."""

import secrets
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.actions.locking import lock
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.papers import policy, queries
from acquis.certification.papers.errors import (
    CommitmentFrozen,
    CommitmentReasonMissing,
    DrawNotOver,
)
from acquis.certification.papers.models import DrawCommitment
from acquis.kernel import crypto, trace

_DRAWING = {ExamSession.State.DRAFT, ExamSession.State.SUMMONED, ExamSession.State.OPEN}


@transaction.atomic
def commit_draw(*, session: ExamSession, by: User, at: datetime) -> DrawCommitment | None:
    """Draw and seal the seed of a session, freeze its subjects, publish the fingerprint of both.

    Committed twice, the first holds. None when the exam draws nothing, or there is nothing to draw.
    """
    current = queries.commitment_of(session)
    if current is not None:
        return current
    session = lock(session.pk)
    return queries.commitment_of(session) or _commit(session, "", by, at)


@transaction.atomic
def renew_commitment(
    *, session: ExamSession, reason: str, by: User, at: datetime
) -> DrawCommitment | None:
    """Replace the commitment, as when subjects were added; what was drawn keeps the former.

    Both stay published, and both seeds are told at the end. Raises CommitmentFrozen or
    CommitmentReasonMissing.
    """
    session = lock(session.pk)
    if session.state not in _DRAWING:
        raise CommitmentFrozen
    if not reason.strip():
        raise CommitmentReasonMissing
    session.draw_commitments.filter(replaced_at__isnull=True).update(replaced_at=at)
    return _commit(session, reason.strip()[:300], by, at)


@transaction.atomic
def commit_kind(
    *, session: ExamSession, kind: str, by: User, at: datetime
) -> DrawCommitment | None:
    """The commitment from which a kind is drawn.

    When the session's froze nothing of that kind and the bank has some since, one beside it is made
    for that kind alone: what was published for the others still holds. None without subjects.
    """
    commit_draw(session=session, by=by, at=at)
    found = queries.commitment_for(session, kind)
    if found is not None:
        return found
    session = lock(session.pk)
    pools = {kind: queries.pools_of(session).get(kind, {})}
    return queries.commitment_for(session, kind) or _commit(session, "", by, at, pools)


def _commit(
    session: ExamSession,
    reason: str,
    by: User,
    at: datetime,
    supplement: dict[str, dict[str, str]] | None = None,
) -> DrawCommitment | None:
    pools = queries.pools_of(session) if supplement is None else supplement
    if not any(pools.values()):
        return None
    seed = secrets.token_bytes(policy.SEED_BYTES)
    frozen = {"session": session.reference, "pools": pools}
    made = DrawCommitment.objects.create(
        session=session,
        commitment=policy.commitment(seed.hex(), frozen),
        frozen=frozen,
        sealed_seed=crypto.seal(seed),
        committed_at=at,
        committed_by=by,
        reason=reason,
        supplement=supplement is not None,
    )
    trace.record(
        "draw.committed",
        session,
        by=by,
        at=at,
        commitment=made.commitment,
        subjects={kind: len(pool) for kind, pool in pools.items()},
        reason=reason,
    )
    return made


@transaction.atomic
def reveal_seeds(*, session: ExamSession, by: User | None, at: datetime) -> int:
    """Tell the seeds of a session whose exams are over; those told already stay as they are.

    Returns how many were told now. Raises DrawNotOver.
    """
    session = lock(session.pk)
    if session.state in _DRAWING:
        raise DrawNotOver
    told = 0
    for one in session.draw_commitments.select_for_update().filter(revealed_at__isnull=True):
        one.seed = crypto.unseal(bytes(one.sealed_seed)).hex()
        one.revealed_at = at
        one.save(update_fields=["seed", "revealed_at"])
        trace.record(
            "draw.revealed", session, by=by, at=at, commitment=one.commitment, seed=one.seed
        )
        told += 1
    return told
