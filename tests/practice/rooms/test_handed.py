"""Files that go with the drawn subject: shown in their part alone, asked for by every address."""

import json
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.certification.papers.actions import bring_file
from acquis.certification.papers.models import Subject, SubjectOpening
from acquis.certification.papers.policy import FOR_CANDIDATE, FOR_JURY
from acquis.certification.sittings import actions
from acquis.certification.sittings.models import Phase, Sitting
from acquis.kernel.testing import StrictClient
from acquis.practice.rooms.actions.gather_file import gather_file
from acquis.practice.rooms.subjects import draw_of
from tests.factories import certification as make
from tests.factories import desk
from tests.practice.rooms.conftest import entered

pytestmark = pytest.mark.django_db

Begin = Callable[[int], Phase]
JSON = {"Accept": "application/json"}
PDF, SOUND, KEY = b"%PDF-1.7 contrat", b"OggS appel", b"%PDF-1.7 corrige"


@pytest.fixture
def sitting(scenarios, today: datetime) -> Sitting:
    """An exam whose dossier was written in the form: no letter waits on the desk, three files go with it."""
    centre = make.organisation()
    author = make.person(Role.TRAINER, organisation=centre)
    model = make.enterprise(centre, identity={"reference_on": f"{today:%Y-%m-%d}"})
    exchanges = scenarios["exchanges"]
    for part in exchanges.parts():
        desk.customer(model, reference=part["customer"])
    make.subject(centre, kind="exchanges", content=exchanges.payload, author=author)
    handed = [
        bring_file(
            organisation=centre, name=name, content=content, reader=reader, by=author, at=today
        )
        for name, content, reader in (
            ("contrat.pdf", PDF, FOR_CANDIDATE),
            ("corrige.pdf", KEY, FOR_JURY),
            ("appel.ogg", SOUND, FOR_CANDIDATE),
        )
    ]
    make.subject(
        centre,
        content={
            "kind": "written",
            "enterprise": "valbrenne",
            "situation": "Une cliente a écrit.",
            "instructions": ["Répondez."],
        },
        files=handed,
        author=author,
    )
    session = make.session(organisation=centre, enterprise_id=model.pk, starts_at=today)
    session.jurors.update(present=True)
    actions.open_session(session=session, by=session.manager, at=today)
    first = Sitting.objects.get(candidate=session.candidates.order_by("order")[0])
    actions.confirm_presence(candidate=first.candidate, present=True, by=session.manager, at=today)
    actions.confirm_identity(candidate=first.candidate, by=session.manager, at=today)
    return actions.authorise_start(sitting=first, by=session.manager, at=today)


def ask(client: StrictClient, sitting: Sitting, number: int = 1):
    return client.post(reverse("rooms:attachment", args=[sitting.pk, number]), headers=JSON)


def jury_address(sitting: Sitting, number: int = 2, kind: str = "written") -> str:
    return reverse("rooms:jury_attachment", args=[sitting.candidate_id, kind, number])


def test_the_room_shows_the_candidate_s_files_and_opens_them(
    sitting: Sitting, begin: Begin, candidate_client: StrictClient
) -> None:
    begin(1)
    page = candidate_client.get(reverse("rooms:room", args=[sitting.pk])).content.decode()
    assert "contrat.pdf" in page
    assert "appel.ogg" in page
    assert "corrige" not in page
    answer = ask(candidate_client, sitting)
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("inline")
    address = reverse("rooms:attachment", args=[sitting.pk, 1])
    assert candidate_client.get(address).status_code == 405
    whole = candidate_client.post(address, {"whole": "1"})
    assert whole["Content-Disposition"] == 'attachment; filename="contrat.pdf"'
    assert ask(candidate_client, sitting, 3).content == SOUND
    assert SubjectOpening.objects.filter(purpose="file").count() == 3


def test_no_number_gives_the_jury_s_file_to_the_candidate(
    sitting: Sitting, begin: Begin, candidate_client: StrictClient
) -> None:
    begin(1)
    for number in (0, 2, 4, 99999):
        refused = ask(candidate_client, sitting, number)
        assert refused.status_code == 422
        assert KEY not in refused.content
    for address in (
        jury_address(sitting),
        reverse("papers:attachment", args=[draw_of(sitting, "written").subject_id, 2]),
    ):
        for call in (candidate_client.get, candidate_client.post):
            assert call(address).status_code in {403, 404, 405}
    assert not SubjectOpening.objects.filter(purpose="file").exists()


