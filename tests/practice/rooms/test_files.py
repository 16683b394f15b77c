"""Documents handed in from the room, and the sealed file as one package."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions.models import Incident
from acquis.certification.sittings import actions
from acquis.certification.sittings.models import Phase, Sitting, SittingFile
from acquis.desk.documents.models import Letter
from acquis.desk.phone import transcribing
from acquis.desk.phone.actions.transcribe_recording import ask_transcript
from acquis.desk.phone.models import Line, Recording
from acquis.kernel import files, speech, trace
from acquis.kernel.models import TraceLine
from acquis.kernel.testing import StrictClient
from acquis.practice.rooms import tasks
from acquis.practice.rooms.actions.gather_file import (
    MANIFEST,
    gather_file,
    keep_calls,
    keep_transcripts,
    packed,
)
from acquis.practice.rooms.errors import NotSealedYet
from tests.factories import certification as make
from tests.factories import desk
from tests.factories import mail as mails
from tests.factories import phone as phones
from tests.factories.speech import Ears, said

pytestmark = pytest.mark.django_db

Begin = Callable[[int], Phase]
JSON = {"Accept": "application/json"}


def archive(**members: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return target.getvalue()


ODT = archive(mimetype=files.OPEN_TEXT, content_xml="<x/>")
DOCX = archive(word__document_xml="<x/>")


@pytest.fixture
def depositing(sitting: Sitting, begin: Begin) -> Phase:
    phase = begin(1)
    Phase.objects.filter(pk=phase.pk).update(kind=Phase.Kind.DEPOSIT, method="portfolio")
    phase.refresh_from_db()
    return phase


def hand_in(client: StrictClient, phase: Phase, content: bytes | None, name: str = "rapport.pdf"):
    asked: dict[str, object] = {"phase": phase.pk}
    if content is not None:
        asked["document"] = SimpleUploadedFile(name, content)
    return client.post(reverse("rooms:deposit", args=[phase.sitting_id]), asked, headers=JSON)


@pytest.mark.parametrize(
    ("name", "content"),
    [("rapport.pdf", b"%PDF-1.7"), ("rapport.odt", ODT), ("rapport.docx", DOCX)],
)
def test_a_document_is_handed_in_with_its_receipt(
    depositing: Phase, candidate_client: StrictClient, name: str, content: bytes
) -> None:
    assert hand_in(candidate_client, depositing, content, name).status_code == 302
    kept = SittingFile.objects.get()
    room = candidate_client.get(reverse("rooms:room", args=[depositing.sitting_id]))
    shown = room.content.decode()
    assert name in shown
    assert kept.file.sha256 in shown
    assert "Remplacer le document remis" in shown


@pytest.mark.parametrize("content", [None, b"GIF89a", b"bonjour", archive(x="y"), b""])
def test_what_is_no_document_is_refused(
    depositing: Phase, candidate_client: StrictClient, content: bytes | None
) -> None:
    assert hand_in(candidate_client, depositing, content).status_code == 422
    assert not SittingFile.objects.exists()


def test_the_jury_reads_what_was_handed_in(
    depositing: Phase, candidate_client: StrictClient, juror_client: StrictClient
) -> None:
    hand_in(candidate_client, depositing, b"%PDF-1.7")
    seat = depositing.sitting.candidate_id
    shown = juror_client.get(reverse("rooms:dossier", args=[seat])).content.decode()
    assert "Documents remis" in shown
    file = reverse("rooms:file", args=[seat, SittingFile.objects.get().pk])
    answer = juror_client.post(file)
    assert "attachment" in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    other = StrictClient()
    other.force_login(
        make.person(Role.JUROR, organisation=depositing.sitting.candidate.session.organisation)
    )
    assert other.post(file).status_code == 404
    assert candidate_client.post(file).status_code == 403


@pytest.fixture
def sealed(sitting: Sitting, begin: Begin, today) -> Sitting:
    """An exam stopped during its exchanges, with a text, a call and an incident."""
    begin(1)
    writer = make.writer(sitting)
    for number in (1, 2):
        actions.save_production(
            sitting=sitting,
            key="summary",
            content=f"<p onclick='x()'>Version <strong>{number}</strong></p>",
            rich=True,
            client_id=f"t:{number}",
            base_seq=number - 1,
            by=writer,
            at=today,
        )
    begin(3)
    sitting.refresh_from_db()
    call = phones.ringing_call(sitting.workspace)
    type(call.conversation).objects.filter(pk=call.conversation_id).update(started_at=today)
    phones.ready_recording(call, started_at=today)
    phones.ready_recording(call, started_at=today - timedelta(days=300))  # of its history
    Incident.objects.create(
        session=sitting.candidate.session,
        candidate=sitting.candidate,
        category=Incident.Category.HEADSET,
        description="Casque changé",
        happened_at=today,
        reported_at=today,
        reported_by=sitting.candidate.session.manager,
    )
    return actions.abort_sitting(
        sitting=sitting, reason="Malaise", by=sitting.candidate.session.manager, at=today
    )


def gather(sitting: Sitting, at) -> SittingFile:
    return gather_file(sitting=sitting, by=sitting.candidate.session.manager, at=at)


def test_the_package_holds_everything_and_says_what_it_holds(sealed: Sitting, today) -> None:
    content = files.read(gather(sealed, today).file)
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        manifest = json.loads(found.read(MANIFEST))
        parts = {one["name"]: one for one in manifest["parts"]}
        assert set(found.namelist()) == {MANIFEST, *parts}
        for name, one in parts.items():
            assert hashlib.sha256(found.read(name)).hexdigest() == one["sha256"]
        exam = json.loads(found.read("epreuve.json"))
        texts = json.loads(found.read("ecrits.json"))
        page = found.read("ecrits.html").decode()
        talks = json.loads(found.read("echanges.json"))
        incidents = json.loads(found.read("incidents.json"))
        lines = json.loads(found.read("journal.json"))
    assert exam["abort_reason"] == "Malaise"
    assert exam["sealed_sha256"] == sealed.sealed_sha256
    assert [one["content"] for one in texts[0]["revisions"]] == [
        f"<p>Version <strong>{number}</strong></p>" for number in (1, 2)
    ]
    assert texts[0]["words"] == "Version 2"
    assert "<p>Version <strong>2</strong></p>" in page
    assert [one["channel"] for one in talks] == ["phone"]
    assert [one["description"] for one in incidents] == ["Casque changé"]
    assert lines[0]["verb"] == "sitting.opened"
    assert [name.partition("-")[0] for name in parts if name.startswith("fichiers/")] == [
        "fichiers/call"
    ]


def test_what_has_not_changed_is_the_same_package(sealed: Sitting, today) -> None:
    first = gather(sealed, today)
    assert gather(sealed, today + timedelta(hours=1)) == first
    trace.record("note.added", sealed, by=None, at=today)
    assert gather(sealed, today).version == 2


def test_calls_are_kept_once_with_the_exam_and_outlive_the_desk_s(sealed: Sitting, today) -> None:
    tasks.keep_recorded_calls(today)
    assert keep_calls(sitting=sealed, by=None, at=today) == 0
    kept = SittingFile.objects.get(kind="call")
    assert kept.keep_until.year == today.year + 5
    assert not files.forget(kept.file)


def transcribed(sealed: Sitting, monkeypatch: pytest.MonkeyPatch, today) -> Recording:
    """The call of the exam, as a machine heard it."""
    recording = Recording.objects.get(workspace=sealed.workspace, started_at=today)
    Line.objects.filter(workspace=sealed.workspace).delete()
    phones.line(sealed.workspace, played=True)
    ears = Ears(said("Bonjour, c’est pour mon robot.", confidence=0.8))
    monkeypatch.setattr(speech, "transcriber", lambda: ears)
    ask_transcript(recording=recording, at=today)
    transcribing.transcribe(recording, lambda *_args: None)
    return recording


def test_a_transcript_is_kept_with_its_call_as_long_and_said_to_be_a_machine_s(
    sealed: Sitting, monkeypatch: pytest.MonkeyPatch, today
) -> None:
    """The call was kept before its transcript was there."""
    keep_calls(sitting=sealed, by=None, at=today - timedelta(days=1))
    recording = transcribed(sealed, monkeypatch, today)
    keep_calls(sitting=sealed, by=None, at=today)
    keep_calls(sitting=sealed, by=None, at=today)

    call, kept = (SittingFile.objects.get(kind=kind) for kind in ("call", "transcript"))
    assert (kept.key, kept.keep_until) == (call.key, call.keep_until)
    told = json.loads(files.read(kept.file))
    assert told["made_by"] == "machine"
    assert told["recording_sha256"] == call.file.sha256
    assert (told["model"], told["model_sha256"]) == ("modele-essai", "a" * 64)
    assert [line["text"] for line in told["lines"]] == ["Bonjour, c’est pour mon robot."]
    assert told["lines"][0]["confidence"] == 0.8
    line = TraceLine.objects.get(verb="transcripts.kept")
    assert line.data["fingerprints"] == [kept.file.sha256]
    assert recording.file is not None


def test_the_package_holds_the_transcript_with_its_fingerprint(
    sealed: Sitting, monkeypatch: pytest.MonkeyPatch, today
) -> None:
    transcribed(sealed, monkeypatch, today)
    package = gather(sealed, today)
    with zipfile.ZipFile(io.BytesIO(files.read(package.file))) as found:
        manifest = json.loads(found.read(MANIFEST))
        (part,) = (one for one in manifest["parts"] if "transcript-" in one["name"])
        content = found.read(part["name"])
    assert hashlib.sha256(content).hexdigest() == part["sha256"]
    assert json.loads(content)["made_by"] == "machine"
    assert gather(sealed, today + timedelta(hours=1)) == package


def test_a_transcript_without_a_kept_call_is_not_kept(
    sealed: Sitting, monkeypatch: pytest.MonkeyPatch, today
) -> None:
    transcribed(sealed, monkeypatch, today)
    assert keep_transcripts(sitting=sealed, by=None, at=today) == 0


def test_an_exam_that_never_began_has_a_package_too(sitting: Sitting, today) -> None:
    with pytest.raises(NotSealedYet):
        gather(sitting, today)
    manager = sitting.candidate.session.manager
    gone = actions.abort_sitting(sitting=sitting, reason="Absent", by=manager, at=today)
    assert gather(gone, today).version == 1


def test_the_manager_fetches_the_package_and_a_stranger_does_not(sealed: Sitting) -> None:
    address = reverse("rooms:package", args=[sealed.candidate_id])
    client = StrictClient()
    client.force_login(sealed.candidate.session.manager)
    dossier = client.get(reverse("rooms:dossier", args=[sealed.candidate_id]))
    assert address in dossier.content.decode()
    answer = client.post(address)
    assert zipfile.is_zipfile(io.BytesIO(b"".join(answer.streaming_content)))
    other = StrictClient()
    other.force_login(make.person(Role.SESSION_MANAGER, organisation=make.organisation()))
    assert other.post(address).status_code == 404
    assert "file.opened" in [line.verb for line in trace.lines(sealed.trace_stream)]


def test_a_package_depends_on_its_parts_alone() -> None:
    assert packed({"a": b"1", "b": b"2"}) == packed({"b": b"2", "a": b"1"})
    assert packed({"a": b"1"}) != packed({"a": b"2"})


def test_what_was_written_to_customers_is_in_the_package(
    sitting: Sitting, begin: Begin, juror_client, today
) -> None:
    """A letter with its PDF, an e-mail that left and one that had not, with what was joined to it."""
    begin(3)
    writer, place = make.writer(sitting), sitting.workspace
    customer = desk.customer(place)
    letter = Letter.objects.create(
        workspace=place, customer=customer, state=Letter.State.FINAL, subject="Accord",
        body="Comme convenu.", closing="Cordialement.", author=writer, created_at=today,
        saved_at=today, finalised_at=today,
        file=files.store(b"%PDF lettre", name="l.pdf", media_type="application/pdf", by=None, at=today),
    )  # fmt: skip
    Letter.objects.create(
        workspace=place, customer=customer, subject="Brouillon", body="Sans PDF encore.",
        author=writer, created_at=today, saved_at=today,
    )  # fmt: skip
    exchange = desk.open_conversation(place, writer, channel="mail")
    gone = mails.draft(
        exchange, writer, state="sent", to="m@b.example", body="Trois fois 652 €.", at=today
    )
    mails.mail_file(gone, name="echeancier.pdf")
    mails.draft(exchange, writer, state="scheduled", body="Partait à l’instant.", at=today)
    mails.draft(exchange, writer, body="D’avant l’épreuve.", at=today - timedelta(days=2))
    shown = juror_client.get(reverse("rooms:dossier", args=[sitting.candidate_id])).content.decode()
    assert "D’avant l’épreuve." not in shown
    for words in ("Comme convenu.", "Cordialement.", "Trois fois 652", "echeancier.pdf"):
        assert words in shown
    actions.abort_sitting(sitting=sitting, reason="Fin", by=writer, at=today)
    with zipfile.ZipFile(io.BytesIO(files.read(gather(sitting, today).file))) as found:
        names = set(found.namelist())
        letters = json.loads(found.read("courriers.json"))
        written = json.loads(found.read("courriels.json"))
        page = found.read("ecrits.html").decode()
        assert found.read(f"fichiers/lettre-{letter.pk}.pdf") == b"%PDF lettre"
    assert any(name.startswith(f"fichiers/courriel-{gone.pk}-") for name in names)
    assert [name for name in names if name.startswith("fichiers/lettre-")] == [
        f"fichiers/lettre-{letter.pk}.pdf"
    ]
    assert {(one["subject"], one["closing"], one["customer"]) for one in letters} == {
        ("Accord", "Cordialement.", customer.reference),
        ("Brouillon", "", customer.reference),
    }
    assert [(one["state"], one["body"]) for one in written] == [
        ("sent", "Trois fois 652 €."),
        ("scheduled", "Partait à l’instant."),
    ]
    assert written[0]["files"][0]["name"] == "echeancier.pdf"
    assert "Trois fois 652" in page
    assert "D’avant l’épreuve." not in page


def test_what_is_written_after_the_parts_at_the_desk_is_told_late(
    sitting: Sitting, begin: Begin, juror_client, today
) -> None:
    begin(3)
    late = "après la fin de la partie"
    exchange = desk.open_conversation(sitting.workspace, make.writer(sitting), channel="mail")
    mails.draft(exchange, make.writer(sitting), state="sent", at=today + timedelta(minutes=1))
    address = reverse("rooms:dossier", args=[sitting.candidate_id])
    assert late not in juror_client.get(address).content.decode()
    begin(5)
    assert late in juror_client.get(address).content.decode()
