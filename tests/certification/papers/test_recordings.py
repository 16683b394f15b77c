"""Recorded calls: sealed at rest, heard in their phase only; versions; who may read what."""

import io
import math
import struct
import wave
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.certification.papers import actions, errors, queries, sealing
from acquis.certification.papers.models import Draw, Subject, SubjectOpening
from acquis.certification.sittings import actions as exam
from acquis.kernel import files, trace
from acquis.kernel.models import StoredFile
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db

CONTENT = {"situation": "Écoutez l’appel", "instructions": ["Réagissez"], "transcript": "Allô ?"}


def sound(seconds: float = 0.2) -> bytes:
    """A short WAV of two tones."""
    stream = io.BytesIO()
    with wave.open(stream, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(
            b"".join(
                struct.pack("<h", int(9000 * math.sin(rank * 0.3) * math.cos(rank * 0.02)))
                for rank in range(int(8000 * seconds))
            )
        )
    return stream.getvalue()


WAV = sound()


def recorded(centre, **fields) -> Subject:
    return make.subject(centre, kind="recording", content=CONTENT, sound=WAV, **fields)


def drawn(sitting) -> Draw:
    session = sitting.candidate.session
    recorded(session.organisation)
    return actions.draw_subject(
        candidate=sitting.candidate, kind="recording", by=session.manager, at=DAY
    )


def up_to_the_reaction(sitting) -> None:
    """Take the sitting to its reaction, which stands fifth."""
    person = make.writer(sitting)
    for phase in sitting.phases.all()[:4]:
        exam.start_phase(phase=phase, by=person, at=DAY)
        exam.end_phase(phase=phase, by=person, at=DAY)


def test_a_recording_is_sealed_on_disk() -> None:
    subject = recorded(make.organisation())
    (stored,) = StoredFile.objects.all()
    kept = Path(stored.content.path).read_bytes()
    assert WAV not in kept
    assert b"RIFF" not in kept
    assert subject.recording_type == "audio/wav"
    heard = actions.review_recording(subject=subject, by=subject.author, at=DAY)
    assert (heard.content, heard.media_type) == (WAV, "audio/wav")
    assert SubjectOpening.objects.get().purpose == "listen"


def test_the_fingerprint_of_a_subject_binds_its_sound() -> None:
    centre = make.organisation()
    first, second = recorded(centre), make.subject(centre, kind="recording", content=CONTENT)
    assert first.sha256 != second.sha256
    content = sealing.unseal(first)
    assert content["recording_sha256"] == first.recording_sha256


def test_a_recording_changed_on_disk_or_absent_is_refused() -> None:
    subject = recorded(make.organisation())
    other = sealing.sealed_sound(sound(0.1), by=None, at=DAY)["recording"]
    Subject.objects.update(recording=other)
    subject.refresh_from_db()
    with pytest.raises(errors.SubjectDamaged):
        actions.review_recording(subject=subject, by=subject.author, at=DAY)
    written = make.subject(subject.organisation)
    with pytest.raises(errors.RecordingMissing):
        actions.review_recording(subject=written, by=written.author, at=DAY)


def test_what_is_no_sound_is_refused_and_kept_nowhere() -> None:
    centre = make.organisation()
    with pytest.raises(errors.RecordingNotReadable):
        make.subject(centre, kind="recording", sound=b"%PDF-1.7")
    assert not Subject.objects.exists()
    assert not StoredFile.objects.exists()


def test_the_candidate_hears_it_while_its_phase_runs_and_not_before_nor_after() -> None:
    sitting = make.ready_sitting()
    draw, person = drawn(sitting), make.writer(sitting)
    with pytest.raises(errors.SubjectStillSecret):
        actions.open_recording(draw=draw, by=person, at=DAY)
    up_to_the_reaction(sitting)
    with pytest.raises(errors.SubjectStillSecret):
        actions.open_recording(draw=draw, by=person, at=DAY)
    reaction = sitting.phases.get(kind="reaction")
    exam.start_phase(phase=reaction, by=person, at=DAY)
    for _ in range(2):
        assert actions.open_recording(draw=draw, by=person, at=DAY).content == WAV
    assert SubjectOpening.objects.filter(purpose="listen", opened_by=person).count() == 2
    lines = trace.lines(draw.candidate.trace_stream).filter(verb="subject.listened")
    assert lines.count() == 2
    exam.end_phase(phase=reaction, by=person, at=DAY)
    with pytest.raises(errors.SubjectStillSecret):
        actions.open_recording(draw=draw, by=person, at=DAY)


def test_the_jury_of_the_session_hears_it_and_nobody_else() -> None:
    sitting = make.ready_sitting()
    draw, session = drawn(sitting), sitting.candidate.session
    juror = session.jurors.first().juror.user
    assert actions.open_recording(draw=draw, by=juror, at=DAY).media_type == "audio/wav"
    for stranger in (
        make.person(Role.JUROR, organisation=session.organisation),
        make.person(Role.CANDIDATE, organisation=session.organisation),
        session.manager,
    ):
        with pytest.raises(errors.SubjectNotForYou):
            actions.open_recording(draw=draw, by=stranger, at=DAY)
    session.state = "summoned"
    session.save()
    with pytest.raises(errors.SubjectStillSecret):
        actions.open_recording(draw=draw, by=juror, at=DAY)


# ---- Versions ----


def test_a_new_version_waits_for_the_direction_and_then_takes_the_place() -> None:
    centre = make.organisation()
    first = recorded(centre)
    author = make.person(Role.TRAINER, organisation=centre)
    second = actions.revise_subject(
        subject=first, title="Appel", content={"situation": "Autre"}, by=author, at=DAY
    )
    assert (second.reference, second.number) == (f"{first.reference}-v2", 2)
    assert second.recording == first.recording
    assert sealing.unseal(second)["recording_sha256"] == first.recording_sha256
    first.refresh_from_db()
    assert first.state == "validated"
    with pytest.raises(errors.SubjectNotReplaceable):
        actions.revise_subject(subject=first, title="x", content={}, by=author, at=DAY)
    director = make.person(Role.CERTIFYING_BODY, organisation=centre)
    actions.validate_subject(subject=second, by=director, at=DAY)
    first.refresh_from_db()
    assert first.state == "withdrawn"
    third = actions.revise_subject(
        subject=second, title="Appel", content={}, sound=sound(0.3), by=author, at=DAY
    )
    assert third.family == first.reference
    assert third.recording != second.recording
    with pytest.raises(errors.SubjectWithdrawn):
        actions.revise_subject(subject=first, title="x", content={}, by=author, at=DAY)


def test_a_written_subject_has_versions_too() -> None:
    first = make.subject(make.organisation())
    second = actions.revise_subject(
        subject=first, title="Dossier", content={"brief": "Autre"}, by=first.author, at=DAY
    )
    assert second.recording is None
    assert sealing.unseal(second) == {"brief": "Autre"}


def test_a_draft_is_submitted_once() -> None:
    centre = make.organisation()
    author = make.person(Role.TRAINER, organisation=centre)
    cover = {
        "reference": "VAL-B",
        "kind": "written",
        "framework_code": "TP-00483",
        "pack": "valbrenne",
        "title": "Dossier",
    }
    draft = actions.author_subject(
        organisation=centre, cover=cover, content={}, draft=True, by=author, at=DAY
    )
    director = make.person(Role.CERTIFYING_BODY, organisation=centre)
    with pytest.raises(errors.SubjectNotSubmitted):
        actions.validate_subject(subject=draft, by=director, at=DAY)
    for _ in range(2):
        actions.submit_subject(subject=draft, by=author, at=DAY)
    assert trace.lines(draft.trace_stream).filter(verb="subject.submitted").count() == 1
    for _ in range(2):
        actions.validate_subject(subject=draft, by=director, at=DAY)
    for _ in range(2):
        actions.withdraw_subject(subject=draft, by=director, at=DAY)
    assert trace.lines(draft.trace_stream).filter(verb="subject.validated").count() == 1
    assert trace.lines(draft.trace_stream).filter(verb="subject.withdrawn").count() == 1


# ---- The pages ----


def posted(version, **changes):
    return {
        "reference": "VAL-R01",
        "title": "Appel d’un client",
        "exam": f"{version.pk}:CCP1",
        "pack": "valbrenne",
        "sound": SimpleUploadedFile("appel.wav", WAV, content_type="audio/wav"),
        "situation": "Vous écoutez un appel reçu hier.",
        "instructions": "Relevez les faits.\n\nDites comment vous auriez répondu.",
        "transcript": "Le client secret s’emporte.",
        "expected": "Reformuler",
    } | changes


@pytest.fixture
def centre():
    found = make.organisation()
    make.enterprise(found)
    return found


def test_a_trainer_brings_a_recording_and_the_direction_hears_it(client, centre) -> None:
    version = make.framework_version()
    author = make.person(Role.TRAINER, organisation=centre)
    client.force_login(author)
    assert client.get(reverse("papers:record")).status_code == 200
    assert client.post(reverse("papers:record"), posted(version)).status_code == 302
    subject = Subject.objects.get()
    assert (subject.kind, subject.state, subject.block) == ("recording", "submitted", "CCP1")
    content = sealing.unseal(subject)
    assert content["instructions"] == ["Relevez les faits.", "Dites comment vous auriez répondu."]
    page = client.get(reverse("papers:detail", args=[subject.pk])).content.decode()
    assert "secret" not in page
    director = make.person(Role.CERTIFYING_BODY, organisation=centre)
    client.force_login(director)
    heard = client.post(reverse("papers:listen", args=[subject.pk]))
    assert (heard.content, heard["Content-Type"]) == (WAV, "audio/wav")
    assert heard["Cache-Control"] == "private, no-store"
    assert client.get(reverse("papers:listen", args=[subject.pk])).status_code == 405
    page = client.get(reverse("papers:detail", args=[subject.pk])).content.decode()
    assert director.full_name in page
    assert "écoute" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sound", SimpleUploadedFile("appel.wav", b"%PDF-1.7 no sound")),
        ("sound", ""),
        ("title", ""),
        ("exam", "0:CCP9"),
        ("pack", "ailleurs"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    client, centre, field: str, value
) -> None:
    version = make.framework_version()
    client.force_login(make.person(Role.TRAINER, organisation=centre))
    answer = client.post(reverse("papers:record"), posted(version, **{field: value}))
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert "Vous écoutez un appel reçu hier." in answer.content.decode()
    assert not Subject.objects.exists()


def test_a_recording_too_large_is_refused(client, centre, settings) -> None:
    settings.UPLOAD_MAX_BYTES = 100
    client.force_login(make.person(Role.TRAINER, organisation=centre))
    answer = client.post(reverse("papers:record"), posted(make.framework_version()))
    assert answer.status_code == 422
    assert "dépasse" in answer.content.decode()


def test_another_trainer_reads_nothing_of_it(client, centre) -> None:
    subject = recorded(centre, state="submitted")
    other = make.person(Role.TRAINER, organisation=centre)
    client.force_login(other)
    page = client.get(reverse("papers:detail", args=[subject.pk]))
    assert page.status_code == 200
    assert not page.context["readable"]
    for name in ("open", "listen"):
        answer = client.post(reverse(f"papers:{name}", args=[subject.pk]))
        assert answer.status_code == 422
        assert b"RIFF" not in answer.content
    assert not SubjectOpening.objects.exists()


@pytest.mark.parametrize(
    "role", [Role.CANDIDATE, Role.JUROR, Role.INVIGILATOR, Role.SESSION_MANAGER, Role.ADVISER]
)
def test_no_address_gives_a_content_to_those_who_must_not_have_it(client, role: Role) -> None:
    sitting = make.running_sitting()
    draw = drawn(sitting)
    subject, centre = draw.subject, draw.session.organisation
    people = [make.person(role, organisation=centre)]
    if role == Role.CANDIDATE:
        people.append(make.writer(sitting))
    for person in people:
        client.force_login(person)
        for name in ("detail", "open", "listen", "revise", "submit", "validate", "withdraw"):
            address = reverse(f"papers:{name}", args=[subject.pk])
            for ask in (client.get, client.post):
                assert ask(address).status_code in {403, 404, 405}
    assert not SubjectOpening.objects.exists()


def test_a_new_version_comes_from_the_page(client, centre) -> None:
    version = make.framework_version()
    author = make.person(Role.TRAINER, organisation=centre)
    client.force_login(author)
    client.post(reverse("papers:record"), posted(version))
    subject = Subject.objects.get()
    address = reverse("papers:revise", args=[subject.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"title": "x"}).status_code == 422
    change = posted(version, situation="Tout autre chose", sound="")
    assert client.post(address, change).status_code == 302
    newer = Subject.objects.get(number=2)
    assert newer.recording == subject.recording
    assert sealing.unseal(newer)["code"] == newer.reference
    page = client.get(reverse("papers:detail", args=[subject.pk])).content.decode()
    assert newer.reference in page
    assert client.post(address, change).status_code == 422
    written = make.subject(centre)
    again = reverse("papers:revise", args=[written.pk])
    content = b'{"kind": "written", "code": "A", "title": "B", "framework": "C", "enterprise": "D"}'
    upload = SimpleUploadedFile("sujet.json", content)
    assert client.post(again, {"file": upload}).status_code == 302
    assert Subject.objects.get(replaces=written).title == "B"


# ---- The bank ----


@pytest.fixture
def bank(centre):
    """Subjects of several kinds, exams, states; one drawn twice."""
    session = make.session(organisation=centre, candidates=2)
    found = {"drawn": make.subject(centre, reference="A-DRAWN", title="Colis perdu")}
    for seat in session.candidates.all():
        actions.draw_subject(candidate=seat, kind="written", by=session.manager, at=DAY)
    found["fresh"] = make.subject(centre, reference="B-FRESH")
    found["call"] = recorded(centre, reference="C-CALL")
    found["other"] = make.subject(centre, reference="D-OTHER", block="CCP2", state="submitted")
    return found


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["drawn", "fresh", "call", "other"]),
        ({"nature": "recording"}, ["call"]),
        ({"nature": "inconnue"}, ["drawn", "fresh", "call", "other"]),
        ({"etat": "submitted"}, ["other"]),
        ({"examen": "TP-00483:CCP2"}, ["other"]),
        ({"tirages": "0"}, ["fresh", "call", "other"]),
        ({"tirages": "1+"}, ["drawn"]),
        ({"tirages": "3+"}, []),
        ({"tirages": "beaucoup"}, ["drawn", "fresh", "call", "other"]),
        ({"q": "colis"}, ["drawn"]),
        ({"q": "colis introuvable"}, []),
        ({"tri": "-exposure"}, ["drawn", "fresh", "call", "other"]),
        ({"tri": "-last"}, ["drawn", "fresh", "call", "other"]),
        ({"tri": "last"}, ["fresh", "call", "other", "drawn"]),
    ],
)
def test_the_bank_is_searched_filtered_and_sorted(client, bank, query, names) -> None:
    client.force_login(make.person(Role.TRAINER, organisation=bank["drawn"].organisation))
    answer = client.get(reverse("papers:list"), query)
    assert [one.reference for one in answer.context["page_obj"]] == [
        bank[name].reference for name in names
    ]


def test_the_bank_says_how_often_and_when_last(bank) -> None:
    found = queries.bank(bank["drawn"].organisation).get(pk=bank["drawn"].pk)
    assert (found.exposure, found.last_drawn_at) == (2, DAY)
    assert files.read(bank["call"].recording)
