from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from acquis.accounts.models import User
from acquis.certification.sittings import policy, rich_text
from acquis.certification.sittings.errors import (
    NothingStarted,
    ProductionTooLong,
    SittingSealed,
)
from acquis.certification.sittings.models import Phase, Production, ProductionRevision, Sitting
from acquis.kernel import trace

LONGEST_TEXT = 200_000  # characters; a letter has 3,000


@dataclass(frozen=True, slots=True)
class Saved:
    """What was kept; `conflict_content` is the newer text of another tab, left untouched.

    `ends_at` is the end of the phase written in, while it runs.
    """

    seq: int
    saved_at: datetime
    late: bool
    conflict_content: str | None = None
    ends_at: datetime | None = field(default=None, compare=False)


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
    rich: bool = False,
) -> Saved:
    """Keep what the candidate typed; acknowledged means durable.

    The same `client_id` is saved once and answered the same, were the sitting sealed since. A text
    written over an older one than another tab's is kept as a revision and changes nothing. After
    time it is kept and marked late, until the sitting is sealed. A `rich` text is HTML: only the
    marks of the editor are kept of it. Raises SittingSealed, NothingStarted, ProductionTooLong.

    Sixty people write at once: every query here is counted.
    """
    production = _locked(sitting.pk, key)
    recent = _recent(production, client_id)
    repeated = next((one for one in recent if one.client_id == client_id), None)
    if repeated is not None:
        return _answer(production, repeated)
    if production.sitting.is_sealed:
        raise SittingSealed
    if len(content) > LONGEST_TEXT:
        raise ProductionTooLong(limit=LONGEST_TEXT)
    if rich:
        content = rich_text.cleaned(content)
    if _is_new(production):
        production.phase = _phase_written(production.sitting)
    late = policy.is_late(production.phase, at)
    seq = recent[0].seq + 1 if recent else 1
    last = next((one for one in recent if one.seq == production.seq), None)
    conflicting = _overwrites(production, last, content, client_id, base_seq)
    if not conflicting:
        production.content = content
        production.rich = rich
        production.late = production.late or late
        production.saved_at = at
        production.seq = seq
        production.save()
    revision = ProductionRevision.objects.create(
        production=production,
        seq=seq,
        client_id=client_id,
        content=content,
        rich=rich,
        late=late,
        conflicting=conflicting,
        saved_at=at,
    )
    _record(production, revision, by=by, at=at)
    return _answer(production, revision)


def _locked(sitting_id: int, key: str) -> Production:
    """The field, its sitting locked; a new one when nothing was written yet."""
    sitting = Sitting.objects.select_for_update().get(pk=sitting_id)
    try:
        production = Production.objects.select_related("phase").get(sitting=sitting, key=key)
    except Production.DoesNotExist:
        return Production(sitting=sitting, key=key)
    production.sitting = sitting
    return production


def _is_new(production: Production) -> bool:
    return production._state.adding  # noqa: SLF001  what Django itself asks


def _recent(production: Production, client_id: str) -> list[ProductionRevision]:
    """From the current revision on, and the one this very save left if it came before."""
    if _is_new(production):
        return []
    return list(
        production.revisions.filter(Q(seq__gte=production.seq) | Q(client_id=client_id))
        .defer("content")
        .order_by("-seq")
    )


def _answer(production: Production, revision: ProductionRevision) -> Saved:
    phase = production.phase
    ends_at = phase.ends_at if phase.state == Phase.State.RUNNING else None
    if revision.conflicting:
        return Saved(production.seq, revision.saved_at, revision.late, production.content, ends_at)
    return Saved(revision.seq, revision.saved_at, revision.late, ends_at=ends_at)


def _record(
    production: Production, revision: ProductionRevision, *, by: User, at: datetime
) -> None:
    phase, key, characters = production.phase, production.key, len(revision.content)
    if revision.conflicting:
        trace.record("production.conflict", phase, by=by, at=at, key=key, characters=characters)
        return
    trace.record(
        "production.saved",
        phase,
        by=by,
        at=at,
        key=key,
        seq=revision.seq,
        characters=characters,
        late=revision.late,
    )


def _phase_written(sitting: Sitting) -> Phase:
    """The phase a new text belongs to: the one under way, else the last that ended."""
    phases = list(
        sitting.phases.exclude(state=Phase.State.WAITING).filter(started_at__isnull=False)
    )
    running = [phase for phase in phases if phase.state == Phase.State.RUNNING]
    if not phases:
        raise NothingStarted
    return (running or phases)[-1]


def _overwrites(
    production: Production,
    last: ProductionRevision | None,
    content: str,
    client_id: str,
    base_seq: int,
) -> bool:
    """Whether the sender had not seen the text that another tab saved meanwhile."""
    if last is None or base_seq >= production.seq or content == production.content:
        return False
    return policy.tab_of(last.client_id) != policy.tab_of(client_id)
