"""What a machine heard of an exam's calls: an aid to listening, beside the criteria and in the file."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from acquis.certification.grading.models import Deliberation
from acquis.certification.sittings.models import Sitting
from acquis.desk.conversations.models import Conversation
from acquis.desk.phone import transcribing
from acquis.desk.phone.actions.keep_recording import delete_recording
from acquis.desk.phone.actions.transcribe_recording import ask_transcript
from acquis.desk.phone.models import Call, Leg, Line, Recording, RecordingPart, Transcript
from acquis.kernel import outbox, speech
from acquis.kernel.models import Job
from acquis.practice.evidence import spoken, tasks
from acquis.practice.evidence.actions.attach_moment import Wanted, attach_moment
from acquis.practice.evidence.actions.dismiss_observation import dismiss_observation
from acquis.practice.evidence.actions.read_evidence import read_evidence
from acquis.practice.evidence.errors import UnknownPlace
from acquis.practice.evidence.gathering import gather
from acquis.practice.evidence.models import AttachedMoment, Dismissal, Observation
from acquis.practice.evidence.places import place_at
from acquis.practice.evidence.presentation import beside, served
from tests.factories import certification as make
from tests.factories import phone as phones
from tests.factories.evidence import played_exam
from tests.factories.speech import Ears, said

pytestmark = pytest.mark.django_db
LATER = make.DAY + timedelta(hours=1)
CUSTOMER = said("Ma commande est arrivée en mille morceaux.", start=70.0)
SAID = "Vous souhaitez donc un remboursement complet."
ADVISER = [
    *said("Cela vous convient ?", start=2.0),
    *said(SAID, start=65.4),
    *said("Rétrac", start=80.0, confidence=0.2),
]


@pytest.fixture
def played() -> Sitting:
    return played_exam()


@pytest.fixture
def recording(played: Sitting, monkeypatch: pytest.MonkeyPatch) -> Recording:
    """Of a call of the first exchange, two legs, transcribed; the evidence is read."""
    writer = make.writer(played)
    Line.objects.update_or_create(workspace=played.workspace, defaults={"played": True})
    talk = Conversation.objects.filter(workspace=played.workspace, played_key__endswith=".a").get()
    call, _new = Call.objects.get_or_create(
        conversation=talk,
        defaults={
            "workspace": played.workspace,
            "media_key": phones.key(),
            "offered_at": make.DAY,
        },
    )
    found = phones.ready_recording(
        call, started_at=make.DAY, ended_at=make.DAY + timedelta(minutes=2), seconds=120
    )
    RecordingPart.objects.create(
        workspace=played.workspace,
        recording=found,
        side=Leg.Side.ADVISER,
        label=writer.full_name,
        file=phones.sound(b"adviser"),
        seconds=120,
    )
    ears = Ears(CUSTOMER, ADVISER)
    monkeypatch.setattr(speech, "transcriber", lambda: ears)
    assert ask_transcript(recording=found, at=LATER)
    transcribing.transcribe(found, lambda *_args: None)
    read_evidence(sitting=played, by=None, at=LATER)
    return found


@pytest.fixture
def juror(played: Sitting):
    rows = played.candidate.session.jurors.select_related("juror__user").order_by("pk")
    return rows[0].juror.user


def line(recording: Recording, words: str) -> str:
    """The anchor of the line that says this."""
    rows = spoken.words_by_ref(recording.workspace_id)
    (found,) = (ref for ref, text in rows.items() if words in text)
    return found


def moments(unit: str) -> list[dict]:
    rows = Observation.objects.filter(unit=unit)
    last = max(row.reading for row in rows)
    return [one for row in rows if row.reading == last for one in row.moments if "second" in one]


def test_units_read_what_was_heard_with_its_position(played: Sitting, recording: Recording) -> None:
    (mention,) = moments("reformulation")
    assert mention["ref"] == line(recording, "remboursement")
    assert mention["second"] == 65
    assert mention["label"].endswith("à 1:05")
    assert mention["at"] == (make.DAY + timedelta(seconds=65.4)).isoformat()
    assert [one["second"] for one in moments("understanding-check")] == [2]


def test_the_customer_s_words_are_not_the_candidate_s(
    played: Sitting, recording: Recording
) -> None:
    talk = next(one for one in gather(played).talks if one.heard)
    assert [one.author for one in talk.heard] == ["adviser", "adviser", "customer", "adviser"]
    assert len(talk.said) == len(talk.messages) + 4
    assert [one.at for one in talk.said] == sorted(one.at for one in talk.said)


def test_what_was_heard_is_neither_spelled_nor_waited_for(
    played: Sitting, recording: Recording
) -> None:
    assert moments("spelling-grammar") == []
    assert moments("response-times") == []


def test_observations_keep_the_place_and_not_the_words(
    played: Sitting, recording: Recording, juror
) -> None:
    """The words lie sealed in the transcript, and go with it."""
    (mention,) = moments("reformulation")
    assert mention["excerpt"] == ""
    shown = next(
        moment
        for row in beside(played, criterion("reformulation"), juror).observations
        for moment in row.moments
        if moment.second is not None
    )
    assert (shown.excerpt, shown.second, shown.recording) == (SAID, 65, str(recording.pk))

    delete_recording(recording=recording, why="retention", by=None, at=LATER)

    left = [
        moment.excerpt
        for row in beside(played, criterion("reformulation"), juror).observations
        for moment in row.moments
        if moment.second is not None
    ]
    assert left == [""]


def criterion(unit: str) -> str:
    return Observation.objects.filter(unit=unit).latest("reading").criteria[0]


def test_a_transcript_that_comes_late_has_the_evidence_read_again(
    played: Sitting, recording: Recording
) -> None:
    outbox.deliver(now=timezone.now() + timedelta(hours=1))
    assert Job.objects.filter(kind="evidence.read", unique_key__contains=":heard:").count() == 1


def test_nothing_is_read_again_once_the_deliberation_is_closed(
    played: Sitting, recording: Recording
) -> None:
    before = Job.objects.filter(kind="evidence.read").count()
    told = {"recording": recording.pk, "workspace": recording.workspace_id}
    Deliberation.objects.create(
        candidate=played.candidate, opened_at=LATER, closed_at=LATER, outcome="passed"
    )
    tasks.read_what_was_heard(told)
    tasks.read_what_was_heard(told | {"workspace": 0})
    assert Job.objects.filter(kind="evidence.read").count() == before


def test_a_line_is_attached_with_its_passage_and_without_its_words(
    played: Sitting, recording: Recording, juror
) -> None:
    ref = line(recording, "remboursement")
    attach_moment(
        sitting=played,
        criterion="CCP1.2",
        wanted=Wanted(ref, "Dit sans qu’on le demande."),
        by=juror,
        at=LATER,
    )

    row = AttachedMoment.objects.get()
    assert (row.from_second, row.to_second, row.excerpt) == (65, 69, "")
    assert row.label.endswith("à 1:05 de l’appel enregistré")
    assert row.occurred_at == make.DAY + timedelta(seconds=65)
    shown = beside(played, "CCP1.2", juror)
    assert shown.attached[0].excerpt == SAID
    (heard,) = shown.recordings
    assert [(mark.seconds, mark.until) for mark in heard.marks] == [(65, 69)]
    assert "CCP1.2" in [one.criterion for one in served(played, juror)[ref]]


@pytest.mark.parametrize("ref", ["line-{pk}-99", "line-x-1", "line-{pk}-", "line-0-0"])
def test_a_line_that_is_not_there_is_no_place(
    played: Sitting, recording: Recording, juror, ref: str
) -> None:
    ref = ref.format(pk=recording.pk)
    assert place_at(played, juror, ref) is None
    with pytest.raises(UnknownPlace):
        attach_moment(sitting=played, criterion="CCP1.2", wanted=Wanted(ref), by=juror, at=LATER)


def test_a_line_of_another_exam_is_no_place(played: Sitting, recording: Recording, juror) -> None:
    ref = line(recording, "remboursement")
    Transcript.objects.update(workspace=make.enterprise(played.candidate.session.organisation))
    assert place_at(played, juror, ref) is None


def test_a_deleted_recording_has_no_lines(played: Sitting, recording: Recording, juror) -> None:
    ref = line(recording, "remboursement")
    Recording.objects.update(state=Recording.State.DELETED)
    assert place_at(played, juror, ref) is None


def test_what_is_set_aside_is_named_by_its_place(
    played: Sitting, recording: Recording, juror
) -> None:
    row = next(
        one
        for one in Observation.objects.filter(unit="reformulation")
        if one.moments and "second" in one.moments[0]
    )
    dismiss_observation(
        observation=row,
        criterion=row.criteria[0],
        reason="Mal entendu",
        moment=0,
        by=juror,
        at=LATER,
    )
    assert "remboursement" not in Dismissal.objects.get().shown
    assert "1:05" in Dismissal.objects.get().shown


def page(client, user, address: str) -> str:
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def test_the_file_shows_the_lines_under_their_waveform(
    client, played: Sitting, recording: Recording, juror
) -> None:
    shown = page(client, juror, reverse("rooms:dossier", args=[played.candidate_id]))
    assert "Transcription automatique : aide à l’écoute, à vérifier à l’oreille." in shown
    assert 'data-listen-at="65.4"' in shown
    assert f'id="{line(recording, "remboursement")}"' in shown
    assert '<span class="unsure">Rétrac</span>' in shown
    assert "Fait par une machine : modele-essai" in shown
    assert f"?ref={line(recording, 'remboursement')}" in shown


def test_beside_a_criterion_the_passage_is_heard_where_it_lies(
    client, played: Sitting, recording: Recording, juror
) -> None:
    code = criterion("reformulation")
    shown = page(client, juror, reverse("evidence:beside", args=[played.candidate_id, code]))
    assert f'data-listen-at="65" data-listen-recording="{recording.pk}"' in shown
    assert re.search(r'data-marks="[^"]*\b65\b', shown)
    assert "ces paroles ont été entendues par une machine" in shown
    assert f"critere={code}&amp;ref={line(recording, 'remboursement')}" in shown


def test_a_transcript_under_way_or_failed_says_so(
    client, played: Sitting, recording: Recording, juror
) -> None:
    address = reverse("rooms:dossier", args=[played.candidate_id])
    Transcript.objects.update(state="running")
    assert "Transcription en cours" in page(client, juror, address)
    Transcript.objects.update(state="failed", error="Plus de mémoire.")
    shown = page(client, juror, address)
    assert "Transcription en échec" in shown
    assert "Plus de mémoire." in shown
    assert "remboursement complet" not in shown


def test_without_a_transcript_pages_say_nothing_of_it(
    client, played: Sitting, recording: Recording, juror, monkeypatch: pytest.MonkeyPatch
) -> None:
    Transcript.objects.all().delete()
    monkeypatch.setattr(speech, "transcriber", lambda: None)
    read_evidence(sitting=played, by=None, at=LATER)
    for address in (
        reverse("rooms:dossier", args=[played.candidate_id]),
        reverse("evidence:beside", args=[played.candidate_id, criterion("reformulation")]),
        reverse("evidence:units"),
    ):
        shown = page(client, juror, address)
        assert "Transcription" not in shown
        assert "paroles transcrites" not in shown
        assert "par une machine" not in shown


def test_the_page_of_units_says_which_ones_hear(
    client, played: Sitting, recording: Recording, juror
) -> None:
    shown = page(client, juror, reverse("evidence:units"))
    assert shown.count("lit aussi les paroles transcrites du conseiller") == 9


def test_who_may_not_hear_the_recording_does_not_read_it(
    client, played: Sitting, recording: Recording
) -> None:
    """The candidate, and a juror of another session: the file is not theirs."""
    client.force_login(make.writer(played))
    address = reverse("rooms:dossier", args=[played.candidate_id])
    assert client.get(address).status_code in {403, 404}


def test_the_file_of_an_appeal_says_that_a_machine_heard_it(
    played: Sitting, recording: Recording
) -> None:
    told = [text for fact in tasks.facts_of_the_exam(played.candidate) for text in fact.lines]
    assert any(SAID in text and text.endswith("(transcription automatique)") for text in told)


def test_one_more_transcript_asks_no_more_of_the_database(
    client, played: Sitting, recording: Recording, juror, django_assert_max_num_queries
) -> None:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    address = reverse("rooms:dossier", args=[played.candidate_id])
    page(client, juror, address)
    with CaptureQueriesContext(connection) as one:
        page(client, juror, address)
    for _ in range(3):
        other = phones.ready_recording(recording.call, started_at=make.DAY, seconds=60)
        first = Transcript.objects.get(recording=recording)
        first.pk, first.recording = None, other
        first.save()
    with CaptureQueriesContext(connection) as four:
        page(client, juror, address)
    assert len(four) == len(one)
