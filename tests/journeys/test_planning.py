"""A season's plan: composed and found, moved by hand, taken up after an absence, published."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, expect

from tests.journeys import axe
from tests.journeys.people import Person
from tests.prepared import demonstration

pytestmark = pytest.mark.journey
PLAN = "Titre complet"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        started = Server(where)
        started.start()
        yield started
        started.stop()


@pytest.fixture
def manager(chromium: Browser, server: Server) -> Iterator[Person]:
    person = Person(chromium, server.address, "responsable@centre.example")
    yield person
    assert person.faults == []
    person.context.close()


def test_a_plan_is_composed_and_found(manager: Person) -> None:
    page = manager.page
    page.goto("/plans/nouveau/")
    page.get_by_label("Nom du plan").fill("Session d’essai")
    exam = page.get_by_label("Certification ou bloc")
    exam.select_option(exam.locator("option", has_text="CCP1").first.get_attribute("value"))
    manager.press("Enregistrer")
    manager.see("Aucun candidat n’est choisi.")

    page.locator("summary", has_text="Ajouter un examen").click()
    exam = page.get_by_label("Certification ou bloc")
    exam.select_option(exam.locator("option", has_text="CCP2").first.get_attribute("value"))
    manager.press("Ajouter cet examen")
    expect(page.get_by_text("CRCD · CCP2", exact=True)).to_be_visible()

    page.get_by_role("link", name="Ajouter des candidats").click()
    for name in ("Briend Anatole", "Caradec Yuna", "FERREIRA Nuno"):
        page.get_by_label(name).check()
    manager.press("Ajouter les candidats cochés")
    manager.see("3 candidats ajoutés.")
    for name in ("Ghislaine Postec", "Ludivine Arzel"):
        page.get_by_label(name).check()
    manager.press("Ajouter ces jurés")
    page.get_by_label("Mireille Aubanel").check()
    manager.press("Ajouter ces surveillants")
    for name, kind, seats in (("Loire", "jury", ""), ("Erdre", "exam", "4")):
        room = page.locator("details", has_text="Ajouter une salle")
        if room.get_attribute("open") is None:
            room.locator("summary").click()
        page.get_by_label("Nom de la salle").fill(name)
        page.get_by_label("Usage").select_option(kind)
        page.get_by_label("Postes").fill(seats)
        manager.press("Ajouter cette salle")
        expect(page.get_by_role("cell", name=name, exact=True)).to_be_visible()
    page.get_by_label("Du", exact=True).fill(a_monday().isoformat())
    manager.press("Ajouter ces jours")
    manager.see("Tout est là")
    assert axe.violations(page) == []

    manager.press("Calculer le planning")
    page.get_by_role("link", name="Voir le planning").click()
    manager.see("1 jour de jury, minimum prouvé")
    expect(page.locator("[data-candidate]")).to_have_count(3)
    expect(page.get_by_role("link", name="Déplacer Nuno FERREIRA · CCP2").first).to_be_visible()


def test_a_plan_is_moved_taken_up_and_published(
    chromium: Browser, server: Server, manager: Person
) -> None:
    page = manager.page
    page.goto("/plans/")
    page.get_by_role("link", name=PLAN).click()
    page.get_by_role("link", name="Planning des jurys").click()
    page.locator("nav[aria-label='Jours du planning'] a").nth(1).click()
    assert axe.violations(page) == []

    the_mouse_takes_a_candidate_where_the_jury_is_not_free(manager)
    the_keys_take_another_ten_minutes_later_and_it_is_undone(manager)
    a_juror_is_replaced(manager)

    page.get_by_role("button", name="Publier").click()
    manager.confirm()
    page.get_by_role("link", name="Voir les sessions").click()
    sessions = page.locator("a[href^='/sessions/']", has_text=re.compile(r"^S\d"))
    expect(sessions).to_have_count(3)
    the_juror_opens_the_day(chromium, server, sessions.nth(2).get_attribute("href") or "")


def the_mouse_takes_a_candidate_where_the_jury_is_not_free(manager: Person) -> None:
    page = manager.page
    block = candidate(manager, "Grégoire TANGUY").locator("[data-follows] rect").first
    box = block.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 120, y, steps=4)
    page.mouse.up()
    dialog = page.locator("#move-dialog")
    expect(dialog).to_contain_text("Ce déplacement n’est pas possible")
    expect(dialog).to_contain_text("est déjà pris")
    expect(dialog.get_by_role("button", name="Accepter le déplacement")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def the_keys_take_another_ten_minutes_later_and_it_is_undone(manager: Person) -> None:
    page = manager.page
    candidate(manager, "Salma AMRANI").focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    dialog = page.locator("#move-dialog")
    expect(dialog).to_contain_text("passage à 15 h 45")
    dialog.get_by_role("button", name="Accepter le déplacement").click()
    manager.see("Candidat déplacé ; le planning est à jour.")
    manager.press("Annuler le dernier changement")
    manager.see("Le dernier changement est annulé.")


def a_juror_is_replaced(manager: Person) -> None:
    page = manager.page
    page.get_by_role("link", name="Un juré est absent").click()
    page.get_by_label("Juré absent").select_option(label="Ghislaine Postec")
    page.get_by_label("Jour de l’absence").select_option(index=1)
    manager.press("Voir qui peut le remplacer")
    page.get_by_label("Sylvain Bourdeau siège à sa place").check()
    manager.press("Proposer")
    manager.see("Sylvain Bourdeau, Fatou Diarrassouba")
    manager.press("Accepter la proposition")
    manager.see("Proposition acceptée ; le planning est à jour.")


def the_juror_opens_the_day(chromium: Browser, server: Server, session: str) -> None:
    juror = Person(chromium, server.address, "jure1@centre.example")
    juror.page.goto(session)
    for name in ("Perrine", "Grégoire", "Salma", "Sylvain Bourdeau"):
        expect(juror.page.get_by_role("main")).to_contain_text(name)
    assert juror.faults == []


def candidate(manager: Person, name: str):
    """The bar of a candidate in the chart."""
    return manager.page.get_by_role("button", name=re.compile(rf"^{name},", re.IGNORECASE))


def a_monday() -> date:
    """In three months: nothing of the demonstration is there."""
    day = datetime.now(tz=UTC).date() + timedelta(days=91)
    return day + timedelta(days=-day.weekday() % 7)
