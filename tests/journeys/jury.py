"""Acts after an exam that several journeys share: deliberate, sign, issue, read."""

import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from acquis.practice.demo.people import PASSWORD
from tests.journeys.people import Person, pages_of


def deliberate(president: Person, *, session: int, seat: int, settled: str = "") -> None:
    """Open the deliberation; where the grids differ, decide as `settled` says, with a reason."""
    page = president.page
    page.goto(f"/notation/sessions/{session}/")
    page.locator(f"form[action*='/candidats/{seat}/deliberation/']").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Délibération")
    disputed = page.locator("section[aria-labelledby=desaccords] article")
    for index in range(disputed.count()):
        line = disputed.nth(index)
        line.locator("label", has_text=re.compile(f"^{settled}$")).click()
        line.get_by_label("Motif de la décision").fill("Relu ensemble en délibération.")
        line.get_by_role("button", name="Enregistrer la décision").click()
        expect(disputed.nth(index).locator(".decision-reason")).to_be_visible()


def close(president: Person, *, outcome: str, reasons: str) -> None:
    """The jury's decision on the candidate whose deliberation the page shows; then the session's."""
    page = president.page
    for box in page.locator(".outcome-form input[name=present]").all():
        box.check()
    page.locator(".outcome-form label.btn", has_text=re.compile(f"^{outcome}$")).click()
    page.get_by_label("Motifs et observations remis au candidat").fill(reasons)
    president.press("Clore la délibération", agree=True)
    president.see("La délibération de ce candidat est close")


def conclude(president: Person, session: int) -> None:
    president.page.goto(f"/notation/sessions/{session}/")
    president.press("Conclure la délibération de la session", agree=True)
    president.see("La session est délibérée")


def sign(manager: Person, jurors: list[Person], session: int) -> None:
    """The minutes are written, signed by each juror and countersigned."""
    address = f"/documents-officiels/sessions/{session}/"
    manager.page.goto(address)
    manager.press("Établir le procès-verbal")
    for person, verb in [*((juror, "Signer") for juror in jurors), (manager, "Contresigner")]:
        page = person.page
        page.goto(address)
        page.get_by_role("link", name=re.compile("^ ?Relire et")).click()
        page.get_by_label("Votre mot de passe").fill(PASSWORD)
        page.locator(".signing-form").get_by_role("button", name=verb).click()
        person.see("Votre signature est enregistrée")


def issue(manager: Person, session: int) -> None:
    """The last signature has everything issued: the page is read again until nothing waits."""
    page = manager.page
    for _ in range(30):
        page.goto(f"/documents-officiels/sessions/{session}/")
        if not page.get_by_role("button", name="Émettre les résultats et certificats").count():
            return
        page.wait_for_timeout(1000)
    raise AssertionError("Nothing was issued after the last signature.")


def decided(president: Person, manager: Person, jurors: list[Person], session: int) -> None:
    """From the last deliberation to the documents given out."""
    conclude(president, session)
    sign(manager, jurors, session)
    issue(manager, session)


def row(person: Person, prefix: str) -> Locator:
    """The document of this series on the page of documents: « LIV », « CERT », « PV », « FIR »."""
    numbered = person.page.get_by_role("rowheader").filter(has_text=re.compile(f"^{prefix}-"))
    return person.page.get_by_role("row").filter(has=numbered)


def paper(person: Person, prefix: str, folder: Path) -> str:
    """The text of that document's PDF."""
    return text_of(person, row(person, prefix).get_by_role("link", name="PDF"), folder)


def text_of(person: Person, link: Locator, folder: Path) -> str:
    """The text of the PDF that a link opens."""
    return pages_of(person.fetch(link, folder))
