from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from acquis.accounts.models import User, Workspace
from acquis.desk.phone import policy, tasks, transcribing, transcripts
from acquis.desk.phone.actions.keep_recording import delete_recording, publish_mix
from acquis.desk.phone.actions.transcribe_recording import (
    ask_transcript,
    begin_transcript,
    finish_transcript,
    give_up_transcript,
    keep_part,
)
from acquis.desk.phone.errors import RecordingGone
from acquis.desk.phone.models import Leg, Line, Recording, RecordingPart, Transcript
from acquis.kernel import jobs, speech, trace
from acquis.kernel.jobs import JobTakenOver
from acquis.kernel.models import Job, OutboxMessage, TraceLine
from tests.factories import phone
from tests.factories.speech import Ears, said

pytestmark = pytest.mark.django_db
CUSTOMER = said("Bonjour, mon colis n’est pas là.", start=4.0)
ADVISER = said("Fleurs bonjour.", "Vous souhaitez donc un échange ?", start=0.5)


def told(*_args: Any) -> None:
    """Progress that nobody looks at."""


@pytest.fixture
def recording(workspace: Workspace, adviser: User) -> Recording:
    """Of a played call, the customer's part then the adviser's; nothing is asked yet."""
    phone.line(workspace, played=True)
    made = phone.ready_recording(phone.active_call(workspace, adviser))
    RecordingPart.objects.create(
        workspace=workspace,
        recording=made,
        side=Leg.Side.ADVISER,
        label="Camille",
        file=phone.sound(b"adviser"),
        seconds=10,
    )
    return made


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> Ears:
    machine = Ears(CUSTOMER, ADVISER)
    monkeypatch.setattr(speech, "transcriber", lambda: machine)
    return machine


def transcript(recording: Recording) -> Transcript:
    return Transcript.objects.get(recording=recording)


def run(recording: Recording) -> dict[str, Any] | None:
    return transcribing.transcribe(recording, told)


def test_a_played_call_is_transcribed_once_it_can_be_heard(
    recording: Recording, ears: Ears, now: datetime
) -> None:
    publish_mix(recording=recording, file=recording.file, peaks=[[1]], at=now)

    assert transcript(recording).state == "waiting"
    assert Job.objects.get(kind="phone.transcribe").args == {"recording": recording.pk}
    assert not jobs.run_due(now=now)  # the line of ordinary jobs holds nothing
    assert jobs.run_due(now=now, aside=True)
    assert transcript(recording).state == "ready"
    assert len(ears.sounds) == 2


def test_what_nobody_can_hear_is_not_transcribed(
    recording: Recording, ears: Ears, now: datetime
) -> None:
    publish_mix(recording=recording, file=None, peaks=[], at=now)
    assert not Transcript.objects.exists()
    assert ask_transcript(recording=Recording.objects.get(), at=now) is None


def test_a_live_desk_is_not_transcribed(recording: Recording, ears: Ears, now: datetime) -> None:
    Line.objects.update(played=False)
    assert ask_transcript(recording=recording, at=now) is None
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("kind", "played", "transcribed"),
    [("call", True, True), ("call", False, False), ("voicemail", True, False)],
)
def test_only_calls_of_a_played_desk_may_be_transcribed(
    kind: str, played: bool, transcribed: bool
) -> None:
    assert policy.is_transcribed(kind=kind, played=played) is transcribed


def test_while_it_is_off_nothing_is_asked(recording: Recording, now: datetime) -> None:
    assert ask_transcript(recording=recording, at=now) is None
    assert not Transcript.objects.exists()


def test_voices_stand_in_the_order_of_time_under_their_names(
    recording: Recording, ears: Ears, now: datetime
) -> None:
    ask_transcript(recording=recording, at=now)
    seen = []
    transcribing.transcribe(recording, lambda done, total: seen.append((done, total)))

    row = transcript(recording)
    lines = transcripts.lines_in(row)
    assert [(line.side, line.speaker, line.text) for line in lines] == [
        ("adviser", "Camille", "Fleurs bonjour."),
        ("adviser", "Camille", "Vous souhaitez donc un échange ?"),
        ("customer", "Odile", "Bonjour, mon colis n’est pas là."),
    ]
    assert (lines[0].start, lines[0].confidence) == (0.5, pytest.approx(0.9))
    assert (row.model, row.version, row.engine) == ("modele-essai", "a" * 64, "essai 1.0")
    assert (row.lines, row.state) == (3, "ready")
    assert seen[0] == (0, 22)
    assert seen[-1] == (22, 22)
    assert all(one <= other for one, other in pairwise(seen))


def test_the_words_lie_sealed_and_their_fingerprint_is_traced(
    recording: Recording, ears: Ears, now: datetime
) -> None:
    ask_transcript(recording=recording, at=now)
    run(recording)

    row = transcript(recording)
    assert b"colis" not in bytes(row.sealed)
    line = TraceLine.objects.get(verb="recording.transcribed")
    assert line.data["fingerprint"] == row.sha256
    assert (line.data["model"], line.data["lines"]) == ("modele-essai", 3)
    assert "colis" not in str(line.data)
    assert trace.verify(recording.trace_stream) == []
    assert OutboxMessage.objects.get(topic="recording.transcribed").payload["recording"] == (
        recording.pk
    )


