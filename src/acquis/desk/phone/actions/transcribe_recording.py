"""What becomes of the transcript of a recording: asked for, kept part by part, whole, or given up."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from acquis.desk.phone import policy, transcripts
from acquis.desk.phone.errors import RecordingGone
from acquis.desk.phone.models import Line, Recording, RecordingPart, Transcript
from acquis.kernel import crypto, jobs, outbox, speech, trace

TRANSCRIBE = "phone.transcribe"  # the job
TRANSCRIBED = "recording.transcribed"  # the topic


@transaction.atomic
def ask_transcript(*, recording: Recording, at: datetime) -> Transcript | None:
    """Queue the transcription of a recording that may be transcribed, where something hears.

    Asked again, one that failed goes on with what it had; another is left as it is.
    """
    played = Line.objects.filter(workspace_id=recording.workspace_id, played=True).exists()
    if not policy.is_transcribed(kind=recording.kind, played=played):
        return None
    if speech.transcriber() is None or recording.state != Recording.State.READY:
        return None
    row, made = Transcript.objects.select_for_update().get_or_create(
        recording=recording,
        defaults={"workspace_id": recording.workspace_id, "asked_at": at},
    )
    if made or row.state == Transcript.State.FAILED:
        row.state, row.error = Transcript.State.WAITING, ""
        row.save(update_fields=["state", "error"])
        jobs.enqueue(
            TRANSCRIBE,
            by=None,
            at=at,
            args={"recording": recording.pk},
            unique_key=f"{TRANSCRIBE}:{recording.pk}",
        )
    return row


@transaction.atomic
def begin_transcript(*, recording: Recording, heard_by: speech.Transcriber) -> None:
    """Say what hears. Heard by another model until now, what it had is dropped. Raises RecordingGone."""
    row = _locked(recording)
    if row.version != heard_by.version:
        row.sealed, row.parts, row.lines = b"", [], 0
    row.state, row.error = Transcript.State.RUNNING, ""
    row.model, row.version, row.engine = heard_by.model, heard_by.version, heard_by.engine
    row.save()


@transaction.atomic
def keep_part(*, part: RecordingPart, lines: Sequence[speech.Line]) -> None:
    """Keep what one leg said. Once. Raises RecordingGone when the recording was deleted meanwhile."""
    row = _locked(part.recording)
    if part.pk in row.parts:
        return
    known = [*transcripts.lines_in(row), *policy.spoken(part.side, part.label, lines)]
    row.parts = [*row.parts, part.pk]
    _fill(row, known)
    row.save()


@transaction.atomic
def finish_transcript(*, recording: Recording, at: datetime) -> Transcript:
    """Every part was heard: the lines stand in the order of time, their fingerprint is traced. Once.

    Raises RecordingGone.
    """
    row = _locked(recording)
    if row.state == Transcript.State.READY:
        return row
    row.state, row.finished_at = Transcript.State.READY, at
    row.sha256 = _fill(row, policy.in_time_order(transcripts.lines_in(row)))
    row.save()
    trace.record(
        "recording.transcribed",
        recording,
        by=None,
        at=at,
        call_id=recording.call_id,
        model=row.model,
        version=row.version,
        engine=row.engine,
        lines=row.lines,
        fingerprint=row.sha256,
    )
    told = {"recording": recording.pk, "workspace": recording.workspace_id}
    outbox.put(TRANSCRIBED, told, at=at)
    return row


@transaction.atomic
def give_up_transcript(*, recording: Recording, why: str, at: datetime) -> None:
    """Keep that it failed, and why; what was heard until then stays for another try."""
    row = Transcript.objects.select_for_update().filter(recording=recording).first()
    if row is None or row.state == Transcript.State.READY:
        return
    row.state, row.error, row.finished_at = Transcript.State.FAILED, why[:300], at
    row.save(update_fields=["state", "error", "finished_at"])


def _locked(recording: Recording) -> Transcript:
    row = Transcript.objects.select_for_update().filter(recording=recording).first()
    if row is None:
        raise RecordingGone
    return row


def _fill(row: Transcript, lines: Sequence[policy.SpokenLine]) -> str:
    content = transcripts.as_bytes(lines)
    row.sealed, row.lines = crypto.seal(content), len(lines)
    return hashlib.sha256(content).hexdigest()
