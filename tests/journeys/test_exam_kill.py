"""The server is killed while a juror notes, marks and writes, while an invigilator acts: nothing typed is lost."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from benchmarks._server import Server
from playwright.sync_api import Browser, expect

from tests.journeys.exam import card_of, prepare, served
from tests.journeys.people import Person, apart_from_cuts, shown

pytestmark = pytest.mark.journey

# Both candidates conduct their exchanges, the grids are open.
STAGE = """
from acquis.certification.grading.actions.open_grids import open_grids
from acquis.certification.sittings import actions
from acquis.certification.sittings.models import Sitting
from acquis.practice.rooms.actions.begin_phase import begin_phase
session = ExamSession.objects.select_related("manager").get(pk=1)
session.jurors.update(present=True)
actions.open_session(session=session, by=manager, at=now)
for sitting in Sitting.objects.order_by("pk"):
    seat = sitting.candidate
    actions.confirm_presence(candidate=seat, present=True, by=manager, at=now)
    actions.confirm_identity(candidate=seat, by=manager, at=now)
    actions.authorise_start(sitting=sitting, by=manager, at=now)
    writer = seat.enrolment.candidate.user
    for phase in sitting.phases.filter(position__lte=3):
        begin_phase(phase=phase, by=writer, at=now)
        if phase.position < 3:
            actions.end_phase(phase=phase, by=writer, at=now)
grid = open_grids(session=session, by=manager, at=now)[0]
print(Sitting.objects.order_by("pk")[0].candidate_id, *[
    one.pk for one in grid.candidate.grids.filter(juror__juror__user__email="jure1@centre.example")
])
"""
KEPT = """
from acquis.certification.exam_sessions.models import Incident
from acquis.certification.sittings.models import TimeGrant
from acquis.desk.conversations.models import Message
from acquis.practice.evidence.models import MomentNote
print(*MomentNote.objects.order_by("noted_at").values_list("noted_at", flat=True)[:1].get().isoformat().split(),
      MomentNote.objects.count(), TimeGrant.objects.count(), Incident.objects.filter(session=1).count(),
      Message.objects.filter(body__startswith="Êtes-vous").count())
