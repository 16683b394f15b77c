from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from acquis.accounts.models import User, Workspace
from acquis.desk.phone import tasks
from acquis.desk.phone.actions.control_recording import oppose_recording, pause_recording
from acquis.desk.phone.actions.keep_recording import (
    abandoned,
    delete_recording,
    due_for_purge,
    keep_recording,
    listen_to_recording,
    publish_mix,
    start_recording,
)
from acquis.desk.phone.errors import NotRecording, RecordingGone
from acquis.desk.phone.models import Call, Recording
from acquis.desk.phone.queries import wish
from acquis.kernel import files, jobs, trace
from acquis.kernel.media.opus import RATE, OggWriter
from acquis.kernel.media.tones import encoded
from acquis.kernel.models import Job, StoredFile, TraceLine
from tests.factories import phone
from tests.factories.desk import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(workspace: Workspace, adviser: User) -> Call:
    return phone.recorded_call(workspace, adviser)


@pytest.fixture
def recording(call: Call) -> Recording:
    return call.recordings.get()


def parts_of(call: Call, content: bytes = b"OggS") -> list[dict[str, Any]]:
    told = []
    for leg in call.legs.all():
        file = phone.sound(content)
        told.append({"leg": leg.key, "seconds": 4.0, "file": file.pk, "sha256": file.sha256})
    return told


def said(hertz: float) -> bytes:
    writer = OggWriter()
    wave = 0.3 * np.sin(2 * np.pi * hertz * np.arange(RATE) / RATE)
    return writer.start() + b"".join(map(writer.add, encoded(wave))) + writer.close()


def state_of(recording: Recording) -> str:
    recording.refresh_from_db()
    return recording.state


def test_pausing_keeps_nothing_until_it_goes_on(call: Call, adviser: User, now: datetime) -> None:
    paused = pause_recording(call=call, paused=True, by=adviser, at=now)
    assert paused.recording_state == "paused"
    pause_recording(call=call, paused=True, by=adviser, at=now)

    resumed = pause_recording(call=call, paused=False, by=adviser, at=now)

    assert resumed.recording_state == "on"
    verbs = [line.verb for line in TraceLine.objects.order_by("position")]
    assert verbs == ["recording.paused", "recording.resumed"]


