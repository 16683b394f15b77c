"""The components in a real browser: accessible, within the security policy, at every width."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.journeys import axe

pytestmark = pytest.mark.journey
SAVED_AT = "2026-11-21T09:42:07+00:00"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = next(
        path for path in ("/usr/bin/chromium", "/usr/bin/google-chrome") if Path(path).exists()
    )
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as driver:
        # The driver's event loop runs in this thread; the tables are emptied from here too.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        opened = driver.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, live_server: Any) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url, locale="fr-FR")
    yield context.new_page()
    context.close()


def at_top(page: Page) -> None:
    """The gallery goes to the first field at fault: what a bar covers on the way is no fault."""
    page.evaluate("document.activeElement.blur()")
    page.wait_for_function(
        "() => { scrollTo({ top: 0, behavior: 'instant' }); return new Promise((done) =>"
        " setTimeout(() => done(scrollY === 0), 200)); }"
    )


@pytest.mark.parametrize(("width", "theme"), [(320, "dark"), (1440, "light")])
def test_gallery_is_accessible_and_breaks_no_policy(page: Page, width: int, theme: str) -> None:
    faults: list[str] = []
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 900})
    for address in ("/galerie/", "/galerie/epreuve/", "/galerie/422/"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        at_top(page)
        assert axe.violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults == []


def test_keys_open_the_sheet_and_walk_the_list(page: Page) -> None:
    page.goto("/galerie/")
    page.wait_for_load_state("networkidle")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "Camille Durand-00002"
    page.keyboard.press("?")
    assert page.locator("#shortcuts-dialog").is_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Clore la grille").click()
    assert page.locator("#confirm-dialog").is_visible()
    assert page.evaluate("document.activeElement.textContent") == "Annuler"


class Answers:
    """The server's side of one field, cut off at will."""

    def __init__(self) -> None:
        self.cut = False
        self.seq = 0
        self.text = ""

    def __call__(self, route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        if self.cut:
            route.abort()
            return
        sent = parse_qs(route.request.post_data or "", keep_blank_values=True)
        if int(sent["base_seq"][0]) < self.seq:
            route.fulfill(
                status=409, json={"seq": self.seq, "text": self.text, "saved_at": SAVED_AT}
            )
            return
        self.seq, self.text = self.seq + 1, sent["summary"][0]
        route.fulfill(json={"seq": self.seq, "saved_at": SAVED_AT, "late": False})


def test_what_is_typed_survives_a_cut_and_a_closed_page(page: Page) -> None:
    server = Answers()
    page.route("**/galerie/epreuve/", server)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/galerie/epreuve/")
    field, state = page.locator("#summary"), page.locator("[data-saved-state]")
    field.press_sequentially("Bonjour")
    expect(state).to_contain_text("Enregistré à 10:42:07")
    assert server.text == "Bonjour"

    server.cut = True
    field.press_sequentially(" madame")
    expect(state).to_contain_text("rien n’est perdu")
    expect(state).to_have_attribute("data-state", "offline")
    field.press_sequentially(" Ferrand")

    server.cut = False
    page.reload()
    expect(field).to_have_value("Bonjour madame Ferrand")
    # First the version that the cut stopped, then the whole text, under the next number.
    expect(field).to_have_attribute("data-autosave-seq", "3")
    expect(state).to_contain_text("Enregistré à 10:42:07")
    assert server.text == "Bonjour madame Ferrand"
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_two_windows_keep_both_texts_until_the_person_chooses(page: Page) -> None:
    server = Answers()
    page.route("**/galerie/epreuve/", server)
    page.goto("/galerie/epreuve/")
    server.seq, server.text = 9, "Écrit dans l’autre fenêtre"
    page.locator("#summary").press_sequentially("Écrit ici")
    choice = page.get_by_role("dialog")
    choice.wait_for()
    assert "Écrit ici" in choice.inner_text()
    assert "Écrit dans l’autre fenêtre" in choice.inner_text()
    assert axe.violations(page) == []
    page.get_by_role("button", name="Garder mon texte").click()
    expect(page.locator("[data-saved-state]")).to_contain_text("Enregistré à 10:42:07")
    assert server.text == "Écrit ici"
