"""CCP2 by telephone: the juror calls, the candidate calls back, both are heard and recorded."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks._server import place
from playwright.sync_api import Browser, Page, expect

from tests.journeys import axe
from tests.journeys.exam import begin_as, package_of
from tests.journeys.people import Candidate, Person, shown
from tests.journeys.telephone import ADVISER_HZ, CUSTOMER_HZ, Telephone, notes_of, two_browsers
from tests.prepared import demonstration

pytestmark = pytest.mark.journey

# The session of the demonstration becomes one of CCP2 whose first candidate has reached the exchanges.
STAGE = """
from django.utils import timezone
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.juries.models import Juror
from acquis.certification.papers.actions.commit_draw import renew_commitment
from acquis.certification.registrations.models import Enrolment
from acquis.certification.sittings import actions
from acquis.certification.sittings.models import Sitting
from acquis.practice.rooms.actions.begin_phase import begin_phase
now = timezone.now()
Juror.objects.update(specialities=["retention"])
Enrolment.objects.filter(sessions__session=1).update(block="CCP2")
ExamSession.objects.filter(pk=1).update(block="CCP2", state="summoned")
session = ExamSession.objects.select_related("manager").get(pk=1)
session.jurors.update(present=True)
renew_commitment(session=session, reason="Session de CCP2", by=session.manager, at=now)
actions.open_session(session=session, by=session.manager, at=now)
sitting = Sitting.objects.order_by("pk")[0]
seat = sitting.candidate
actions.confirm_presence(candidate=seat, present=True, by=session.manager, at=now)
actions.confirm_identity(candidate=seat, by=session.manager, at=now)
actions.authorise_start(sitting=sitting, by=session.manager, at=now)
writer = seat.enrolment.candidate.user
for phase in sitting.phases.filter(position__lte=3):
    begin_phase(phase=phase, by=writer, at=now)
    if phase.position < 3:
        actions.end_phase(phase=phase, by=writer, at=now)
