"""A file of customers comes in with its mistakes, a duplicate is merged, all of it is taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, expect

from tests.journeys import axe
from tests.journeys.people import Person
from tests.prepared import demonstration

pytestmark = pytest.mark.journey
DESK = "/poste/2/"
FILE = """Civilité;Prénom;Nom;Portable;Courriel;Code postal;Commune
Mme;Ysaline;Trévourec;06 39 98 41 01;ysaline@trevourec.example;42300;Roanne
M.;Aubin;Quérolle;06 39;pas une adresse;423;Roanne
Mme;Ysaline;Trevourek;06 39 98 41 01;y.trevourec@autre.example;42300;Roanne
M.;Corentin;Malbosque;06 39 98 41 03;corentin@malbosque.example;69001;Lyon
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        started = Server(where)
        started.start()
        yield started
        started.stop()


def test_import_merge_and_take_back(chromium: Browser, server: Server, tmp_path: Path) -> None:
    adviser = Person(chromium, server.address, "conseillere@centre.example")
    page = adviser.page
    file = tmp_path / "salon.csv"
    file.write_bytes(FILE.encode("cp1252"))

    page.goto(f"{DESK}clients/")
    page.get_by_role("link", name="Importer", exact=True).click()
    page.get_by_role("link", name="Importer un fichier").first.click()
    page.get_by_label("Fichier de clients").set_input_files(file)
    adviser.press("Lire le fichier")
    expect(page.get_by_label("Codage des caractères")).to_have_value("cp1252")
    expect(page.get_by_label("Commune")).to_have_value("city")
    assert axe.violations(page) == []
    adviser.press("Relire toutes les lignes")
    adviser.see("Prêt à importer")
    adviser.see("pas une adresse")
    assert axe.violations(page) == []
    adviser.press("Importer 3 lignes")
    expect(page.get_by_role("button", name="Annuler l’import")).to_be_visible()

    page.get_by_role("link", name="Chercher des doublons").click()
    adviser.press("Comparer les fiches")
    pair = page.get_by_role("listitem").filter(has_text="Trévourec")
    expect(pair).to_be_visible()
    assert axe.violations(page) == []
    pair.get_by_role("link", name="Comparer et fusionner").click()
    assert axe.violations(page) == []
    adviser.press("Fusionner", agree=True)
    adviser.see("Les fiches sont fusionnées")
    assert axe.violations(page) == []
    adviser.press("Défaire la fusion", agree=True)
    adviser.see("les fiches sont comme avant")

    page.goto(f"{DESK}imports/")
    page.get_by_role("link", name="salon.csv").click()
    adviser.press("Annuler l’import", agree=True)
    adviser.see("Import annulé")
    page.goto(f"{DESK}clients/?q=Malbosque")
    adviser.see("Aucun client ne correspond")
    assert adviser.faults == []