def test_pausing_refuses_where_nothing_is_recorded(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    with pytest.raises(NotRecording):
        pause_recording(call=phone.active_call(workspace, adviser), paused=True, by=adviser, at=now)


def test_opposition_stops_and_deletes(call: Call, recording: Recording, now: datetime) -> None:
    leg = call.legs.get(side="customer")
    opposed = oppose_recording(call=call, leg=leg, at=now)
    oppose_recording(call=call, leg=leg, at=now)

    assert opposed.recording_state == "opposed"
    assert state_of(recording) == "deleted"
    assert wish(opposed)["recording"] is None
    assert wish(opposed)["discard"] == [recording.key]
    assert TraceLine.objects.get(verb="recording.opposed").data["said_by"] == "customer"


def test_opposition_refuses_where_nothing_is_recorded(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    call = phone.active_call(workspace, adviser)

    with pytest.raises(NotRecording):
        oppose_recording(call=call, leg=call.legs.get(side="customer"), at=now)


def test_a_recording_begins_once_it_was_announced(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    call = phone.active_call(workspace, adviser, recording_state="announced", recording_key="k1")
    recording = phone.recording(call, key="k1")

    start_recording(recording=recording, at=now)
    start_recording(recording=recording, at=now + timedelta(seconds=9))

    recording.refresh_from_db()
    call.refresh_from_db()
    assert (recording.started_at, call.recording_state) == (now, "on")


def test_a_recording_that_was_opposed_does_not_begin(recording: Recording, now: datetime) -> None:
    Recording.objects.update(state="deleted", started_at=None)

    start_recording(recording=recording, at=now)

    recording.refresh_from_db()
    assert recording.started_at is None


def test_what_was_kept_is_traced_by_its_fingerprints_and_mixed(
    call: Call, recording: Recording, now: datetime
) -> None:
    parts = parts_of(call)

    keep_recording(recording=recording, parts=parts, at=now)
    keep_recording(recording=recording, parts=parts, at=now)

    assert state_of(recording) == "mixing"
    assert recording.purge_on == date(2027, 5, 20)
    assert recording.parts.count() == 2
    line = TraceLine.objects.get(verb="recording.kept")
    assert line.data["fingerprints"] == [part["sha256"] for part in parts]
    assert Job.objects.get().args == {"recording": recording.pk}
    assert trace.verify(recording.trace_stream) == []


def test_a_recording_of_nothing_has_failed(recording: Recording, now: datetime) -> None:
    keep_recording(recording=recording, parts=[], at=now)

    assert state_of(recording) == "failed"
    assert not Job.objects.exists()


def test_what_comes_after_the_opposition_is_forgotten(
    call: Call, recording: Recording, now: datetime
) -> None:
    Recording.objects.update(state="deleted")

    keep_recording(recording=recording, parts=parts_of(call), at=now)

    assert not StoredFile.objects.exists()


def test_the_mix_is_one_file_with_its_shape(call: Call, recording: Recording) -> None:
    parts = parts_of(call)
    for part, hertz in zip(parts, (500, 900), strict=True):
        kept = files.store(said(hertz), name="x", media_type="audio/ogg", by=None, at=NOW)
        part |= {"file": kept.pk, "sha256": kept.sha256}
    tasks.on_media({"what": "recording_kept", "recording": recording.key, "parts": parts})

    assert jobs.run_due(now=timezone.now())

    assert state_of(recording) == "ready"
    assert recording.file is not None
    assert len(recording.peaks) == 2
    assert max(recording.peaks[0]) > 20
    told = TraceLine.objects.get(verb="recording.mixed").data
    assert told["fingerprint"] == recording.file.sha256


def test_the_mix_of_what_was_deleted_meanwhile_is_forgotten(
    recording: Recording, now: datetime
) -> None:
    Recording.objects.update(state="deleted")
    assert tasks.mix({"recording": recording.pk}, lambda *_: None) is None
    assert tasks.mix({"recording": 999_999}, lambda *_: None) is None

    publish_mix(recording=recording, file=phone.sound(), peaks=[], at=now)

    assert state_of(recording) == "deleted"
    assert not StoredFile.objects.exists()


def test_a_mix_without_a_file_has_failed(recording: Recording, now: datetime) -> None:
    publish_mix(recording=recording, file=None, peaks=[], at=now)

    assert state_of(recording) == "failed"


def test_each_listening_is_written_down(call: Call, adviser: User, now: datetime) -> None:
    recording = phone.ready_recording(call)

    assert listen_to_recording(recording=recording, by=adviser, at=now) == recording.file

    line = TraceLine.objects.get(verb="recording.listened")
    assert (line.actor_id, line.data["call_id"]) == (adviser.pk, call.pk)


def test_listening_refuses_what_is_gone(recording: Recording, adviser: User, now: datetime) -> None:
    with pytest.raises(RecordingGone):
        listen_to_recording(recording=recording, by=adviser, at=now)


def test_deleting_leaves_no_sound_and_the_line_that_it_existed(
    call: Call, adviser: User, now: datetime
) -> None:
    recording = phone.ready_recording(call)

    delete_recording(recording=recording, why="demande écrite", by=adviser, at=now)
    delete_recording(recording=recording, why="encore", by=adviser, at=now)

    assert state_of(recording) == "deleted"
    assert recording.deleted_why == "demande écrite"
    assert not StoredFile.objects.exists()
    assert not recording.parts.exists()
    assert TraceLine.objects.filter(verb="recording.deleted").count() == 1


def test_deleting_keeps_a_file_that_another_row_holds(
    call: Call, adviser: User, now: datetime
) -> None:
    first = phone.ready_recording(call)
    second = phone.ready_recording(call, file=first.file)

    delete_recording(recording=first, why="x", by=adviser, at=now)

    second.refresh_from_db()
    assert second.file is not None


def test_the_purge_takes_what_is_due_and_what_never_came(call: Call, adviser: User) -> None:
    today = timezone.now().date()
    due = phone.ready_recording(call, purge_on=today - timedelta(days=1))
    later = phone.ready_recording(call, purge_on=today + timedelta(days=9))
    lost = phone.recording(call)
    Call.objects.update(state="ended", ended_at=timezone.now() - timedelta(hours=2))
    assert due_for_purge(today) == [due]
    assert lost in abandoned(timezone.now())

    tasks.look_for_purges(timezone.now())
    tasks.look_for_purges(timezone.now())
    assert Job.objects.count() == 1
    jobs.run_due(now=timezone.now())

    assert (state_of(due), state_of(later), state_of(lost)) == ("deleted", "ready", "deleted")
    tasks.look_for_purges(timezone.now())
    assert Job.objects.filter(state="waiting").count() == 0


def test_what_the_worker_tells_of_recordings_is_heard(call: Call, recording: Recording) -> None:
    Recording.objects.update(started_at=None)

    tasks.on_media({"what": "recording_started", "recording": recording.key})
    tasks.on_media({"what": "recording_started", "recording": "unknown"})
    tasks.on_media({"what": "recording_discarded", "recording": recording.key})

    recording.refresh_from_db()
    assert recording.started_at is not None
