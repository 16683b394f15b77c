"""A certificate with a misspelt name is corrected, then revoked; its public page says so on a phone."""

import re
from collections.abc import Iterator

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, Page, expect

from tests.journeys import axe
from tests.journeys.exam import prepare
from tests.journeys.people import Person, shown
from tests.prepared import demonstration

pytestmark = pytest.mark.journey
PHONE = {"width": 390, "height": 844}
MISSPELT, RIGHT = "Perrine Auffray", "Perrine Auffret"
WHY, WITHDRAWN = "Le nom était mal orthographié.", "Pièces du dossier falsifiées."
PREPARE = """
from acquis.certification.awards.models import IssuedDocument
first = IssuedDocument.objects.get(
    kind="certificate", candidate__enrolment__candidate__birth_name__iexact="AUFFRAY")
person = first.candidate.enrolment.candidate
print(first.session_id, first.number, first.verification_code, person.pk, person.reference)
"""


@pytest.fixture(scope="module")
def told() -> list[str]:
    return []


@pytest.fixture(scope="module")
def server(told: list[str]) -> Iterator[Server]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        told += prepare(where, PREPARE)
        started = Server(where)
        started.start()
        yield started
        started.stop()


@pytest.fixture
def phone(chromium: Browser, server: Server) -> Iterator[Page]:
    """Of somebody who holds a paper and has no account."""
    context = chromium.new_context(
        base_url=server.address,
        locale="fr-FR",
        viewport=PHONE,  # type: ignore[arg-type]
        color_scheme="dark",
        is_mobile=True,
        has_touch=True,
    )
    yield context.new_page()
    context.close()


def test_a_misspelt_name_is_corrected_and_the_old_code_leads_to_the_new(
    chromium: Browser, server: Server, told: list[str], phone: Page
) -> None:
    session, number, code, record, reference = told
    ask(phone, code.replace("-", " ").lower())
    expect(phone.get_by_role("heading", level=1)).to_have_text("Certificat authentique")
    only_the_five_facts(phone, MISSPELT, "En vigueur", reference)

    manager = Person(chromium, server.address, "responsable@centre.example")
    correct_the_record_first(manager, session, number, record)
    new_number = correct(manager, session, number)

    ask(phone, code)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Certificat remplacé")
    only_the_five_facts(phone, MISSPELT, "Remplacé", reference)
    phone.get_by_role("link", name="Voir le certificat qui le remplace").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Certificat authentique")
    only_the_five_facts(phone, RIGHT, "En vigueur", reference)
    new_code = phone.url.rstrip("/").rsplit("/", 1)[1]
    assert new_code != code

    revoke(chromium, server, session, new_number)
    ask(phone, new_code)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Certificat révoqué")
    only_the_five_facts(phone, RIGHT, "Révoqué le", reference)
    ask(phone, code)
    phone.get_by_role("link", name="Voir le certificat qui le remplace").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Certificat révoqué")

    answer = ask(phone, code[:6])
    assert answer == 404
    expect(phone.get_by_label("Code de vérification")).to_have_value(code[:6])
    sound(phone)
    phone.get_by_label("Code de vérification").fill(new_code)
    phone.get_by_role("button", name="Vérifier").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Certificat révoqué")
    assert manager.faults == []
    assert "intacte" in server.place.run("-m", "acquis", "trace", "verify")


def ask(phone: Page, typed: str) -> int:
    """Type a code into the public page; returns the status of the answer."""
    phone.goto("/verifier/")
    sound(phone)
    phone.get_by_label("Code de vérification").fill(typed)
    with phone.expect_navigation() as answered:
        phone.get_by_role("button", name="Vérifier").click()
    return answered.value.status if answered.value else 0


def only_the_five_facts(phone: Page, name: str, state: str, reference: str) -> None:
    facts = phone.locator("main dl.facts")
    labels = facts.locator("dt").all_inner_texts()
    assert labels == ["Titulaire", "Certification", "Blocs acquis", "Décision du jury", "État"]
    values = facts.locator("dd").all_inner_texts()
    assert values[0] == name
    assert "Conseiller relation client à distance" in values[1]
    assert "CCP1" in values[2]
    assert re.fullmatch(r"\d{1,2}(er)?\s\w+\s20\d\d", values[3])
    assert values[4].startswith(state)
    said = phone.locator("body").inner_text()
    for private in (reference, WHY, WITHDRAWN, "1994", "Laval", "@"):
        assert private not in said
    sound(phone)
    shown(phone, f"verification-{state.split(maxsplit=1)[0].lower()}")


def sound(phone: Page) -> None:
    assert axe.violations(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def correct_the_record_first(manager: Person, session: str, number: str, record: str) -> None:
    """The page of the correction says that the record bears the same name, and leads to it."""
    page = manager.page
    page.goto(f"/documents-officiels/sessions/{session}/")
    page.get_by_role("row").filter(has_text=number).get_by_role("link", name="Rectifier").click()
    manager.see("La fiche du candidat dit la même identité que ce document")
    assert axe.violations(page) == []
    shown(page, "rectification-fiche")
    page.get_by_role("link", name="Corriger la fiche du candidat").click()
    page.get_by_label("Nom de naissance").fill(RIGHT.split()[1])
    manager.press("Enregistrer")
    expect(page).to_have_url(re.compile(f"/candidats/{record}/$"))


def correct(manager: Person, session: str, number: str) -> str:
    page = manager.page
    page.goto(f"/documents-officiels/sessions/{session}/")
    page.get_by_role("row").filter(has_text=number).get_by_role("link", name="Rectifier").click()
    expect(page.locator(".signing-form ins").first).to_have_text(RIGHT.split()[1])
    assert axe.violations(page) == []
    shown(page, "rectification")
    page.get_by_label("Motif de la rectification").fill(WHY)
    manager.press("Établir le document rectificatif")
    manager.see(f"rectifie {number}")
    new = page.get_by_role("row").filter(has_text=f"rectifie {number}")
    return new.get_by_role("rowheader").get_by_role("link").inner_text()


def revoke(chromium: Browser, server: Server, session: str, number: str) -> None:
    body = Person(chromium, server.address, "certificateur@centre.example")
    page = body.page
    page.goto(f"/documents-officiels/sessions/{session}/")
    page.get_by_role("link", name=number, exact=True).click()
    page.get_by_role("link", name="Révoquer").click()
    page.get_by_label("Motif de la révocation").fill(WITHDRAWN)
    page.get_by_label("Je confirme").check()
    body.press("Révoquer le certificat")
    body.see("est révoqué")
    assert axe.violations(page) == []
    assert body.faults == []
    body.context.close()
