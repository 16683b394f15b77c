"""The list of customers: filtered, kept as a view, changed in number, taken back, taken out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks._server import Server, place
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from tests.journeys import axe
from tests.journeys.people import Person, shown
from tests.prepared import demonstration

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        started = Server(where)
        started.start()
        yield started
        started.stop()


def open_list(adviser: Person) -> None:
    adviser.page.locator(".desknav a", has_text="Clients").click()


def keep_view(adviser: Person) -> None:
    """Companies alone, with their tags, under a name."""
    page = adviser.page
    with page.expect_response(lambda answer: "type=company" in answer.url):
        page.locator("#id_type").select_option("company")
    page.locator(".list-columns > summary").click()
    page.get_by_role("checkbox", name="Étiquettes", exact=True).check()
    adviser.press("Afficher ces colonnes")
    expect(page.locator("#results thead")).to_contain_text("Étiquettes")
    page.locator(".views-new > summary").click()
    page.get_by_label("Nom de la vue").fill("Les entreprises")
    adviser.press("Enregistrer la vue")
    expect(page.locator(".views [aria-current]")).to_have_text("Les entreprises")
    assert axe.violations(page) == []
    shown(page, "customer-list")


def choose_three_by_keyboard(adviser: Person) -> None:
    """The first row, then two more with shift and space."""
    page = adviser.page
    page.locator("h1").first.click()
    for key in ("j", "Space", "j", "j", "Shift+Space"):
        page.keyboard.press(key)
    expect(page.locator("[data-selected-count]")).to_have_text("3 fiches choisies")
    page.keyboard.press("/")
    expect(page.locator("#id_q")).to_be_focused()


def tag_them(adviser: Person) -> str:
    """Give the chosen ones a tag; the address of what was done."""
    page = adviser.page
    adviser.press("Modifier ensemble…")
    page.locator("#bulk-act").select_option("tag_add")
    adviser.press("Choisir")
    page.locator("#id_valeur").fill("salon 2026")
    adviser.press("Voir ce qui changera")
    adviser.see("3 fiches changeront")
    assert axe.violations(page) == []
    shown(page, "customers-in-number")
    adviser.press("Modifier 3 fiches")
    adviser.see("Faite")
    assert axe.violations(page) == []
    return page.url


def open_view(adviser: Person, *, tagged: int) -> None:
    open_list(adviser)
    adviser.page.locator(".views a", has_text="Les entreprises").click()
    rows = adviser.page.locator("#results tbody tr", has_text="salon 2026")
    expect(rows).to_have_count(tagged)


def test_filter_view_tags_undo_and_file(chromium: Browser, server: Server, tmp_path: Path) -> None:
    adviser = Person(chromium, server.address, "conseillere@centre.example")
    page = adviser.page
    page.goto("/poste/")
    page.locator("main a", has_text="entraînement").first.click()
    open_list(adviser)

    keep_view(adviser)
    choose_three_by_keyboard(adviser)
    done = tag_them(adviser)
    open_view(adviser, tagged=3)

    with page.expect_download() as download:
        page.get_by_role("button", name="XLSX").click()
    download.value.save_as(tmp_path / "clients.xlsx")
    rows = list(load_workbook(tmp_path / "clients.xlsx").active.iter_rows(values_only=True))
    tags = rows[0].index("Étiquettes")
    assert sum("salon 2026" in (row[tags] or "") for row in rows[1:]) == 3

    page.goto(done)
    adviser.press("Annuler cette modification")
    adviser.see("Rendues")
    open_view(adviser, tagged=0)
    adviser.press("Supprimer la vue")
    adviser.press("La reprendre")
    expect(page.locator(".views [aria-current]")).to_have_text("Les entreprises")
    assert adviser.faults == []
