"""After a session: an appeal from its examination to the new session; an incident that holds results."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, expect

from acquis.practice.demo.people import PASSWORD
from tests.journeys import axe
from tests.journeys.exam import prepare
from tests.journeys.people import Person, pages_of
from tests.prepared import demonstration

pytestmark = pytest.mark.journey
PARIS = ZoneInfo("Europe/Paris")
EMAIL = "sagna@courriel.example"
# The second candidate of the past session has an account; a session of the same exam is prepared.
PREPARE = f"""
from acquis.accounts.enums import Role
from acquis.accounts.models import Membership
from acquis.certification.exam_sessions.actions import plan_session
from acquis.certification.exam_sessions.models import ExamSession
past = ExamSession.objects.filter(organisation=centre, state="closed").latest("pk")
seat = past.candidates.order_by("order")[1]
user = User.objects.create_user("{EMAIL}", "{PASSWORD}", first_name="Ousmane", last_name="Sagna")
Membership.objects.create(user=user, organisation=centre, role=Role.CANDIDATE)
seat.enrolment.candidate.user = user
seat.enrolment.candidate.save(update_fields=["user"])
new = plan_session(organisation=centre, by=manager, at=now, data={{
    "reference": "S-REPRISE", "version": past.version, "block": past.block,
    "starts_at": now + timedelta(days=75), "place": past.place, "address": past.address,
    "room": past.room, "enterprise_id": past.enterprise_id}})
print(past.pk, seat.pk)
"""


@pytest.fixture(scope="module")
def keys() -> dict[str, int]:
    return {}


@pytest.fixture(scope="module")
def server(keys: dict[str, int]) -> Iterator[Server]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        keys["session"], keys["seat"] = map(int, prepare(where, PREPARE))
        started = Server(where)
        started.start()
        yield started
        started.stop()


def signed_in(chromium: Browser, server: Server, email: str) -> Person:
    return Person(chromium, server.address, email)


def leave(*people: Person) -> None:
    for person in people:
        assert person.faults == []
        person.context.close()


def test_an_appeal_goes_from_the_candidates_page_to_the_new_session(
    chromium: Browser, server: Server, keys: dict[str, int], tmp_path: Path
) -> None:
    candidate = signed_in(chromium, server, EMAIL)
    page = candidate.page
    page.goto(f"/recours/mes-recours/deposer/{keys['seat']}/")
    page.get_by_label("Matériel ou incident non pris en compte").check()
    page.get_by_label("Les faits").fill("L’enregistrement s’est arrêté avant la fin.")
    candidate.press("Déposer mon recours")
    candidate.see("est enregistré")
    assert axe.violations(page) == []
    number = page.get_by_role("heading", level=1).inner_text().split()[1]

    direction = signed_in(chromium, server, "certificateur@centre.example")
    manager = signed_in(chromium, server, "responsable@centre.example")
    trainer = signed_in(chromium, server, "formatrice@centre.example")
    page = direction.page
    page.goto("/recours/")
    page.get_by_role("link", name=number).click()
    page.get_by_label("Il vient du candidat lui-même").check()
    page.get_by_label("Il est écrit, daté et dit ses motifs").check()
    page.get_by_label("Recevable : il est examiné").check()
    direction.press("Enregistrer la recevabilité")
    direction.see("La recevabilité est enregistrée.")
    for _seat in range(3):
        page.get_by_role("button", name="Désigner").first.click()
    expect(page.get_by_role("button", name="Désigner")).to_have_count(0)
    assert axe.violations(page) == []
    where = page.url
    for person in (direction, manager, trainer):
        person.page.goto(where)
        person.page.get_by_label("Accepter").check()
        person.page.get_by_label("Vos raisons").fill("L’incident est consigné.")
        person.press("Donner mon avis")
        person.see("Votre avis est enregistré.")
    page.goto(where)
    page.get_by_label("Motivation").fill("L’épreuve n’a pas pu être menée à son terme.")
    direction.press("Rendre la décision")
    direction.see("La décision est rendue")

    page = manager.page
    page.goto(where)
    choice = page.get_by_role("combobox", name="Nouvelle session")
    choice.select_option(choice.locator("option", has_text="S-REPRISE").get_attribute("value"))
    manager.press("Inscrire à cette session")
    manager.see("inscrit à la session S-REPRISE")
    letter = manager.fetch(page.get_by_role("link", name="recours accepté"), tmp_path)
    assert "menée à son terme" in pages_of(letter)

    page = candidate.page
    page.goto("/recours/mes-recours/")
    page.get_by_role("link", name=number).click()
    candidate.see("S-REPRISE")
    candidate.see("menée à son terme")
    leave(candidate, direction, manager, trainer)


def test_an_incident_holds_results_until_it_is_settled_and_its_action_is_closed(
    chromium: Browser, server: Server, keys: dict[str, int]
) -> None:
    manager = signed_in(chromium, server, "responsable@centre.example")
    page = manager.page
    page.goto(f"/incidents/sessions/{keys['session']}/")
    manager.see("retient les résultats")
    assert axe.violations(page) == []
    held = page.get_by_role("article").filter(has_text="Retient les résultats")
    held.get_by_role("link", name="Régler l’incident").click()
    part = page.get_by_label("Partie neutralisée")
    part.select_option(index=1)
    page.get_by_label("Ce qui a été décidé, et pourquoi").fill("La réaction n’est pas évaluée.")
    manager.press("Régler l’incident")
    manager.see("L’incident est réglé.")
    expect(page.get_by_text("retient les résultats")).to_have_count(0)

    page.get_by_role("link", name="Nouvelle action corrective").click()
    page.get_by_label("Action", exact=True).fill("Écouter chaque enregistrement")
    page.get_by_label("Responsable").select_option(label="Bastien Lorgeril")
    page.get_by_label("À faire avant le").fill(
        (datetime.now(PARIS) + timedelta(days=9)).date().isoformat()
    )
    manager.press("Ouvrir l’action")
    page.get_by_label("Ce qui a été fait").fill("Tous ont été écoutés.")
    manager.press("Marquer comme faite")
    manager.see("une autre personne que vous")
    where = page.url

    direction = signed_in(chromium, server, "certificateur@centre.example")
    page = direction.page
    page.goto(where)
    page.get_by_label("Oui : elle est efficace").check()
    page.get_by_label("Constat").fill("Aucun arrêt depuis.")
    direction.press("Enregistrer le constat")
    direction.see("L’action est close.")
    page.goto("/sessions/echeances/?nature=corrective_actions")
    direction.see("Remplacer les casques de la salle Estuaire")
    direction.see("En retard")
    assert axe.violations(page) == []
    leave(manager, direction)
