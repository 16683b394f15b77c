"""The improvement council's pack: ordered, read, taken away; the questionnaire that feeds it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, expect

from tests.journeys import axe
from tests.journeys.people import Person
from tests.prepared import demonstration

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        started = Server(where)
        started.start()
        yield started
        started.stop()


def test_a_pack_is_prepared_read_and_taken_away(chromium: Browser, server: Server) -> None:
    direction = Person(chromium, server.address, "certificateur@centre.example")
    page = direction.page

    page.goto("/conseil/")
    assert axe.violations(page) == []
    direction.press("Préparer un dossier")
    page.get_by_role("link", name=re.compile(r"^Conseil de perfectionnement \d{4}")).click()
    direction.see("Accord entre jurés (kappa de Fleiss)")
    assert axe.violations(page) == []
    expect(page.locator("#jurors")).to_contain_text("Jury A")
    expect(page.locator("#jurors svg.council-chart").first).to_be_visible()

    with page.expect_download() as given:
        page.get_by_role("link", name="Télécharger le PDF").click()
    printed = pypdf.PdfReader(Path(given.value.path()))
    assert "Conseil de perfectionnement" in printed.pages[0].extract_text()
    direction.press("Voir qui est qui")
    direction.see("Cette lecture est tracée.")
    # The page may still scroll to where it was: the bar that stays above then covers links just judged.
    assert axe.violations(page, within="main") == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert direction.faults == []


def test_a_trainer_reads_the_pack_without_its_key(chromium: Browser, server: Server) -> None:
    trainer = Person(chromium, server.address, "formatrice@centre.example")
    page = trainer.page

    page.goto("/conseil/")
    expect(page.get_by_role("button", name="Préparer un dossier")).to_have_count(0)
    page.get_by_role("link", name="Conseiller relation client à distance").first.click()
    trainer.see("Sévérité des jurés")
    expect(page.get_by_role("button", name="Voir qui est qui")).to_have_count(0)
    assert trainer.faults == []