def test_done_once_it_is_not_done_again(recording: Recording, ears: Ears, now: datetime) -> None:
    ask_transcript(recording=recording, at=now)
    run(recording)
    Job.objects.all().delete()

    ask_transcript(recording=recording, at=now)
    finish_transcript(recording=recording, at=now)
    give_up_transcript(recording=recording, why="tard", at=now)

    assert not Job.objects.exists()
    assert transcript(recording).state == "ready"
    assert TraceLine.objects.filter(verb="recording.transcribed").count() == 1


def test_work_that_was_cut_goes_on_with_the_next_voice(
    recording: Recording, ears: Ears, now: datetime
) -> None:
    """The worker was killed while the adviser was heard; another takes the job up."""
    ask_transcript(recording=recording, at=now)
    ears.heard = [CUSTOMER, JobTakenOver()]
    with pytest.raises(JobTakenOver):
        run(recording)
    assert transcript(recording).state == "running"

    ears.heard = [ADVISER]
    assert run(recording) == {"lines": 3}
    assert len(ears.sounds) == 3


def test_a_process_that_dies_is_begun_again_with_what_is_left(
    recording: Recording, ears: Ears, now: datetime
) -> None:
    ask_transcript(recording=recording, at=now)
    ears.heard = [CUSTOMER, speech.SpeechInterrupted(), ADVISER]
    assert run(recording) == {"lines": 3}
    assert ears.entered == 2


def test_a_process_that_dies_three_times_is_given_up_and_says_so(
    recording: Recording, ears: Ears, now: datetime
) -> None:
    ask_transcript(recording=recording, at=now)
    ears.heard = [speech.SpeechInterrupted() for _ in range(3)]
    assert jobs.run_due(now=now, aside=True)

    row = transcript(recording)
    assert row.state == "failed"
    assert "interrompue" in row.error
    assert Job.objects.get(kind="phone.transcribe").state == "failed"


def test_a_sound_that_cannot_be_read_is_told_with_its_reason(
    recording: Recording, ears: Ears, now: datetime
) -> None:
    ask_transcript(recording=recording, at=now)
    ears.heard = [speech.SpeechUnavailable(reason="son illisible")]
    with pytest.raises(speech.SpeechUnavailable):
        run(recording)
    assert "son illisible" in transcript(recording).error


def test_asked_again_what_failed_goes_on(recording: Recording, ears: Ears, now: datetime) -> None:
    ask_transcript(recording=recording, at=now)
    ears.heard = [CUSTOMER, speech.SpeechUnavailable(reason="plus de mémoire"), ADVISER]
    jobs.run_due(now=now, aside=True)

    ask_transcript(recording=recording, at=now)
    assert transcript(recording).state == "waiting"
    jobs.run_due(now=now, aside=True)

    row = transcript(recording)
    assert (row.state, row.error, row.lines) == ("ready", "", 3)
    assert len(ears.sounds) == 3


def test_another_model_begins_anew(recording: Recording, ears: Ears, now: datetime) -> None:
    ask_transcript(recording=recording, at=now)
    ears.heard = [CUSTOMER, speech.SpeechUnavailable(reason="arrêt")]
    jobs.run_due(now=now, aside=True)
    other = Ears(version="c" * 64)
    with other:
        begin_transcript(recording=recording, heard_by=other)

    row = transcript(recording)
    assert (row.parts, row.lines, transcripts.lines_in(row)) == ([], 0, [])


def test_a_part_is_kept_once(recording: Recording, ears: Ears, now: datetime) -> None:
    ask_transcript(recording=recording, at=now)
    part = recording.parts.first()
    assert part is not None
    for _ in range(2):
        keep_part(part=part, lines=speech.lines_of(CUSTOMER))
    assert transcript(recording).lines == 1


def test_switched_off_meanwhile_it_fails_with_its_reason(
    recording: Recording, ears: Ears, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_transcript(recording=recording, at=now)
    monkeypatch.setattr(speech, "transcriber", lambda: None)
    assert jobs.run_due(now=now, aside=True)
    assert "éteinte" in transcript(recording).error


def test_the_transcript_goes_with_its_recording(
    recording: Recording, ears: Ears, now: datetime
) -> None:
    ask_transcript(recording=recording, at=now)
    run(recording)
    delete_recording(recording=recording, why="retention", by=None, at=now)
    assert not Transcript.objects.exists()


def test_a_recording_deleted_while_it_is_heard_leaves_nothing(
    recording: Recording, ears: Ears, now: datetime
) -> None:
    def deleting() -> Iterator[speech.Word]:
        delete_recording(recording=recording, why="opposition", by=None, at=now)
        yield from CUSTOMER

    ask_transcript(recording=recording, at=now)
    ears.heard = [deleting()]
    assert run(recording) is None
    assert not Transcript.objects.exists()
    give_up_transcript(recording=recording, why="tard", at=now)
    with pytest.raises(RecordingGone):
        finish_transcript(recording=recording, at=now)
    recording.refresh_from_db()
    assert tasks.transcribe({"recording": recording.pk}, told) is None


def test_a_job_that_was_cut_three_times_leaves_its_transcript_given_up(
    recording: Recording, ears: Ears, now: datetime
) -> None:
    ask_transcript(recording=recording, at=now)
    tasks.notice_given_up(now)
    assert transcript(recording).state == "waiting"

    Job.objects.update(unique_key=None, state="failed")
    tasks.notice_given_up(now)
    assert transcript(recording).state == "failed"
    assert transcript(recording).error
