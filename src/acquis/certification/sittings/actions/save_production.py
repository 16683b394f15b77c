from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from acquis.accounts.models import User
from acquis.certification.sittings import policy
from acquis.certification.sittings.actions._room import lock_unsealed
from acquis.certification.sittings.errors import NothingStarted, ProductionTooLong
from acquis.certification.sittings.models import Phase, Production, ProductionRevision, Sitting
from acquis.kernel import trace

LONGEST_TEXT = 200_000  # characters; a letter has 3,000


@dataclass(frozen=True, slots=True)
class Saved:
    """What was kept; `conflict_content` is the newer text of another tab, left untouched."""

    seq: int
    saved_at: datetime
    late: bool
    conflict_content: str | None = None


@transaction.atomic
def save_production(
    *,
    sitting: Sitting,
    key: str,
    content: str,
    client_id: str,
    base_seq: int,
    by: User,
    at: datetime,
) -> Saved:
    """Keep what the candidate typed; acknowledged means durable.

    The same `client_id` is saved once and answered the same. A text written over an older one
    than another tab's is kept as a revision and changes nothing. After time it is kept and marked
    late, until the sitting is sealed. Raises SittingSealed, NothingStarted, ProductionTooLong.
    """
    repeated = _answered(sitting.pk, key, client_id)
    if repeated is not None:
        return repeated
    sitting = lock_unsealed(sitting.pk)
    repeated = _answered(sitting.pk, key, client_id)
    if repeated is not None:
        return repeated
    if len(content) > LONGEST_TEXT:
        raise ProductionTooLong(limit=LONGEST_TEXT)
    production = Production.objects.select_related("phase").filter(sitting=sitting, key=key).first()
    if production is None:
        phase = _phase_written(sitting)
        production = Production(sitting=sitting, phase=phase, key=key, saved_at=at)
    late = policy.is_late(production.phase, at)
    if _overwrites(production, content, client_id, base_seq):
        _keep(production, client_id, content, late=late, at=at, conflicting=True)
        trace.record(
            "production.conflict", production.phase, by=by, at=at, key=key, characters=len(content)
        )
        return Saved(production.seq, at, late, production.content)
    production.content = content
    production.late = production.late or late
    production.saved_at = at
    production.save()
    production.seq = _keep(production, client_id, content, late=late, at=at)
    production.save(update_fields=["seq"])
    trace.record(
        "production.saved",
        production.phase,
        by=by,
        at=at,
        key=key,
        seq=production.seq,
        characters=len(content),
        late=late,
    )
    return Saved(production.seq, at, late)


def _answered(sitting_id: int, key: str, client_id: str) -> Saved | None:
    revision = (
        ProductionRevision.objects.select_related("production")
        .filter(production__sitting_id=sitting_id, production__key=key, client_id=client_id)
        .first()
    )
    if revision is None:
        return None
    if revision.conflicting:
        current = revision.production
        return Saved(current.seq, revision.saved_at, revision.late, current.content)
    return Saved(revision.seq, revision.saved_at, revision.late)


def _phase_written(sitting: Sitting) -> Phase:
    """The phase a new text belongs to: the one under way, else the last that ended."""
    phases = list(
        sitting.phases.exclude(state=Phase.State.WAITING).filter(started_at__isnull=False)
    )
    running = [phase for phase in phases if phase.state == Phase.State.RUNNING]
    if not phases:
        raise NothingStarted
    return (running or phases)[-1]


def _overwrites(production: Production, content: str, client_id: str, base_seq: int) -> bool:
    """Whether the sender had not seen the text that another tab saved meanwhile."""
    if base_seq >= production.seq or content == production.content:
        return False
    last = production.revisions.filter(seq=production.seq).first()
    return last is not None and policy.tab_of(last.client_id) != policy.tab_of(client_id)


def _keep(
    production: Production,
    client_id: str,
    content: str,
    *,
    late: bool,
    at: datetime,
    conflicting: bool = False,
) -> int:
    highest = production.revisions.aggregate(highest=Max("seq"))["highest"] or 0
    revision = ProductionRevision.objects.create(
        production=production,
        seq=highest + 1,
        client_id=client_id,
        content=content,
        late=late,
        conflicting=conflicting,
        saved_at=at,
    )
    return revision.seq