"""


@pytest.fixture(scope="module")
def exam() -> Iterator[tuple[Server, list[str]]]:
    with served(STAGE) as exam:
        yield exam


def test_nothing_typed_is_lost_when_the_server_dies(
    chromium: Browser, exam: tuple[Server, list[str]]
) -> None:
    server, (seat, grid) = exam
    juror = Person(chromium, server.address, "jure1@centre.example")
    invigilator = Person(chromium, server.address, "surveillant@centre.example")
    noted = a_note_and_a_sentence_wait(server, juror, seat)
    an_interview_is_written(server, juror, seat)
    a_grid_waits(server, juror, grid)
    time_is_given_once(server, invigilator)
    an_incident_waits(server, invigilator)

    first, *counts = prepare(server.place, KEPT)
    assert abs((datetime.fromisoformat(first) - noted).total_seconds()) < 5
    assert counts == ["3", "1", "1", "1"]
    assert apart_from_cuts([*juror.faults, *invigilator.faults]) == []
    assert "intacte" in server.place.run("-m", "acquis", "trace", "verify")


def a_note_and_a_sentence_wait(server: Server, juror: Person, seat: str) -> datetime:
    """Noted while it is dead, at that moment; said again when it is back, once."""
    page = juror.page
    page.goto(f"/salle/jury/{seat}/?echange=a")
    juror.press("Ouvrir la fiche de rôle")
    page.goto(f"/salle/jury/{seat}/?echange=a")
    juror.press("Se présenter sur le chat")
    expect(page.locator("#say")).to_be_visible()
    server.kill()
    page.get_by_label("Ce que vous remarquez").fill("Salue par son nom.")
    juror.press("Noter")
    noted = datetime.now(UTC)
    page.get_by_label("Ce que vous remarquez").fill("Reformule")
    page.locator("#say").fill("Êtes-vous encore là ?")
    page.locator("#say").press("Enter")
    expect(page.locator("[data-say-trouble]")).to_contain_text("Votre phrase est restée ici")
    expect(page.locator("[data-notes-waiting]")).to_contain_text("En attente d’envoi")
    expect(page.locator("[data-link-state]")).to_be_visible()
    shown(page, "panne-poste-jure")
    server.start()
    expect(page.locator("#notes")).to_contain_text("Salue par son nom.")
    expect(page.locator("[data-notes-waiting] li")).to_have_count(0)
    expect(page.locator("[data-link-state]")).to_be_hidden()
    page.locator("#say").press("Enter")
    expect(page.locator("#cockpit-thread")).to_contain_text("Êtes-vous encore là ?")
    expect(page.locator("#say")).to_have_value("")
    page.reload()
    expect(page.get_by_label("Ce que vous remarquez")).to_have_value("Reformule")
    juror.press("Noter")
    expect(page.locator("#notes")).to_contain_text("Reformule")
    return noted


def an_interview_is_written(server: Server, juror: Person, seat: str) -> None:
    page = juror.page
    page.goto(f"/salle/jury/{seat}/?vue=entretien")
    page.locator("[data-note-for]").first.click()
    page.keyboard.type("Explique pourquoi il vérifie l’identité.")
    server.kill()
    juror.press("Noter")
    expect(page.locator("[data-notes-waiting]")).to_contain_text("vérifie l’identité")
    server.start()
    expect(page.locator("#notes")).to_contain_text("vérifie l’identité")
    expect(page.locator("#notes strong")).to_have_count(1)


def a_grid_waits(server: Server, juror: Person, grid: str) -> None:
    """Marks wait on the device; the general observation stays in its form until it may be sent."""
    page = juror.page
    page.goto(f"/notation/grilles/{grid}/")
    first = page.locator("[data-criterion]").first
    first.get_by_role("button", name="Acquis", exact=True).click()
    expect(first.locator("[data-state-of-mark]")).to_contain_text("Enregistré")
    server.kill()
    first.get_by_label("Observation").fill("Dit à 10 h 12.")
    expect(first.locator("[data-state-of-mark]")).to_contain_text("gardée sur cet appareil")
    general = page.locator("#id_general_observation")
    general.fill("Un échange posé.")
    juror.press("Clore la grille", agree=True)
    expect(page.locator("[data-kept-here]")).to_contain_text("Le serveur ne répond pas")
    shown(page, "panne-grille")
    server.start()
    expect(page.locator("[data-kept-here]")).to_contain_text("répond de nouveau")
    expect(first.locator("[data-state-of-mark]")).to_contain_text("Enregistré")
    page.reload()
    expect(first.get_by_label("Observation")).to_have_value("Dit à 10 h 12.")
    expect(general).to_have_value("Un échange posé.")


def time_is_given_once(server: Server, invigilator: Person) -> None:
    page = invigilator.page
    page.goto("/epreuves/sessions/1/salle/")
    card = card_of(invigilator, "Inès")
    card.get_by_text("Autres actions").click()
    card.get_by_label("Minutes").fill("7")
    card.get_by_label("Motif du temps rendu").fill("Coupure du serveur")
    server.kill()
    card.get_by_role("button", name="Rendre", exact=True).click()
    expect(page.locator("[data-wall-trouble]")).to_contain_text("est resté ici")
    expect(page.locator("[data-wall-stale]")).to_be_visible()
    shown(page, "panne-mur")
    server.start()
    expect(page.locator("[data-wall-stale]")).to_be_hidden()
    expect(card.get_by_label("Motif du temps rendu")).to_have_value("Coupure du serveur")
    card.get_by_role("button", name="Rendre", exact=True).click()
    expect(card.get_by_label("Motif du temps rendu")).to_be_hidden()  # the card came anew
    expect(page.locator("[data-wall-trouble]")).to_have_count(0)


def an_incident_waits(server: Server, invigilator: Person) -> None:
    page = invigilator.page
    card = card_of(invigilator, "Inès")
    card.get_by_text("Autres actions").click()
    card.get_by_role("link", name="Consigner un incident").click()
    page.get_by_label("Nature").select_option("technical")
    page.get_by_label("Ce qui s’est passé").fill("Le serveur s’est arrêté deux minutes.")
    page.get_by_label("Effet sur la décision").select_option("time_given")
    server.kill()
    invigilator.press("Consigner")
    expect(page.locator("[data-kept-here]")).to_contain_text("Le serveur ne répond pas")
    shown(page, "panne-incident")
    server.start()
    expect(page.locator("[data-kept-here]")).to_contain_text("répond de nouveau")
    expect(page.get_by_label("Ce qui s’est passé")).to_have_value(
        "Le serveur s’est arrêté deux minutes."
    )
    invigilator.press("Consigner")
    expect(page.get_by_role("heading", name="Inès").first).to_be_visible()
