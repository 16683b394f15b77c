"""What candidates type, kept: one text, or the texts of many at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery

from acquis.accounts.models import User
from acquis.certification.sittings import policy, rich_text
from acquis.certification.sittings.errors import (
    NothingStarted,
    ProductionTooLong,
    SittingSealed,
)
from acquis.certification.sittings.models import Phase, Production, ProductionRevision, Sitting
from acquis.kernel import trace
from acquis.kernel.errors import DomainRefusal

LONGEST_TEXT = 200_000  # characters; a letter has 3,000
_WRITTEN = ("content", "rich", "late", "saved_at", "seq")  # of a field, by a save


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


@dataclass(frozen=True, slots=True)
class Typed:
    """What one page sends to be kept: the whole text of one field of one exam."""

    sitting: Sitting
    key: str
    content: str
    client_id: str
    base_seq: int
    by: User
    rich: bool = False

    @property
    def field(self) -> tuple[int, str]:
        return self.sitting.pk, self.key


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
    """
    typed = Typed(sitting, key, content, client_id, base_seq, by, rich)
    (answer,) = save_productions([typed], at=at)
    if isinstance(answer, DomainRefusal):
        raise answer
    return answer


@transaction.atomic
def save_productions(typed: Sequence[Typed], *, at: datetime) -> list[Saved | DomainRefusal]:
    """Keep what several people typed, as `save_production` each, in one transaction.

    The answer of each in its place: a refusal of one leaves the others kept. A thousand people
    write at once: the number of queries does not grow with them.
    """
    answers: dict[int, Saved | DomainRefusal] = {}
    waiting = dict(enumerate(typed))
    while waiting:  # one text an exam and turn: its next one is written over this one
        firsts: dict[int, int] = {}
        for place, one in waiting.items():
            firsts.setdefault(one.sitting.pk, place)
        turn = [waiting.pop(place) for place in firsts.values()]
        answers |= zip(firsts.values(), _saved(turn, at), strict=True)
    return [answers[place] for place in range(len(typed))]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A text to keep: the field as it is now, and its new revision."""

    production: Production
    revision: ProductionRevision
    by: User


def _saved(typed: Sequence[Typed], at: datetime) -> list[Saved | DomainRefusal]:
    """The texts of several exams, one each."""
    productions = _locked(typed)
    repeated = _repeated(typed, productions)
    phases = _phases_written(one.sitting_id for one in productions if _is_new(one))
    answers: list[Saved | DomainRefusal] = []
    kept: list[_Kept] = []
    for one, production in zip(typed, productions, strict=True):
        again = repeated.get((production.pk, one.client_id))
        if again is not None:
            answers.append(_answer(production, again))
            continue
        refusal = _refusal(one, production, phases)
        if refusal is not None:
            answers.append(refusal)
            continue
        if one.rich:
            one = replace(one, content=rich_text.cleaned(one.content))  # noqa: PLW2901  as it is kept
        revision = _weighed(one, production, at)
        kept.append(_Kept(production, revision, one.by))
        answers.append(_answer(production, revision))
    _keep(kept)
    trace.record_all(_told(one, at) for one in kept)
    return answers


def _locked(typed: Sequence[Typed]) -> list[Production]:
    """The fields, their sittings locked; a new one where nothing was written yet."""
    sittings = {one.sitting.pk for one in typed}
    locked = Sitting.objects.select_for_update().filter(pk__in=sittings).order_by("pk")
    held = {sitting.pk: sitting for sitting in locked}
    revisions = ProductionRevision.objects.filter(production=OuterRef("pk"))
    found = (
        Production.objects.filter(sitting__in=sittings, key__in={one.key for one in typed})
        .select_related("phase")
        .defer("content")  # which is compared with another tab's alone
        .annotate(
            top=Subquery(revisions.order_by("-seq").values("seq")[:1]),
            shown_client=Subquery(revisions.filter(seq=OuterRef("seq")).values("client_id")[:1]),
        )
    )
    known = {(production.sitting_id, production.key): production for production in found}
    productions = []
    for one in typed:
        production = known.get(one.field) or Production(sitting_id=one.sitting.pk, key=one.key)
        production.sitting = held[one.sitting.pk]
        productions.append(production)
    return productions


def _is_new(production: Production) -> bool:
    return production._state.adding  # noqa: SLF001  what Django itself asks


def _repeated(
    typed: Sequence[Typed], productions: Sequence[Production]
) -> dict[tuple[int, str], ProductionRevision]:
    """What these very saves left if they came before, by field and `client_id`."""
    fields = [production.pk for production in productions if not _is_new(production)]
    if not fields:
        return {}
    found = ProductionRevision.objects.filter(
        production__in=fields, client_id__in={one.client_id for one in typed}
    ).defer("content")
    return {(one.production_id, one.client_id): one for one in found}


def _phases_written(sittings: Iterable[int]) -> dict[int, Phase]:
    """For each exam, the phase a new text belongs to: the one under way, else the last that ended.

    It is the last that began: none begins, or runs again, before one that began after it.
    """
    wanted = set(sittings)
    if not wanted:
        return {}
    begun = Phase.objects.filter(sitting__in=wanted, started_at__isnull=False)
    phases = begun.exclude(state=Phase.State.WAITING).order_by("position")
    return {phase.sitting_id: phase for phase in phases}


def _refusal(
    one: Typed, production: Production, phases: Mapping[int, Phase]
) -> DomainRefusal | None:
    """Why the text cannot be kept; a new field is given its phase."""
    if production.sitting.is_sealed:
        return SittingSealed()
    if len(one.content) > LONGEST_TEXT:
        return ProductionTooLong(limit=LONGEST_TEXT)
    if _is_new(production):
        phase = phases.get(one.sitting.pk)
        if phase is None:
            return NothingStarted()
        production.phase = phase
    return None


def _weighed(one: Typed, production: Production, at: datetime) -> ProductionRevision:
    """The revision that the text becomes; it is the field's text too, unless it knew an older one."""
    late = policy.is_late(production.phase, at)
    seq = (getattr(production, "top", None) or 0) + 1
    conflicting = _overwrites(one, production)
    if not conflicting:
        production.content = one.content
        production.rich = one.rich
        production.late = production.late or late
        production.saved_at = at
        production.seq = seq
    return ProductionRevision(
        production=production,
        seq=seq,
        client_id=one.client_id,
        content=one.content,
        rich=one.rich,
        late=late,
        conflicting=conflicting,
        saved_at=at,
    )


