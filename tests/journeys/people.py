"""People of the journeys: each in a browser context of their own, with the acts they perform."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect
from pypdf import PdfReader

from acquis.practice.demo.people import PASSWORD

PATIENCE_MS = 30_000


class Person:
    """Someone signed in; faults of the console and of the server are gathered in `faults`."""

    def __init__(self, chromium: Browser, address: str, email: str) -> None:
        self.email = email
        self.address = address
        self.context = chromium.new_context(
            base_url=address,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            viewport={"width": 1360, "height": 900},
            accept_downloads=True,
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.faults: list[str] = []
        self.page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on(
            "response",
            lambda answer: (
                self.faults.append(f"{answer.status} {answer.url}")
                if answer.status >= 400
                else None
            ),
        )
        self._sign_in()

    def _console(self, line: object) -> None:
        if line.type == "error":  # type: ignore[attr-defined]
            self.faults.append(line.text)  # type: ignore[attr-defined]

    def _sign_in(self) -> None:
        self.page.goto("/connexion/")
        self.page.get_by_label("Adresse électronique").fill(self.email)
        self.page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Se connecter").click()
        expect(self.page.get_by_role("heading", level=1)).not_to_have_text("Connexion")

    def confirm(self) -> None:
        """Agree to the question of the page."""
        self.page.locator("#confirm-dialog [data-confirm-ok]").click()

    def press(self, name: str, *, agree: bool = False) -> None:
        self.page.get_by_role("button", name=name).first.click()
        if agree:
            self.confirm()

    def see(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def fetch(self, link: Locator, folder: Path) -> Path:
        """Fetch what a link leads to, with the person's own rights."""
        address = link.get_attribute("href") or ""
        answer = self.context.request.get(f"{self.address}{address}")
        assert answer.ok, f"{answer.status} {address}"
        path = folder / f"{re.sub(r'[^a-z0-9]+', '-', address.lower())}.pdf"
        path.write_bytes(answer.body())
        return path


class Candidate(Person):
    def enter(self, sitting: int, code: str) -> None:
        self.page.goto(f"/salle/{sitting}/")
        self.page.get_by_label("Code d’accès").fill(code)
        self.page.locator("main").get_by_role("button", name="Entrer").click()

    def begin(self) -> None:
        self.page.get_by_role("button", name=re.compile("ommencer")).click()
        expect(self.page.locator("[data-clock]")).to_be_visible()

    def write(self, key: str, text: str) -> None:
        field = self.page.locator(f"#piece-{key}")
        if not field.is_visible():
            sheet = field.locator("xpath=ancestor::*[@role='tabpanel']").get_attribute("id") or ""
            self.page.locator(f"#{sheet.replace('sheet-', 'tab-')}").click()
        if field.get_attribute("data-rich") is not None:
            expect(field).to_have_attribute("contenteditable", "true")  # its editor is there
        with self.kept(key):
            field.fill(text)

    @contextmanager
    def kept(self, key: str) -> Iterator[None]:
        """What is done to a text within is acknowledged at the end, over the socket or not."""
        control = self.page.locator(f"[data-autosave-url][name='{key}']")
        before = control.get_attribute("data-autosave-seq") or "0"
        yield
        expect(control).not_to_have_attribute("data-autosave-seq", before)
        expect(self.page.locator("[data-saved-state]")).to_have_attribute("data-state", "saved")

    def hand_in(self) -> None:
        self.press("Rendre cette partie", agree=True)
        expect(self.page.locator("#confirm-dialog")).not_to_be_visible()

    @property
    def desk(self) -> FrameLocator:
        return self.page.frame_locator("iframe[name=desk]")


def pages_of(pdf: Path) -> str:
    """All the text of a PDF, its spaces made plain."""
    reader = PdfReader(pdf)
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def embedded_fonts(pdf: Path) -> set[bool]:
    """Whether each font of a PDF is embedded."""
    found = set()
    for page in PdfReader(pdf).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            face = font.get_object()
            face = face["/DescendantFonts"][0].get_object() if "/DescendantFonts" in face else face
            descriptor = face["/FontDescriptor"].get_object()
            found.add(any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")))
    return found


def apart_from_cuts(faults: list[str]) -> list[str]:
    """Without what a browser, or htmx, says of a network that is cut or of a server that dies."""
    said = ("WebSocket connection to ", "htmx:sendError", "htmx:afterRequest")
    return [one for one in faults if "net::ERR_" not in one and not one.startswith(said)]


def shown(page: Page, name: str) -> None:
    """Keep a picture of the page when ACQUIS_PICTURES names a folder: they serve the README."""
    folder = os.environ.get("ACQUIS_PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png")
