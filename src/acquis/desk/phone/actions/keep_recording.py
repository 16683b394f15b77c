"""What the media worker tells of recordings, and what becomes of them until they are deleted."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conversations.news import announce
from acquis.desk.phone.actions._line import changed
from acquis.desk.phone.actions.transcribe_recording import ask_transcript
from acquis.desk.phone.errors import RecordingGone
from acquis.desk.phone.models import Call, Leg, Recording, RecordingPart, Transcript
from acquis.desk.phone.policy import purge_date
from acquis.kernel import files, jobs, trace
from acquis.kernel.models import StoredFile

MIX = "phone.mix"  # the job
PARIS = ZoneInfo("Europe/Paris")


def _locked(pk: int) -> Recording:
    return (
        Recording.objects.select_for_update(of=("self",))
        .select_related("workspace", "call__conversation")
        .get(pk=pk)
    )


@transaction.atomic
def start_recording(*, recording: Recording, at: datetime) -> None:
    """The announcement was heard: what is said from now on is kept. Once."""
    row = _locked(recording.pk)
    if row.started_at is not None or row.state == Recording.State.DELETED:
        return
    row.started_at = at
    row.save(update_fields=["started_at"])
    Call.objects.filter(pk=row.call_id, recording_state=Call.RecordingState.ANNOUNCED).update(
        recording_state=Call.RecordingState.ON
    )
    trace.record("recording.started", row, by=None, at=at, call_id=row.call_id, key=row.key)
    changed(row.call, at=at)


@transaction.atomic
def keep_recording(
    *, recording: Recording, parts: Sequence[Mapping[str, Any]], at: datetime
) -> None:
    """Keep the files of the legs, trace their fingerprints, and have them mixed.

    A recording that the customer opposed meanwhile is forgotten instead. Once: it may be told again.
    """
    row = _locked(recording.pk)
    if row.state == Recording.State.DELETED:
        for part in parts:
            files.forget(StoredFile.objects.filter(pk=part["file"]).first())
        return
    if row.state != Recording.State.RUNNING:
        return
    legs = {leg.key: leg for leg in Leg.objects.filter(call_id=row.call_id)}
    for part in parts:
        leg = legs[part["leg"]]
        RecordingPart.objects.create(
            workspace_id=row.workspace_id,
            recording=row,
            side=leg.side,
            label=leg.label,
            file_id=part["file"],
            seconds=part["seconds"],
        )
    row.ended_at = at
    row.seconds = max((part["seconds"] for part in parts), default=0)
    row.purge_on = purge_date(at.astimezone(PARIS).date())
    row.state = Recording.State.MIXING if parts else Recording.State.FAILED
    row.save()
    trace.record(
        "recording.kept",
        row,
        by=None,
        at=at,
        call_id=row.call_id,
        kind=row.kind,
        seconds=round(row.seconds, 2),
        purge_on=row.purge_on.isoformat(),
        fingerprints=[part["sha256"] for part in parts],
    )
    if parts:
        jobs.enqueue(MIX, by=None, at=at, args={"recording": row.pk}, unique_key=f"{MIX}:{row.pk}")
    announce(row.call.conversation, what="call", at=at)


@transaction.atomic
def publish_mix(
    *, recording: Recording, file: StoredFile | None, peaks: list[list[int]], at: datetime
) -> None:
    """Make the mixed file playable; None when nothing could be read. Deleted meanwhile: nothing."""
    row = _locked(recording.pk)
    if row.state == Recording.State.DELETED:
        files.forget(file)
        return
    row.file, row.peaks = file, peaks
    row.state = Recording.State.READY if file is not None else Recording.State.FAILED
    row.save(update_fields=["file", "peaks", "state"])
    trace.record(
        "recording.mixed",
        row,
        by=None,
        at=at,
        call_id=row.call_id,
        fingerprint=file.sha256 if file else "",
    )
    if file is not None:
        ask_transcript(recording=row, at=at)
    announce(row.call.conversation, what="call", at=at)


@transaction.atomic
def listen_to_recording(*, recording: Recording, by: User, at: datetime) -> StoredFile:
    """Hand out the sound, and write down who asked for it. Raises RecordingGone. Source: G-08."""
    row = _locked(recording.pk)
    if row.file is None or row.state != Recording.State.READY:
        raise RecordingGone
    trace.record("recording.listened", row, by=by, at=at, call_id=row.call_id)
    return row.file


@transaction.atomic
def delete_recording(*, recording: Recording, why: str, by: User | None, at: datetime) -> None:
    """Delete every file and the transcript of a recording; the line that says it existed stays. Once."""
    row = _locked(recording.pk)
    if row.state == Recording.State.DELETED:
        return
    kept = [part.file for part in row.parts.select_related("file")]
    kept += [row.file] if row.file is not None else []
    row.parts.all().delete()
    Transcript.objects.filter(recording=row).delete()
    row.state, row.file, row.peaks = Recording.State.DELETED, None, []
    row.deleted_at, row.deleted_why = at, why[:200]
    row.save()
    for file in kept:
        files.forget(file)
    trace.record("recording.deleted", row, by=by, at=at, call_id=row.call_id, why=why)
    announce(row.call.conversation, what="call", at=at)


def due_for_purge(today: date) -> list[Recording]:
    """Recordings whose time has come."""
    rows = Recording.objects.exclude(state=Recording.State.DELETED)
    return list(rows.filter(purge_on__lte=today).order_by("pk")[:500])


def abandoned(now: datetime) -> list[Recording]:
    """Recordings of calls that ended more than an hour ago and of which nothing came."""
    return list(
        Recording.objects.filter(
            state=Recording.State.RUNNING, call__ended_at__lt=now - timedelta(hours=1)
        ).order_by("pk")[:500]
    )