print(writer.email, sitting.access_code, sitting.pk, seat.pk)
"""
IN, OUT = "b", "c"  # of VAL-S06
AGREED = "Je vous confirme trois versements de 652,00 €, le premier sous cinq jours."


@pytest.fixture(scope="module")
def exam() -> Iterator[tuple[Telephone, list[str]]]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as made:
        told = made.run("-m", "acquis", "manage", "shell", "-v", "0", "-c", STAGE)
        started = Telephone(made)
        started.start()
        yield started, told.split()[-4:]
        started.stop()


@pytest.fixture(scope="module")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, Browser]]:
    """That of the candidate and that of the juror."""
    with two_browsers(tmp_path_factory.mktemp("voices"), ADVISER_HZ, CUSTOMER_HZ) as opened:
        yield opened


def test_ccp2_with_its_calls_in_and_out(
    exam: tuple[Telephone, list[str]], browsers: tuple[Browser, Browser], tmp_path: Path
) -> None:
    server, (email, code, sitting, seat) = exam
    candidate = Candidate(browsers[0], server.address, email)
    juror = Person(browsers[1], server.address, "jure1@centre.example")
    candidate.enter(int(sitting), code)
    juror.page.goto(f"/salle/jury/{seat}/")
    juror.press("Ouvrir la fiche de rôle")

    a_customer_calls(candidate, juror, seat)
    the_candidate_calls(candidate, juror)
    what_was_agreed_is_confirmed_in_writing(candidate, juror)
    recordings_are_heard(juror, seat)
    the_sealed_file_holds_the_confirmation(candidate, juror, seat, tmp_path)

    assert candidate.faults == []
    assert juror.faults == []
    candidate.context.close()
    juror.context.close()


def a_customer_calls(candidate: Candidate, juror: Person, seat: str) -> None:
    page, desk = juror.page, candidate.desk
    page.goto(f"/salle/jury/{seat}/?echange={IN}")
    assert axe.violations(page) == []
    juror.press("Appeler le candidat")
    bar = desk.locator("#phone")
    expect(bar).to_contain_text("Client au téléphone")
    expect(page.locator("[data-cockpit-line]")).to_have_attribute("data-line", "connected")
    bar.get_by_role("button", name="Répondre").click()
    both_hear(candidate, page)
    page.get_by_label("Ce que vous remarquez").fill("Accueille avec calme.")
    juror.press("Noter")
    expect(page.locator("#notes")).to_contain_text("Accueille avec calme.")
    assert axe.violations(page) == []
    shown(page, "cockpit-appel")
    shown(candidate.page, "salle-appel")
    juror.press("Raccrocher")
    expect(page.locator("[data-cockpit-line]")).to_have_count(0)
    expect(bar.get_by_role("button", name="Raccrocher")).to_have_count(0)


def both_hear(candidate: Candidate, juror: Page) -> None:
    expect(candidate.desk.locator("#phone")).to_have_attribute("data-heard", "1")
    expect(juror.locator("[data-cockpit-line]")).to_have_attribute("data-heard", "1")


def the_candidate_calls(candidate: Candidate, juror: Person) -> None:
    """First nobody answers, then the juror does; the candidate hangs up."""
    dial(candidate)
    expect(juror.page.locator("#cockpit-calls")).to_contain_text("Le candidat appelle")
    expect(juror.page).to_have_title(re.compile("^☎ "))
    assert axe.violations(juror.page) == []
    shown(juror.page, "cockpit-sonnerie")
    juror.press("Personne ne répond")
    expect(juror.page.get_by_text("Sans réponse")).to_be_visible()
    expect(candidate.desk.get_by_text("Sans réponse").first).to_be_visible()
    dial(candidate)
    juror.press("Répondre en client")
    both_hear(candidate, juror.page)
    candidate.desk.locator("#phone").get_by_role("button", name="Raccrocher").click()
    expect(juror.page.locator("[data-cockpit-line]")).to_have_count(0)


def dial(candidate: Candidate) -> None:
    """From the record of the customer whom the dossier says to call."""
    frame = candidate.page.frame(name="desk")
    assert frame is not None
    workspace = re.search(r"/poste/(\d+)/", frame.url)
    assert workspace is not None
    frame.goto(f"/poste/{workspace[1]}/clients/?q=Galopin")
    frame.get_by_role("link", name=re.compile("Galopin")).first.click()
    frame.get_by_role("link", name=re.compile("^Appeler")).first.click()
    frame.get_by_role("button", name=re.compile("^Appeler")).first.click()
    expect(candidate.desk.locator("#phone")).to_contain_text("Ça sonne")
    assert "/appeler/recu/" not in frame.content()


def what_was_agreed_is_confirmed_in_writing(candidate: Candidate, juror: Person) -> None:
    """By an e-mail and by a letter from the private desk; the jury reads them without asking."""
    desk = candidate.desk
    open_record(candidate)
    desk.get_by_role("link", name=re.compile("courriel")).first.click()
    desk.get_by_role("button", name="Commencer le courriel").click()
    desk.get_by_label("Objet").fill("Votre échéancier")
    desk.get_by_label("Message", exact=True).fill(AGREED)
    desk.get_by_role("button", name="Envoyer", exact=True).click()
    expect(desk.get_by_role("button", name="Annuler l’envoi")).to_be_visible()
    open_record(candidate)
    desk.get_by_role("link", name=re.compile("lettre")).first.click()
    desk.get_by_role("button", name="Commencer une lettre").click()
    desk.get_by_label("Objet").fill("Confirmation de nos accords")
    desk.get_by_label("Corps de la lettre").fill("Comme convenu ce jour.")
    expect(desk.locator("[data-saved-state]").first).to_have_attribute("data-state", "saved")
    shown(candidate.page, "salle-confirmation")
    materials = juror.page.locator("#cockpit-materials")
    materials.get_by_text("Courriers et confirmations").click()
    expect(materials).to_contain_text(AGREED)
    expect(materials).to_contain_text("Envoyé")
    expect(materials).to_contain_text("Comme convenu ce jour.")
    assert axe.violations(juror.page) == []
    shown(juror.page, "cockpit-confirmation")


def open_record(candidate: Candidate) -> None:
    frame = candidate.page.frame(name="desk")
    assert frame is not None
    workspace = re.search(r"/poste/(\d+)/", frame.url)
    assert workspace is not None
    frame.goto(f"/poste/{workspace[1]}/clients/?q=Galopin")
    frame.get_by_role("link", name=re.compile("Galopin")).first.click()


def the_sealed_file_holds_the_confirmation(
    candidate: Candidate, juror: Person, seat: str, folder: Path
) -> None:
    candidate.hand_in()
    begin_as(candidate)
    candidate.hand_in()
    candidate.see("Votre épreuve est terminée")
    parts = package_of(juror, int(seat), folder)
    (mail,) = parts["courriels.json"]
    assert (mail["state"], mail["subject"].partition(" [")[0]) == ("sent", "Votre échéancier")
    assert AGREED in mail["body"]
    assert parts["courriers.json"][0]["subject"] == "Confirmation de nos accords"
    assert AGREED in parts["ecrits.html"].decode()


def recordings_are_heard(juror: Person, seat: str) -> None:
    page = juror.page
    page.goto(f"/salle/dossier/{seat}/")
    recordings = page.locator("[data-recording]")
    for _ in range(30):
        if recordings.count() == 2:
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(recordings).to_have_count(2)
    assert axe.violations(page) == []
    shown(page, "dossier-appels")
    mark = recordings.first.locator("[data-listen-at]")
    expect(mark).to_have_count(1)
    mark.click()
    expect(recordings.first).to_have_attribute("data-playing", "")
    for number in range(2):
        answer = juror.context.request.post(
            juror.address + (recordings.nth(number).get_attribute("data-sound-url") or ""),
            headers={"X-CSRFToken": page.locator("body").get_attribute("data-csrf") or ""},
        )
        assert answer.ok
        loud = notes_of(answer.body())
        assert loud[CUSTOMER_HZ] > 50
        assert loud[ADVISER_HZ] > 50
