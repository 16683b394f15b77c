"""Files that go with a written subject: checked, sealed, bound by its fingerprint, never before their time."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.certification.papers import actions, errors, policy, sealing, tasks
from acquis.certification.papers.models import Attachment, BroughtFile, Subject, SubjectOpening
from acquis.certification.sittings import actions as exam
from acquis.kernel import crypto, files, trace
from acquis.kernel.models import StoredFile
from tests.certification.papers.test_recordings import WAV
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 le contrat de la cliente"
PNG = b"\x89PNG\r\n\x1a\nimage"
KEY = b"%PDF-1.7 le corrige"


def archive(**members: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return target.getvalue()


def brought(centre, by, content: bytes = PDF, name: str = "contrat.pdf", jury: bool = False):
    reader = policy.FOR_JURY if jury else policy.FOR_CANDIDATE
    return actions.bring_file(
        organisation=centre, name=name, content=content, reader=reader, by=by, at=DAY
    )


def written(centre, **fields) -> Subject:
    """A subject with the contract and the image for the candidate, the key for the jury between."""
    author = make.person(Role.TRAINER, organisation=centre)
    handed = [
        brought(centre, author),
        brought(centre, author, KEY, "corrige.pdf", jury=True),
        brought(centre, author, PNG, "plan.png"),
    ]
    return make.subject(centre, author=author, files=handed, **fields)


def drawn(sitting):
    session = sitting.candidate.session
    written(session.organisation)
    return actions.draw_subject(
        candidate=sitting.candidate, kind="written", by=session.manager, at=DAY
    )


# ---- At rest ----


def test_each_file_is_sealed_on_disk_and_bound_by_the_fingerprint_of_the_subject() -> None:
    centre = make.organisation()
    subject = written(centre)
    for stored in StoredFile.objects.all():
        kept = Path(stored.content.path).read_bytes()
        assert b"PDF" not in kept
        assert b"PNG" not in kept
        assert (stored.name, stored.media_type) == ("piece-scellee", "application/octet-stream")
    said = sealing.unseal(subject)["attachments"]
    assert [(one["number"], one["name"], one["reader"]) for one in said] == [
        (1, "contrat.pdf", "candidate"),
        (2, "corrige.pdf", "jury"),
        (3, "plan.png", "candidate"),
    ]
    assert list(subject.attachments.values_list("sha256", flat=True)) == [
        one["sha256"] for one in said
    ]
    assert b"contrat" not in bytes(subject.sealed)
    assert subject.sha256 != make.subject(centre).sha256
    assert not BroughtFile.objects.exists()


def test_the_draw_commits_to_the_files() -> None:
    """What is frozen is the fingerprint of the subject, and another file makes it another."""
    centre = make.organisation()
    author = make.person(Role.TRAINER, organisation=centre)
    content = {"situation": "La même"}
    first = make.subject(centre, content=content, files=[brought(centre, author)], author=author)
    other = make.subject(
        centre, content=content, files=[brought(centre, author, KEY)], author=author
    )
    session = make.session(organisation=centre, candidates=1)
    made = actions.commit_draw(session=session, by=session.manager, at=DAY)
    assert made.frozen["pools"]["written"] == {
        first.reference: first.sha256,
        other.reference: other.sha256,
    }
    assert first.sha256 != other.sha256


def test_a_file_changed_on_disk_or_lost_is_refused() -> None:
    subject = written(make.organisation())
    other = files.store(crypto.seal(b"%PDF- autre"), name="x", media_type="x/x", by=None, at=DAY)
    subject.attachments.filter(number=1).update(file=other)
    subject.attachments.filter(number=2).delete()
    for number in (1, 2):
        with pytest.raises(errors.SubjectDamaged):
            actions.review_attachment(subject=subject, number=number, by=subject.author, at=DAY)
    assert not SubjectOpening.objects.exists()


def test_what_a_content_says_of_files_that_did_not_come_is_left_out() -> None:
    forged = [{"number": 1, "name": "x", "reader": "candidate", "sha256": "0" * 64}]
    subject = make.subject(make.organisation(), content={"brief": "Lisez", "attachments": forged})
    assert sealing.unseal(subject) == {"brief": "Lisez"}


# ---- What may be brought ----


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.png", PNG, "image/png"),
        ("a.jpg", b"\xff\xd8\xff\xe0photo", "image/jpeg"),
        ("a.docx", archive(word__document_xml="<x/>"), files.WORD_TEXT),
        ("a.xlsx", archive(xl__workbook_xml="<x/>"), files.SPREADSHEET),
        ("a.pptx", archive(ppt__presentation_xml="<x/>"), files.SLIDES),
        ("a.odp", archive(mimetype=files.OPEN_SLIDES, content_xml="<x/>"), files.OPEN_SLIDES),
        ("a.wav", WAV, "audio/wav"),
    ],
)
def test_a_file_is_what_its_content_is(name: str, content: bytes, media_type: str) -> None:
    centre = make.organisation()
    row = brought(centre, make.person(Role.TRAINER, organisation=centre), content, name)
    (piece,) = sealing.pieces_brought([row])
    assert (piece.entry["name"], piece.entry["media_type"]) == (name, media_type)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", files.FileEmpty),
        (b"<html><script>x</script></html>", errors.AttachmentKindRefused),
        (b"MZ\x90\x00 programme", errors.AttachmentKindRefused),
        (archive(x="y"), errors.AttachmentKindRefused),
        (b"%PDF-" + b"x" * policy.LONGEST_ATTACHMENT, errors.AttachmentTooLarge),
    ],
    ids=["empty", "page", "programme", "archive", "too large"],
)
def test_what_is_no_attachment_is_refused_and_kept_nowhere(content: bytes, refusal) -> None:
    centre = make.organisation()
    with pytest.raises(refusal):
        brought(centre, make.person(Role.TRAINER, organisation=centre), content, "piece.pdf")
    assert not StoredFile.objects.exists()


def test_a_subject_has_so_many_files_and_so_much() -> None:
    policy.check_attachments([policy.LONGEST_ATTACHMENT] * 3)
    with pytest.raises(errors.TooManyAttachments):
        policy.check_attachments([1] * (policy.MOST_ATTACHMENTS + 1))
    with pytest.raises(errors.AttachmentsTooHeavy):
        policy.check_attachments([policy.LONGEST_ATTACHMENT] * 3 + [1])


def test_what_no_subject_took_goes_after_a_day() -> None:
    centre = make.organisation()
    author = make.person(Role.TRAINER, organisation=centre)
    subject = make.subject(centre, author=author, files=[brought(centre, author)])
    brought(centre, author, KEY)
    tasks.let_files_go(DAY + timedelta(hours=23))
    assert BroughtFile.objects.count() == 1
    tasks.let_files_go(DAY + timedelta(hours=25))
    assert not BroughtFile.objects.exists()
    assert list(StoredFile.objects.all()) == [subject.attachments.get().file]


# ---- Versions ----


def test_a_new_version_keeps_the_files_that_one_leaves_and_takes_new_ones() -> None:
    centre = make.organisation()
    first = written(centre)
    author = first.author
    second = actions.revise_subject(
        subject=first,
        title="Dossier",
        content={"brief": "Autre"},
        files=[brought(centre, author, WAV, "appel.wav")],
        kept={2, 3},
        by=author,
        at=DAY,
    )
    names = [one["name"] for one in sealing.unseal(second)["attachments"]]
    assert names == ["corrige.pdf", "plan.png", "appel.wav"]
    opened = actions.review_attachment(subject=second, number=3, by=author, at=DAY)
    assert (opened.content, opened.media_type) == (WAV, "audio/wav")
    third = actions.revise_subject(subject=second, title="x", content={}, by=author, at=DAY)
    assert third.attachments.count() == 3


# ---- Who opens them, and when ----


def test_the_candidate_opens_theirs_while_the_phase_runs_and_never_before_nor_after() -> None:
    sitting = make.ready_sitting(subjects=False)
    draw, person = drawn(sitting), make.writer(sitting)

    def ask(number: int = 1):
        return actions.open_attachment(draw=draw, number=number, by=person, at=DAY)

    with pytest.raises(errors.SubjectStillSecret):
        ask()
    phase = sitting.phases.first()
    exam.start_phase(phase=phase, by=person, at=DAY)
    assert (ask().content, ask(3).content) == (PDF, PNG)
    for missing in (0, 2, 4):
        with pytest.raises(errors.AttachmentMissing):
            ask(missing)
    opened = SubjectOpening.objects.filter(purpose="file", opened_by=person)
    assert [one.attachment.number for one in opened.order_by("pk")] == [1, 3]
    assert trace.lines(draw.candidate.trace_stream).filter(verb="subject.file_opened").count() == 2
    exam.end_phase(phase=phase, by=person, at=DAY)
    with pytest.raises(errors.SubjectStillSecret):
        ask()


def test_a_juror_of_the_session_opens_all_of_them_and_nobody_else_any() -> None:
    sitting = make.running_sitting(subjects=False)
    draw, session = drawn(sitting), sitting.candidate.session
    juror = session.jurors.first().juror.user
    assert actions.open_attachment(draw=draw, number=2, by=juror, at=DAY).content == KEY
    for stranger in (
        make.person(Role.JUROR, organisation=session.organisation),
        make.person(Role.CANDIDATE, organisation=session.organisation),
        session.manager,
    ):
        with pytest.raises(errors.SubjectNotForYou):
            actions.open_attachment(draw=draw, number=1, by=stranger, at=DAY)
    session.state = "summoned"
    session.save()
    with pytest.raises(errors.SubjectStillSecret):
        actions.open_attachment(draw=draw, number=1, by=juror, at=DAY)


def test_the_candidate_is_told_of_their_own_files_alone() -> None:
    side = policy.candidate_side(sealing.unseal(written(make.organisation())))
    assert side["attachments"] == [
        {"number": 1, "name": "contrat.pdf", "media_type": "application/pdf", "size": len(PDF)},
        {"number": 3, "name": "plan.png", "media_type": "image/png", "size": len(PNG)},
    ]
    assert "corrige" not in str(side)


@pytest.mark.parametrize(
    "role", [Role.CANDIDATE, Role.JUROR, Role.INVIGILATOR, Role.SESSION_MANAGER, Role.ADVISER]
)
def test_the_bank_gives_no_file_to_those_who_do_not_write_or_validate(client, role: Role) -> None:
    sitting = make.running_sitting(subjects=False)
    draw = drawn(sitting)
    people = [make.person(role, organisation=draw.session.organisation)]
    if role == Role.CANDIDATE:
        people.append(make.writer(sitting))
    for person in people:
        client.force_login(person)
        for number in range(5):
            address = reverse("papers:attachment", args=[draw.subject_id, number])
            for ask in (client.get, client.post):
                answer = ask(address)
                assert answer.status_code in {403, 404, 405}
                assert PDF not in answer.content
    assert not SubjectOpening.objects.exists()


def test_another_trainer_opens_none_and_the_direction_all(client) -> None:
    centre = make.organisation()
    subject = written(centre, state="submitted")
    address = reverse("papers:attachment", args=[subject.pk, 2])
    client.force_login(make.person(Role.TRAINER, organisation=centre))
    refused = client.post(address)
    assert refused.status_code == 422
    assert KEY not in refused.content
    director = make.person(Role.CERTIFYING_BODY, organisation=centre)
    client.force_login(director)
    page = client.get(reverse("papers:detail", args=[subject.pk])).content.decode()
    assert "corrige.pdf" not in page
    opened = client.post(reverse("papers:open", args=[subject.pk])).content.decode()
    assert "corrige.pdf" in opened
    assert "pour le jury seul" in opened
    answer = client.post(address)
    assert answer.content == KEY
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("inline")
    assert client.get(address).status_code == 405
    assert client.post(reverse("papers:attachment", args=[subject.pk, 9])).status_code == 422
    assert SubjectOpening.objects.get(purpose="file").opened_by == director
    listed = client.get(reverse("papers:detail", args=[subject.pk])).content.decode()
    assert "pièce jointe 2" in listed


# ---- The form ----

DATA = {
    "reference": "VAL-E91",
    "pack": "valbrenne",
    "title": "Dossier 91",
    "situation": "Une cliente a écrit.",
    "instructions": "Répondez à la cliente.",
    "criterion_1": "La date promise est reprise.",
}


@pytest.fixture
def centre():
    place = make.organisation()
    make.enterprise(place)
    return place


@pytest.fixture
def trainer(client, centre):
    person = make.person(Role.TRAINER, organisation=centre)
    client.force_login(person)
    return person


@pytest.fixture
def exam_choice():
    return f"{make.framework_version().pk}:CCP1"


def upload(name: str = "contrat.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def send(client, exam_choice: str, **changes):
    return client.post(reverse("papers:write"), DATA | {"exam": exam_choice} | changes)


def test_files_are_sealed_with_the_subject(client, trainer, exam_choice) -> None:
    answer = send(
        client,
        exam_choice,
        attachments=[upload(), upload("plan.png", PNG)],
        jury_attachments=[upload("corrige.pdf", KEY)],
    )
    assert answer.status_code == 302
    said = sealing.unseal(Subject.objects.get())["attachments"]
    assert [(one["name"], one["reader"]) for one in said] == [
        ("contrat.pdf", "candidate"),
        ("plan.png", "candidate"),
        ("corrige.pdf", "jury"),
    ]


def test_a_form_that_comes_back_keeps_the_files_that_were_chosen(
    client, trainer, exam_choice
) -> None:
    back = send(client, exam_choice, situation="", attachments=[upload()])
    assert back.status_code == 422
    (row,) = BroughtFile.objects.all()
    assert f'name="brought" value="{row.pk}" checked' in back.content.decode()
    seen = send(
        client,
        exam_choice,
        act="preview",
        brought=[row.pk],
        jury_attachments=[upload("corrige.pdf", KEY)],
    ).content.decode()
    shown = seen[seen.index("Ce que le candidat verra") : seen.index('<form method="post" enc')]
    assert "contrat.pdf" in shown
    assert "corrige.pdf" not in shown
    assert "corrige.pdf" in seen
    send(client, exam_choice, brought=[one.pk for one in BroughtFile.objects.all()])
    names = [one["name"] for one in sealing.unseal(Subject.objects.get())["attachments"]]
    assert names == ["contrat.pdf", "corrige.pdf"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ([upload("page.pdf", b"<html>x</html>")], "n’est pas une pièce acceptée"),
        ([upload("vide.pdf", b"")], "est vide"),
        ([upload(f"{n}.pdf", PDF + bytes([n])) for n in range(9)], "pièces jointes au plus"),
    ],
)
def test_a_wrong_file_is_said_at_its_field_and_the_rest_stays(
    client, trainer, exam_choice, sent, said: str
) -> None:
    answer = send(client, exam_choice, attachments=[*sent, upload("bon.png", PNG)])
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"attachments"}
    page = answer.content.decode().replace("\u202f", " ").replace("\u00a0", " ")
    assert said in page
    assert "Une cliente a écrit." in page
    assert not Subject.objects.exists()


def test_a_file_too_large_is_refused_before_it_is_read(
    client, trainer, exam_choice, monkeypatch
) -> None:
    monkeypatch.setattr(policy, "LONGEST_ATTACHMENT", 10)
    answer = send(client, exam_choice, attachments=[upload()])
    assert answer.status_code == 422
    assert not StoredFile.objects.exists()


def test_a_reference_taken_is_said_at_its_field_and_nothing_is_lost(
    client, trainer, exam_choice, centre
) -> None:
    make.subject(centre, reference="VAL-E91")
    answer = send(client, exam_choice, attachments=[upload()])
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"reference"}
    page = answer.content.decode()
    assert "Une cliente a écrit." in page
    assert "contrat.pdf" in page


def test_nobody_takes_up_the_file_of_another(client, trainer, exam_choice, centre) -> None:
    theirs = brought(centre, make.person(Role.TRAINER, organisation=centre))
    elsewhere = brought(make.organisation(), trainer)
    for row in (theirs, elsewhere):
        answer = send(client, exam_choice, brought=[row.pk])
        assert answer.status_code == 422
        assert "contrat.pdf" not in answer.content.decode()
    assert send(client, exam_choice, brought=["999999", "x"]).status_code == 422
    assert not Subject.objects.exists()
    assert BroughtFile.objects.count() == 2


def test_a_new_version_is_written_with_the_files_that_stay(client, trainer, centre) -> None:
    make.framework_version()
    subject = make.subject(
        centre,
        author=trainer,
        content={"situation": "Avant", "instructions": ["Lisez."]},
        files=[brought(centre, trainer), brought(centre, trainer, PNG, "plan.png")],
    )
    address = reverse("papers:rewrite", args=[subject.pk])
    first = client.get(address).content.decode()
    assert "contrat.pdf" not in first  # names are content
    assert "Pièce 1" in first
    assert "contrat.pdf" in client.post(address, {"act": "load"}).content.decode()
    data = {key: value for key, value in DATA.items() if key not in {"reference", "pack"}}
    client.post(address, data | {"kept": [2], "attachments": [upload("autre.pdf", KEY)]})
    made = Subject.objects.get(replaces=subject)
    names = [one["name"] for one in sealing.unseal(made)["attachments"]]
    assert names == ["plan.png", "autre.pdf"]
    assert Attachment.objects.filter(subject=subject).count() == 2
