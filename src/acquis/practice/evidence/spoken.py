"""What a machine wrote down of the recorded calls of an exam: an aid to listening, never evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from acquis.desk.phone import transcripts
from acquis.desk.phone.models import Recording, Transcript
from acquis.desk.phone.policy import SpokenLine
from acquis.practice.evidence.sources import Said

UNSURE = 0.5  # a word heard less surely than this is shown as such


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of a transcript, `ref` its anchor; `runs` its words, those that are unsure apart."""

    ref: str
    line: SpokenLine

    @property
    def key(self) -> str:
        return self.ref.removeprefix("line-")

    @property
    def seconds(self) -> int:
        """Where it begins, in whole seconds of the recording."""
        return int(self.line.start)

    @property
    def passage(self) -> tuple[int, int]:
        """From and to in whole seconds, a second long at least."""
        return self.seconds, max(self.seconds + 1, -int(-self.line.end // 1))

    @property
    def runs(self) -> list[tuple[str, bool]]:
        return [
            (" ".join(text for text, _confidence in words), unsure)
            for unsure, words in groupby(self.line.words, key=lambda word: word[1] < UNSURE)
        ]


def transcript_of(recording: Recording) -> Transcript | None:
    """Of a recording that was read with its transcript."""
    return getattr(recording, "transcript", None)


def lines_of(transcript: Transcript | None) -> list[ShownLine]:
    """The lines of a whole transcript; none while it is being made."""
    if transcript is None or transcript.state != Transcript.State.READY:
        return []
    return [
        ShownLine(f"line-{transcript.recording_id}-{number}", line)
        for number, line in enumerate(transcripts.lines_in(transcript))
    ]


def _whole(workspace_id: int) -> Sequence[Transcript]:
    rows = Transcript.objects.filter(workspace_id=workspace_id, state=Transcript.State.READY)
    return list(rows.select_related("recording__call").order_by("recording"))


def words_by_ref(workspace_id: int | None) -> Mapping[str, str]:
    """What was heard at each anchor; one query. What was erased is not there."""
    return {
        shown.ref: shown.line.text
        for transcript in _whole(workspace_id or 0)
        for shown in lines_of(transcript)
    }


def said_by_conversation(workspace_id: int) -> Mapping[int, list[Said]]:
    """The lines of each conversation as the units read them; one query."""
    found: dict[int, list[Said]] = {}
    for transcript in _whole(workspace_id):
        recording = transcript.recording
        if recording.started_at is None:
            continue
        found.setdefault(recording.call.conversation_id, []).extend(
            Said(
                number,
                shown.line.side,
                shown.line.text,
                recording.started_at + timedelta(seconds=shown.line.start),
                recording.pk,
                shown.line.start,
            )
            for number, shown in enumerate(lines_of(transcript))
        )
    return found


def line_at(workspace_id: int | None, ref: str) -> tuple[Recording, ShownLine] | None:
    """The line of this anchor; None where there is none."""
    key, _dash, number = ref.removeprefix("line-").partition("-")
    if not (_is_number(key) and _is_number(number)):
        return None
    rows = Transcript.objects.filter(workspace_id=workspace_id or 0, recording=int(key))
    row = rows.select_related("recording").first()
    lines = lines_of(row)
    if row is None or int(number) >= len(lines):
        return None
    return row.recording, lines[int(number)]


def recording_key(ref: str) -> str:
    """The recording of a line's anchor; empty for any other anchor."""
    return ref.split("-")[1] if ref.startswith("line-") else ""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 18
