"""The transcription of one recording, leg by leg, going on where it was cut."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from acquis.desk.phone.actions.transcribe_recording import (
    TRANSCRIBE,
    begin_transcript,
    finish_transcript,
    give_up_transcript,
    keep_part,
)
from acquis.desk.phone.errors import RecordingGone
from acquis.desk.phone.models import Recording, RecordingPart, Transcript
from acquis.kernel import files, jobs, speech
from acquis.kernel.models import Job

TRIES = 3  # of a process that dies while this one lives


def transcribe(recording: Recording, progress: jobs.Progress) -> dict[str, Any] | None:
    """Hear what is left of a recording; None when it was deleted meanwhile.

    What cannot be done is kept with its reason. Raises SpeechUnavailable or SpeechInterrupted then.
    """
    try:
        return _heard(recording, progress)
    except RecordingGone:
        return None
    except (speech.SpeechUnavailable, speech.SpeechInterrupted) as refusal:
        give_up_transcript(recording=recording, why=str(refusal), at=timezone.now())
        raise


def _heard(recording: Recording, progress: jobs.Progress) -> dict[str, Any]:
    for left in reversed(range(TRIES)):
        machine = speech.transcriber()
        if machine is None:
            raise speech.SpeechUnavailable(reason=_("elle est éteinte"))
        try:
            with machine:
                begin_transcript(recording=recording, heard_by=machine)
                _hear_parts(recording, machine, progress)
            break
        except speech.SpeechInterrupted:
            if not left:
                raise
    row = finish_transcript(recording=recording, at=timezone.now())
    return {"lines": row.lines}


def _hear_parts(recording: Recording, machine: speech.Transcriber, progress: jobs.Progress) -> None:
    """Every part that was not heard yet; progress in seconds of sound, all legs together."""
    parts = list(recording.parts.select_related("file", "recording").order_by("pk"))
    done = Transcript.objects.values_list("parts", flat=True).get(recording=recording)
    total, before = int(sum(part.seconds for part in parts)), 0.0
    for part in parts:
        if part.pk not in done:
            keep_part(part=part, lines=_lines(part, machine, before, total, progress))
        before += part.seconds
    progress(total, total)


def _lines(
    part: RecordingPart,
    machine: speech.Transcriber,
    before: float,
    total: int,
    progress: jobs.Progress,
) -> list[speech.Line]:
    words = []
    progress(int(before), total)
    for word in machine.words(files.read(part.file)):
        words.append(word)
        progress(int(before + word.end), total)
    return speech.lines_of(words)


def notice_given_up(now: datetime) -> None:
    """Transcripts that wait for a job that is no more are given up."""
    waiting = Transcript.objects.filter(
        state__in=[Transcript.State.WAITING, Transcript.State.RUNNING]
    )
    for row in waiting.select_related("recording")[:100]:
        key = f"{TRANSCRIBE}:{row.recording_id}"
        if not Job.objects.filter(unique_key=key).exists():
            give_up_transcript(recording=row.recording, why=_("interrompue trois fois"), at=now)
