"""Shapes of what stands beside a criterion, and of the criteria that a moment serves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from acquis.accounts.models import User
from acquis.certification.sittings.models import Sitting
from acquis.practice.evidence import policy, queries, spoken
from acquis.practice.evidence.models import AttachedMoment, Dismissal, Observation
from acquis.practice.evidence.recordings import Heard, recordings_by_conversation
from acquis.practice.evidence.units import UNITS

LIMITS = {unit.key: unit.limits for unit in UNITS}
NAMES = {unit.key: unit.title for unit in UNITS}


@dataclass(frozen=True, slots=True)
class ShownMoment:
    """One moment of an observation; `number` names it when it is set aside."""

    number: int
    ref: str
    label: str
    excerpt: str
    time: datetime | None
    dismissed: Sequence[Dismissal]  # by others than the reader
    second: int | None = None  # of the recording `recording`, when a machine heard it there
    recording: str = ""


@dataclass(slots=True)
class ShownObservation:
    """An observation as this reader sees it: what they set aside is not in `moments`."""

    row: Observation
    limits: Any
    moments: list[ShownMoment] = field(default_factory=list)
    dismissed: Sequence[Dismissal] = ()  # by others than the reader

    @property
    def is_spoken(self) -> bool:
        return any(moment.second is not None for moment in self.moments)


@dataclass(frozen=True, slots=True)
class Beside:
    """All that stands beside one criterion for one reader."""

    observations: Sequence[ShownObservation]
    attached: Sequence[AttachedMoment]
    withdrawn: Sequence[AttachedMoment]  # the reader's own
    set_aside: Sequence[Dismissal]  # the reader's own, not taken up again
    recordings: Sequence[Heard]
    was_read: bool

    @property
    def aside_count(self) -> int:
        return len(self.withdrawn) + len(self.set_aside)


def beside(sitting: Sitting, criterion: str, reader: User) -> Beside:
    """What units saw, what jurors attached, what was set aside: in a fixed number of queries."""
    candidate = sitting.candidate_id
    attached = list(queries.attached_for(reader, candidate).filter(criterion=criterion))
    aside = [
        one
        for one in queries.dismissals_for(reader, candidate).filter(criterion=criterion)
        if one.restored_at is None
    ]
    read = queries.last_reading(candidate)
    words = spoken.words_by_ref(sitting.workspace_id)
    shown = [_with_words(one, words) for one in attached if one.withdrawn_at is None]
    observations = [
        found
        for row in read
        if criterion in row.criteria
        for found in [_shown(row, aside, reader, words)]
        if found is not None
    ]
    return Beside(
        observations,
        shown,
        [one for one in attached if one.withdrawn_at and one.author_id == reader.pk],
        [one for one in aside if one.author_id == reader.pk],
        _recordings(sitting, criterion, reader, shown, observations),
        bool(read),
    )


def _with_words(moment: AttachedMoment, words: Mapping[str, str]) -> AttachedMoment:
    """A line that was attached keeps its place; what was heard there is read where it lies."""
    moment.excerpt = words.get(moment.ref, moment.excerpt)
    return moment


def _recordings(
    sitting: Sitting,
    criterion: str,
    reader: User,
    attached: Sequence[AttachedMoment],
    observations: Sequence[ShownObservation],
) -> list[Heard]:
    """The recordings in which something lies that was noted, attached or seen for this criterion."""
    notes = [
        one
        for one in queries.notes_for(reader, sitting.candidate_id)
        if one.criterion in {"", criterion}
    ]
    seen: dict[str, list[int]] = {}
    for one in observations:
        for moment in one.moments:
            if moment.second is not None:
                seen.setdefault(moment.recording, []).append(moment.second)
    found = recordings_by_conversation(sitting, notes, attached)
    heard = [
        replace(one, seen_at=sorted(set(seen.get(str(one.recording.pk), []))))
        for rows in found.values()
        for one in rows
    ]
    return [one for one in heard if one.ready and (one.marks or one.seen_at)]


def _shown(
    row: Observation, aside: Sequence[Dismissal], reader: User, words: Mapping[str, str]
) -> ShownObservation | None:
    """None when the reader set the whole of it aside; what was heard is read in `words`, by its anchor."""
    whole = policy.observation_fingerprint(row.unit, row.title, row.statement)
    if _mine(whole, aside, reader):
        return None
    found = ShownObservation(row, LIMITS.get(row.unit, ""), dismissed=_others(whole, aside, reader))
    for number, moment in enumerate(row.moments):
        mark = policy.moment_fingerprint(row.unit, row.title, moment)
        if not _mine(mark, aside, reader):
            time = datetime.fromisoformat(moment["at"]) if moment["at"] else None
            found.moments.append(
                ShownMoment(
                    number,
                    moment["ref"],
                    moment["label"],
                    words.get(moment["ref"], moment["excerpt"]),
                    time,
                    _others(mark, aside, reader),
                    moment.get("second"),
                    spoken.recording_key(moment["ref"]),
                )
            )
    return found


def _mine(mark: str, aside: Iterable[Dismissal], reader: User) -> bool:
    return any(one.fingerprint == mark and one.author_id == reader.pk for one in aside)


def _others(mark: str, aside: Iterable[Dismissal], reader: User) -> list[Dismissal]:
    return [one for one in aside if one.fingerprint == mark and one.author_id != reader.pk]


@dataclass(frozen=True, slots=True)
class Served:
    """A criterion that a moment serves, and by what: a unit's name, or the juror who attached it."""

    criterion: str
    by: Sequence[str]


def served(sitting: Sitting, reader: User) -> Mapping[str, Sequence[Served]]:
    """For each anchor of the candidate's file, the criteria that it serves for this reader.

    What the reader set aside serves nothing; an attached moment serves its criterion until it is taken
    back. Criteria in the order of the framework. A fixed number of queries.
    """
    candidate = sitting.candidate_id
    aside: dict[str, list[Dismissal]] = {}
    for one in queries.dismissals_for(reader, candidate):
        if one.restored_at is None:
            aside.setdefault(one.criterion, []).append(one)
    found: dict[str, dict[str, dict[str, None]]] = {}
    for row in queries.last_reading(candidate):
        for criterion in row.criteria:
            shown = _shown(row, aside.get(criterion, []), reader, {})
            for moment in shown.moments if shown is not None else []:
                by = found.setdefault(moment.ref, {}).setdefault(criterion, {})
                by[str(NAMES.get(row.unit, row.unit))] = None
    for own in queries.attached_for(reader, candidate):
        if own.ref and own.withdrawn_at is None:
            by = found.setdefault(own.ref, {}).setdefault(own.criterion, {})
            by[own.author.full_name] = None
    order = {line["code"]: place for place, line in enumerate(queries.lines_of(sitting.candidate))}
    return {
        ref: [
            Served(code, list(by))
            for code, by in sorted(codes.items(), key=lambda item: order.get(item[0], len(order)))
        ]
        for ref, codes in found.items()
    }
