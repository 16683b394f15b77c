"""An invoice is disputed, credited, its complaint closed; the customer answers on their telephone."""

import re
from collections.abc import Iterator

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, expect

from tests.journeys import axe
from tests.journeys.people import Person
from tests.prepared import demonstration

pytestmark = pytest.mark.journey
CREDIT_NOTE = "AV-33743"  # of the demonstration: the postage of an invoice, the rest of it left


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        started = Server(where)
        started.start()
        yield started
        started.stop()


def dispute_a_credited_invoice(adviser: Person) -> None:
    """From a credit note to its invoice, one euro of it in dispute."""
    page = adviser.page
    page.goto("/poste/")
    page.locator("main a", has_text="entraînement").first.click()
    page.locator(".desknav a", has_text="Factures").click()
    page.get_by_label("Numéro ou client").fill(CREDIT_NOTE)
    page.locator("#invoices tbody th a", has_text=CREDIT_NOTE).click()
    page.locator("main dl a[href*='/factures/']").first.click()
    adviser.see("Peut encore être crédité")
    page.get_by_role("link", name="Mettre en litige").click()
    page.get_by_label("Montant contesté").fill("1,00")
    page.get_by_label("Motif du litige").select_option("price")
    page.get_by_label("Ce que dit le client").fill("Facturé une fois de trop.")
    assert axe.violations(page) == []
    adviser.press("Mettre en litige")
    adviser.see("Cette part ne se relance pas")


def close_and_ask(adviser: Person, number: str) -> None:
    page = adviser.page
    page.get_by_role("link", name=number).first.click()
    page.locator("#cases tbody th a").first.click()
    page.locator("summary", has_text="Clore").click()
    page.get_by_label("Comment la demande est résolue").fill("L’avoir règle le litige.")
    page.get_by_label("Demander au client").check()
    adviser.press("Clore la demande")
    adviser.see("Question de satisfaction envoyée")


def received(adviser: Person) -> str:
    """The address in the message that the customer received."""
    page = adviser.page
    page.locator("main dl a[href*='/clients/']").first.click()
    page.get_by_role("link", name=re.compile("êtes-vous satisfait")).first.click()
    expect(page.locator("main")).to_contain_text(re.compile(r"/avis/[\w-]+/"))
    text = page.locator("main").inner_text()
    found = re.search(r"/avis/[\w-]+/", text)
    assert found, text
    return found[0]


def test_from_a_disputed_invoice_to_what_the_customer_says(
    chromium: Browser, server: Server
) -> None:
    adviser = Person(chromium, server.address, "conseillere@centre.example")
    supervisor = Person(chromium, server.address, "superviseur@centre.example")
    page = adviser.page

    dispute_a_credited_invoice(adviser)
    number = page.locator("a[href*='etat=all']").inner_text()
    page.get_by_role("link", name="Régler le litige").click()
    page.get_by_label("Issue").select_option("credited")
    page.get_by_label("Avoir qui règle").select_option(index=1)
    adviser.press("Régler le litige")
    adviser.see("Accepté, réglé par un avoir")
    close_and_ask(adviser, number)
    address = received(adviser)

    telephone = chromium.new_context(
        base_url=server.address, locale="fr-FR", viewport={"width": 390, "height": 844}
    )
    customer = telephone.new_page()
    customer.goto(address)
    expect(customer.get_by_text(number)).to_be_visible()
    assert axe.violations(customer) == []
    customer.get_by_label("4 · Satisfait").check()
    customer.get_by_label("Oui").check()
    customer.get_by_label("Votre commentaire").fill("Vite réglé.")
    customer.get_by_role("button", name="Envoyer ma réponse").click()
    expect(customer.get_by_role("heading", level=1)).to_have_text("Merci de votre réponse")
    telephone.close()

    desk = page.url.split("/poste/")[1].split("/")[0]
    supervisor.page.goto(f"/poste/{desk}/demandes/avis/")
    supervisor.see("Vite réglé.")
    assert axe.violations(supervisor.page) == []
    assert (adviser.faults, supervisor.faults) == ([], [])