def _overwrites(one: Typed, production: Production) -> bool:
    """Whether the sender had not seen the text that another tab saved meanwhile."""
    shown_client = getattr(production, "shown_client", None)
    if shown_client is None or one.base_seq >= production.seq:
        return False
    if policy.tab_of(shown_client) == policy.tab_of(one.client_id):
        return False
    return one.content != production.content


def _keep(kept: Sequence[_Kept]) -> None:
    """Write the fields and their revisions."""
    shown = [one.production for one in kept if not one.revision.conflicting]
    fresh = [production for production in shown if _is_new(production)]
    known = [production for production in shown if not _is_new(production)]
    if fresh:
        Production.objects.bulk_create(fresh)
    if len(known) == 1:
        known[0].save(update_fields=_WRITTEN)
    elif known:
        Production.objects.bulk_create(
            known, update_conflicts=True, unique_fields=["pk"], update_fields=_WRITTEN
        )
    ProductionRevision.objects.bulk_create([one.revision for one in kept])


def _answer(production: Production, revision: ProductionRevision) -> Saved:
    phase = production.phase
    ends_at = phase.ends_at if phase.state == Phase.State.RUNNING else None
    if revision.conflicting:
        return Saved(production.seq, revision.saved_at, revision.late, production.content, ends_at)
    return Saved(revision.seq, revision.saved_at, revision.late, ends_at=ends_at)


def _told(one: _Kept, at: datetime) -> trace.Told:
    phase, revision = one.production.phase, one.revision
    told = {"key": one.production.key, "characters": len(revision.content)}
    if revision.conflicting:
        return trace.Told("production.conflict", phase, one.by, at, told)
    told |= {"seq": revision.seq, "late": revision.late}
    return trace.Told("production.saved", phase, one.by, at, told)
