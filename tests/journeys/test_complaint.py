"""A complaint goes from shouting to a signed-off letter: an adviser, a supervisor, two browsers."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, Page, expect

from tests.journeys import axe
from tests.journeys.people import Person, pages_of
from tests.prepared import demonstration

pytestmark = pytest.mark.journey
TERMS = "Nous vous remboursons une partie de votre commande"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        started = Server(where)
        started.start()
        yield started
        started.stop()


def unfold(page: Page, name: str) -> None:
    """Open one of the acts of a case."""
    page.locator("summary", has_text=name).click()


def open_complaint(adviser: Person) -> str:
    """From the desk to the record of a customer, then a complaint; its address."""
    page = adviser.page
    page.goto("/poste/")
    page.locator("main a", has_text="entraînement").first.click()
    page.locator(".desknav a", has_text="Clients").click()
    page.locator("#results tbody a").first.click()
    page.get_by_role("link", name="Ouvrir une demande").first.click()
    page.get_by_label("Titre").fill("Troisième retard, le client crie")
    page.get_by_label("Ce que le client demande").fill("Il veut être remboursé aujourd’hui.")
    page.get_by_label("Genre").select_option("complaint")
    page.get_by_label("Urgence").select_option("1")
    page.get_by_label("Impact").select_option("2")
    adviser.press("Ouvrir la demande")
    expect(page.get_by_text("Attend notre réponse")).to_be_visible()
    return page.url


def weigh_and_propose(adviser: Person) -> None:
    page = adviser.page
    unfold(page, "Étape de la réclamation")
    page.locator("#id_stage").select_option("acknowledged")
    adviser.press("Passer à cette étape")
    unfold(page, "Criticité et enjeux")
    for name, value in (("gravity", "3"), ("pressure", "3"), ("stake", "2")):
        page.locator(f"#id_{name}").select_option(value)
    adviser.press("Enregistrer la criticité")
    adviser.see("4/4")
    unfold(page, "Proposer une solution")
    page.get_by_label("Solution", exact=True).fill("Remboursement partiel")
    page.locator("#id_gesture").select_option("goodwill")
    page.locator("#id_amount").fill("45")
    adviser.press("Ajouter la solution")
    adviser.see("Au-delà de votre délégation")


def agree_and_write(adviser: Person, address: str) -> str:
    """What was agreed, then the letter with a wrong amount; its address."""
    page = adviser.page
    page.goto(address)
    unfold(page, "Noter l’accord")
    page.locator("#agreed_option").select_option(label="Remboursement partiel")
    page.get_by_label("Ce qui est convenu").fill(TERMS)
    page.locator("#agreed_amount").fill("45")
    page.get_by_label("Fait au plus tard le").fill("2030-12-02")
    adviser.press("Noter l’accord")
    adviser.press("Confirmer par écrit")
    body = page.locator("#id_body")
    expect(body).to_have_value(re.compile(TERMS))
    rewrite(page, body.input_value().replace("45,00", "54,00"))
    adviser.press("Soumettre au superviseur")
    adviser.see("Un superviseur la lit")
    return page.url


def rewrite(page: Page, text: str) -> None:
    with page.expect_response(lambda answer: "/enregistrer/" in answer.url) as saved:
        page.locator("#id_body").fill(text)
    assert saved.value.ok


def test_from_shouting_to_a_signed_off_letter(
    chromium: Browser, server: Server, tmp_path: Path
) -> None:
    adviser = Person(chromium, server.address, "conseillere@centre.example")
    supervisor = Person(chromium, server.address, "superviseur@centre.example")

    address = open_complaint(adviser)
    weigh_and_propose(adviser)
    supervisor.page.goto(address)
    supervisor.press("Accorder")
    supervisor.see("accordée")
    letter = agree_and_write(adviser, address)

    supervisor.page.goto(letter)
    supervisor.see("montant écrit qui n’a pas été convenu")
    supervisor.page.get_by_label(re.compile("Remarques")).fill("Le montant convenu est de 45 €.")
    supervisor.press("Rendre à l’auteur")
    supervisor.see("Rendue avec remarques")

    adviser.page.goto(letter)
    adviser.see("Le montant convenu est de 45 €.")
    rewrite(adviser.page, adviser.page.locator("#id_body").input_value().replace("54,00", "45,00"))
    adviser.press("Soumettre au superviseur")
    adviser.see("Un superviseur la lit")

    supervisor.page.goto(letter)
    supervisor.see("Montants, dates et noms sont ceux qui ont été convenus.")
    assert axe.violations(supervisor.page) == []
    supervisor.press("Valider : elle part ainsi")
    supervisor.see("Relue et validée par")
    adviser.page.goto(address)
    assert axe.violations(adviser.page) == []
    adviser.page.goto(letter)
    link = adviser.page.locator("main a[href$='lettre.pdf']").first
    text = pages_of(adviser.fetch(link, tmp_path))
    assert "45,00 €" in text
    assert "54,00" not in text
    assert (adviser.faults, supervisor.faults) == ([], [])
