"""The recordings of a candidate's calls: the shape of each voice, and the moments set in the sound."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from acquis.certification.sittings.models import Sitting
from acquis.desk.phone.models import Recording, Transcript
from acquis.practice.evidence.models import AttachedMoment, MomentNote
from acquis.practice.evidence.spoken import ShownLine, lines_of, transcript_of

BEFORE = timedelta(seconds=3)  # a note is taken just after what it speaks of


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment where it lies in the sound: from, and to when it is a passage, in whole seconds."""

    seconds: int
    until: int | None
    criterion: str
    words: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording with the shape of its voices and the moments that lie in it."""

    recording: Recording
    lanes: Sequence[tuple[str, Sequence[int]]]
    marks: Sequence[Mark]
    lines: Sequence[ShownLine] = ()  # of its transcript, once it is whole
    transcript: Transcript | None = None
    seen_at: Sequence[int] = ()  # seconds of the lines that a unit shows

    @property
    def ready(self) -> bool:
        return self.recording.state == Recording.State.READY

    @property
    def marked_seconds(self) -> str:
        """Where the marks lie, for the drawing: « 12,40-65 »."""
        marked = [
            f"{mark.seconds}-{mark.until}" if mark.until is not None else str(mark.seconds)
            for mark in self.marks
        ]
        return ",".join([*marked, *map(str, self.seen_at)])


def recordings_by_conversation(
    sitting: Sitting, notes: Sequence[MomentNote], attached: Sequence[AttachedMoment] = ()
) -> Mapping[int, list[Heard]]:
    """The recordings of a candidate's calls, two queries, each with the moments that are given."""
    found: dict[int, list[Heard]] = {}
    rows = (
        Recording.objects.filter(workspace_id=sitting.workspace_id or 0)
        .exclude(state=Recording.State.DELETED)
        .select_related("call", "file", "transcript")
        .prefetch_related("parts")
        .order_by("pk")
    )
    for row in rows:
        labels = [part.label for part in row.parts.all()]
        calls = found.setdefault(row.call.conversation_id, [])
        first = all(
            one.recording.call_id != row.call_id or one.recording.started_at is None
            for one in calls
        )
        marks = sorted(
            [*_noted(row, notes, first=first), *_passages(row, attached)],
            key=lambda mark: mark.seconds,
        )
        heard = Heard(
            row,
            list(zip(labels, row.peaks, strict=False)),
            marks,
            lines_of(transcript_of(row)),
            transcript_of(row),
        )
        calls.append(heard)
    return found


def _noted(recording: Recording, notes: Iterable[MomentNote], *, first: bool) -> list[Mark]:
    """What was noted while the call was recorded, or spoken before its `first` recording began."""
    if recording.started_at is None:
        return []
    began, end = recording.started_at, recording.ended_at
    since = min(began, recording.call.answered_at or began) if first else began
    return [
        Mark(
            max(0, int((note.noted_at - BEFORE - began).total_seconds())),
            None,
            note.criterion,
            note.body,
        )
        for note in notes
        if since <= note.noted_at and (end is None or note.noted_at <= end + BEFORE)
    ]


def _passages(recording: Recording, attached: Iterable[AttachedMoment]) -> list[Mark]:
    return [
        Mark(one.from_second, one.to_second, one.criterion, one.words)
        for one in attached
        if (one.ref == f"recording-{recording.pk}" or one.ref.startswith(f"line-{recording.pk}-"))
        and one.from_second is not None
        and one.withdrawn_at is None
    ]
