"""The reaction to a recorded call: drawn, heard as often as allowed, answered aloud or into the room."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.certification.papers.models import Subject
from acquis.certification.sittings.models import Phase, Sitting, SittingFile, SoundPiece
from acquis.kernel import trace
from acquis.kernel.testing import StrictClient
from tests.factories import certification as make

pytestmark = pytest.mark.django_db

Begin = Callable[[int], Phase]
REACTION = 5
SOUND = b"OggS un appel enregistre"
JSON = {"Accept": "application/json"}


@pytest.fixture
def recording(sitting: Sitting) -> Subject:
    """A recorded call in the bank."""
    return make.subject(
        sitting.candidate.session.organisation,
        reference="VAL-R01",
        kind=Subject.Kind.RECORDING,
        content={"kind": "recording", "code": "VAL-R01", "title": "Appel 1"},
        sound=SOUND,
    )


@pytest.fixture
def reaction(recording: Subject, begin: Begin) -> Phase:
    return begin(REACTION)


def address(name: str, phase: Phase) -> str:
    return reverse(f"rooms:{name}", args=[phase.sitting_id, phase.pk])


def page(client: StrictClient, sitting: Sitting) -> str:
    return client.get(reverse("rooms:room", args=[sitting.pk])).content.decode()


def piece(rank: int, content: bytes = b"du son", **fields: object) -> dict[str, object]:
    values = {"take": "t", "number": rank, "media_type": "audio/webm;codecs=opus"}
    return values | {"piece": SimpleUploadedFile("piece", content)} | fields


def test_the_recording_is_drawn_when_the_part_begins_and_heard_once(
    sitting: Sitting, reaction: Phase, candidate_client: StrictClient
) -> None:
    assert sitting.candidate.draws.get(kind="recording").subject.reference == "VAL-R01"
    assert "Vous pouvez entendre" in page(candidate_client, sitting)
    first = candidate_client.post(address("listen", reaction), {"key": "a"})
    assert (first.content, first["Content-Type"]) == (SOUND, "audio/ogg")
    assert first["Cache-Control"] == "no-store"
    told = candidate_client.post(address("listening", reaction), {"key": "a"})
    assert told.json() == {"left": 0}
    again = candidate_client.post(address("listen", reaction), {"key": "b"}, headers=JSON)
    assert (again.status_code, again.json()["code"]) == (422, "sittings.listens_spent")
    assert "le nombre de fois permis" in page(candidate_client, sitting)


def test_a_hearing_without_a_name_is_refused(
    reaction: Phase, candidate_client: StrictClient
) -> None:
    assert candidate_client.post(address("listen", reaction)).status_code == 422
    assert not reaction.heard.exists()


def test_without_a_recording_in_the_bank_the_part_is_oral(
    sitting: Sitting, begin: Begin, candidate_client: StrictClient
) -> None:
    phase = begin(REACTION)
    shown = page(candidate_client, sitting)
    assert "Le jury fait entendre" in shown
    assert "Vous répondez de vive voix" in shown
    refused = candidate_client.post(address("listen", phase), {"key": "a"}, headers=JSON)
    assert refused.json()["code"] == "rooms.no_subject_drawn"


def test_a_part_begun_on_the_wall_draws_when_the_candidate_opens_it(
    sitting: Sitting, recording: Subject, begin: Begin, candidate_client: StrictClient, today
) -> None:
    begin(REACTION - 1)
    phase = sitting.phases.get(position=REACTION)
    sitting.phases.filter(position=REACTION - 1).update(state="ended", ended_at=today)
    Phase.objects.filter(pk=phase.pk).update(state="running", started_at=today)
    assert "Ouvrir mon dossier" in page(candidate_client, sitting)
    candidate_client.post(reverse("rooms:begin", args=[sitting.pk]), {"phase": phase.pk})
    assert "Vous pouvez entendre" in page(candidate_client, sitting)


def test_the_answer_is_recorded_where_the_framework_says_so(
    sitting: Sitting, reaction: Phase, candidate_client: StrictClient, juror_client: StrictClient
) -> None:
    Phase.objects.filter(pk=reaction.pk).update(answer_recorded=True)
    assert "Enregistrer ma réponse" in page(candidate_client, sitting)
    for number in (1, 2, 2):
        kept = candidate_client.post(address("sound_piece", reaction), piece(number))
        assert kept.json()["number"] == number
    ended = candidate_client.post(address("sound_end", reaction), {"take": "t", "pieces": "3"})
    assert ended.json() == {"missing": [3]}
    ended = candidate_client.post(address("sound_end", reaction), {"take": "t", "pieces": "2"})
    assert ended.json() == {"missing": []}
    assert "1 réponse est gardée" in page(candidate_client, sitting)
    kept = SittingFile.objects.get(sitting=sitting, kind="answer")
    file = reverse("rooms:file", args=[sitting.candidate_id, kept.pk])
    shown = juror_client.get(reverse("rooms:dossier", args=[sitting.candidate_id]))
    assert file in shown.content.decode()
    heard = juror_client.post(file)
    assert b"".join(heard.streaming_content) == b"du sondu son"
    assert "file.opened" in [line.verb for line in trace.lines(sitting.trace_stream)]


@pytest.mark.parametrize(
    "fields", [{"piece": ""}, {"take": ""}, {"number": "x"}, {"media_type": "text/plain"}]
)
def test_what_is_no_piece_is_refused(
    reaction: Phase, candidate_client: StrictClient, fields: dict[str, str]
) -> None:
    Phase.objects.filter(pk=reaction.pk).update(answer_recorded=True)
    sent = candidate_client.post(address("sound_piece", reaction), piece(1, **fields), headers=JSON)
    assert sent.status_code == 422
    assert not SoundPiece.objects.exists()


def test_a_piece_too_long_is_refused_before_it_is_read(
    reaction: Phase, candidate_client: StrictClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("acquis.practice.rooms.views.sound.LONGEST_PIECE", 3)
    sent = candidate_client.post(address("sound_piece", reaction), piece(1), headers=JSON)
    assert sent.json()["code"] == "sittings.sound_too_long"


@pytest.mark.parametrize("name", ["listen", "listening", "sound_piece", "sound_end"])
def test_another_device_and_another_candidate_hear_and_say_nothing(
    sitting: Sitting, reaction: Phase, candidate_client: StrictClient, name: str
) -> None:
    elsewhere = StrictClient()
    elsewhere.force_login(make.writer(sitting))
    asked = {"key": "a", "take": "t", "pieces": "1"}
    refused = elsewhere.post(address(name, reaction), asked, headers=JSON)
    assert refused.json()["code"] == "sittings.device_not_authorised"
    other = StrictClient()
    other.force_login(
        make.person(Role.CANDIDATE, organisation=sitting.candidate.session.organisation)
    )
    assert other.post(address(name, reaction), asked).status_code == 404
    assert not reaction.heard.exists()
