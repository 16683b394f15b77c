"""A holder takes their badge, a stranger checks it on a phone, the centre revokes, the check says it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys import axe
from tests.journeys.people import Person, shown
from tests.prepared import demonstration

pytestmark = pytest.mark.journey
NARROW = {"width": 320, "height": 640}
PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1440, "height": 900}
HOLDER, NAME = "diplomee@centre.example", "Capucine Delestre"
WITHDRAWN = "Pièces du dossier falsifiées."


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        started = Server(where)
        started.start()
        yield started
        started.stop()


@pytest.fixture
def phone(chromium: Browser, server: Server) -> Iterator[Page]:
    """Of somebody who was sent a badge and has no account."""
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


def test_a_badge_is_taken_checked_and_revoked(
    chromium: Browser, server: Server, phone: Page, tmp_path: Path
) -> None:
    holder = Person(chromium, server.address, HOLDER)
    files = take(holder, tmp_path)
    assert {path.suffix for path in files} == {".svg", ".jwt", ".json"}

    phone.goto("/verifier/")
    phone.get_by_role("link", name="Vérifier un badge").click()
    sound(phone, "badge-verifier")
    for path in files:
        give(phone, path)
        expect(status(phone)).to_contain_text("Badge valable")
    sound(phone, "badge-valable")
    for private in (NAME, NAME.split()[1], "1997", "Vannes", "@"):
        assert private not in phone.locator("body").inner_text()

    phone.get_by_label("Nom du titulaire").fill("Quelqu’un d’autre")
    give(phone, files[0])
    expect(status(phone)).to_contain_text("pas au nom donné")
    expect(phone.get_by_label("Nom du titulaire")).to_have_value("Quelqu’un d’autre")
    phone.get_by_label("Nom du titulaire").fill(NAME)
    give(phone, files[0])
    expect(status(phone)).to_contain_text("Badge valable : signé")

    altered = json.loads(next(path for path in files if path.suffix == ".json").read_text())
    altered["credentialSubject"]["achievement"]["name"] = "Manager de la relation client"
    phone.get_by_label("Ou son texte").fill(json.dumps(altered))
    phone.get_by_role("button", name="Vérifier").click()
    expect(status(phone)).to_contain_text("Badge non valable")
    expect(phone.locator("main dl.points")).to_contain_text("credentialSubject.achievement.name")
    sound(phone, "badge-modifie")
    without_a_script(chromium, server, files[1])

    body = Person(chromium, server.address, "certificateur@centre.example")
    revoke_from_the_badge(body, document=holder.page.url.rstrip("/").rsplit("/", 1)[1])
    phone.goto("/badges/verifier/")
    give(phone, files[1])
    expect(status(phone)).to_contain_text("Badge révoqué")
    expect(phone.locator("main dl.points")).to_contain_text("Le badge est révoqué")
    assert WITHDRAWN not in phone.locator("body").inner_text()
    sound(phone, "badge-revoque")
    holder.page.reload()
    holder.see("Ce badge est révoqué")
    expect(holder.page.get_by_role("link", name="Télécharger")).to_have_count(0)
    renew(body)
    assert (holder.faults, body.faults) == ([], [])
    assert "5 badges gardés" in server.place.run("-m", "acquis", "badge", "verify", "--all")
    assert "intacte" in server.place.run("-m", "acquis", "trace", "verify")


def take(holder: Person, folder: Path) -> list[Path]:
    page = holder.page
    page.goto("/documents-officiels/mes-resultats/")
    page.locator("main").get_by_role("link", name="Badge").click()
    sound(page, "badge-titulaire")
    links = page.get_by_role("link", name="Télécharger")
    taken = []
    for rank in range(links.count()):
        with page.expect_download() as given:
            links.nth(rank).click()
        taken.append(folder / given.value.suggested_filename)
        given.value.save_as(taken[-1])
    return taken


def give(phone: Page, path: Path) -> None:
    phone.get_by_label("Fichier du badge").set_input_files(path)
    with phone.expect_navigation():
        phone.get_by_role("button", name="Vérifier").click()


def status(page: Page) -> Locator:
    return page.locator("main").get_by_role("status")


def without_a_script(chromium: Browser, server: Server, path: Path) -> None:
    """By the keyboard alone, and without JavaScript."""
    context = chromium.new_context(
        base_url=server.address, locale="fr-FR", java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/badges/verifier/")
    page.get_by_label("Fichier du badge").set_input_files(path)
    page.get_by_label("Nom du titulaire").focus()
    page.keyboard.type(NAME)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Vérifier")).to_be_focused()
    page.keyboard.press("Enter")
    expect(status(page)).to_contain_text("Badge valable")
    context.close()


def sound(page: Page, name: str) -> None:
    """Accessible and within the window, on a phone and on the narrowest, light and dark."""
    usual = page.viewport_size
    shown(page, name)
    for size, scheme in ((NARROW, "dark"), (PHONE, "light"), (WIDE, "light")):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        assert axe.violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        shown(page, f"{name}-{size['width']}")
    page.set_viewport_size(usual)  # type: ignore[arg-type]


def revoke_from_the_badge(body: Person, document: str) -> None:
    """The page of the badge leads back to its certificate, where it is revoked."""
    page = body.page
    page.goto(f"/documents-officiels/{document}/")
    page.locator("main").get_by_role("link", name="Badge").click()
    sound(page, "badge-centre")
    page.get_by_role("link", name="Le certificat").click()
    page.get_by_role("link", name="Révoquer").click()
    page.get_by_label("Motif de la révocation").fill(WITHDRAWN)
    page.get_by_label("Je confirme").check()
    body.press("Révoquer le certificat")
    body.see("est révoqué")


def renew(body: Person) -> None:
    page = body.page
    page.goto("/badges/cles/")
    page.get_by_label("Motif du renouvellement").fill("Échéance annuelle.")
    page.get_by_label("Je confirme").check()
    body.press("Renouveler les clés")
    body.see("ce qui est déjà signé reste valable")
    expect(page.get_by_text("Retirée", exact=True)).to_have_count(2)
    sound(page, "badge-cles")