def test_nothing_opens_before_the_part_nor_after_it_nor_in_a_break(
    sitting: Sitting, begin: Begin, candidate_client: StrictClient, today: datetime
) -> None:
    assert ask(candidate_client, sitting).status_code == 422
    phase = begin(1)
    Phase.objects.filter(pk=phase.pk).update(pause_seconds=600, paused_at=today)
    paused = ask(candidate_client, sitting)
    assert paused.status_code == 422
    assert "pause" in paused.json()["detail"]
    Phase.objects.filter(pk=phase.pk).update(paused_at=None)
    assert ask(candidate_client, sitting).content == PDF
    actions.end_phase(phase=phase, by=make.writer(sitting), at=today + timedelta(minutes=1))
    assert ask(candidate_client, sitting).status_code == 422
    begin(2)
    assert ask(candidate_client, sitting).status_code == 422  # of another subject
    assert SubjectOpening.objects.filter(purpose="file").count() == 1


def test_another_device_or_candidate_opens_nothing(
    sitting: Sitting, begin: Begin, today: datetime
) -> None:
    begin(1)
    elsewhere = StrictClient()
    elsewhere.force_login(make.writer(sitting))
    assert ask(elsewhere, sitting).status_code in {403, 409, 422}
    other = Sitting.objects.exclude(pk=sitting.pk).get()
    neighbour = entered(other, today)
    assert ask(neighbour, sitting).status_code == 404
    assert ask(neighbour, other).status_code == 422  # theirs has not begun
    assert not SubjectOpening.objects.filter(purpose="file").exists()


def test_a_juror_of_the_session_reads_all_files_and_each_opening_is_kept(
    sitting: Sitting, juror_client: StrictClient
) -> None:
    for name in ("rooms:dossier", "rooms:cockpit"):
        address = reverse(name, args=[sitting.candidate_id]) + "?vue=entretien"
        page = juror_client.get(address).content.decode()
        assert "corrige.pdf" in page
        assert "pour le jury seul" in page
    assert juror_client.get(jury_address(sitting)).status_code == 405
    assert juror_client.post(jury_address(sitting)).content == KEY
    assert juror_client.post(jury_address(sitting, 9), headers=JSON).status_code == 422
    assert juror_client.post(jury_address(sitting, 1, "recording"), headers=JSON).status_code == 422
    assert SubjectOpening.objects.get(purpose="file").draw.candidate == sitting.candidate


@pytest.mark.parametrize(
    "role", [Role.JUROR, Role.SESSION_MANAGER, Role.CERTIFYING_BODY, Role.INVIGILATOR]
)
def test_nobody_else_reads_them_from_the_candidate_s_file(sitting: Sitting, role: Role) -> None:
    """Who manages reads the file of a candidate, and not the subjects in it."""
    client = StrictClient()
    centre = sitting.candidate.session.organisation
    client.force_login(make.person(role, organisation=centre))
    page = client.get(reverse("rooms:dossier", args=[sitting.candidate_id]))
    assert b"corrige" not in page.content
    for number in (1, 2):
        assert client.post(jury_address(sitting, number)).status_code in {403, 404}
    assert not SubjectOpening.objects.filter(purpose="file").exists()


def test_the_sealed_file_names_them_by_their_fingerprints(
    sitting: Sitting, begin: Begin, today: datetime
) -> None:
    begin(1)
    actions.abort_sitting(
        sitting=sitting, reason="Malaise", by=sitting.candidate.session.manager, at=today
    )
    package = gather_file(sitting=sitting, by=sitting.candidate.session.manager, at=today)
    with package.file.open() as kept, zipfile.ZipFile(kept) as archive:
        (draw,) = json.loads(archive.read("epreuve.json"))["draws"]
        assert all(b"contrat.pdf" not in archive.read(name) for name in archive.namelist())
    subject = Subject.objects.get(kind="written")
    prints = list(subject.attachments.values_list("sha256", flat=True))
    assert draw["attachments"] == prints
    assert len(prints) == 3
