"""Who is certified is told: what is missing is completed, a deposit is made, its report is read."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, expect

from tests.journeys import axe
from tests.journeys.people import Person
from tests.prepared import demonstration

pytestmark = pytest.mark.journey
REPORT = """<rapport xmlns:ns2="urn:cdc:cpf:pc5:rapport:schema"><nomFichier>{name}</nomFichier>
<idFlux>{flux}</idFlux><idTraitement>1</idTraitement><PassagesKO><passage>
<idTechnique>{lost}</idTechnique><messageErreur>Aucun titulaire ne correspond</messageErreur>
</passage></PassagesKO><PassagesOK>{kept}</PassagesOK></rapport>"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        started = Server(where)
        started.start()
        yield started
        started.stop()


def test_from_what_is_missing_to_the_report(
    chromium: Browser, server: Server, tmp_path: Path
) -> None:
    manager = Person(chromium, server.address, "responsable@centre.example")
    page = manager.page

    page.goto("/passeport/")
    manager.see("3 prêts, 1 à compléter : commune de naissance.")
    assert axe.violations(page) == []
    page.get_by_role("link", name="commune de naissance").click()
    page.get_by_label("Commune de naissance").fill("Rabat")
    page.get_by_label("Pays de naissance").fill("Maroc")
    manager.press("Enregistrer")
    page.goto("/passeport/")
    manager.see("4 prêts.")
    manager.press("Déposer tout ce qui est prêt (4)")
    page.get_by_role("link", name=re.compile("^Dépôt CPF-")).click()
    assert axe.violations(page) == []

    with page.expect_download() as given:
        page.get_by_role("link", name=re.compile("^accrochage-")).click()
    xml = Path(given.value.path()).read_text(encoding="utf-8")
    assert xml.count("<cpf:passageCertification>") == 4
    manager.press("Les fichiers sont envoyés")
    manager.see("Envoyé, rapport attendu")

    lost, *kept = re.findall(r"<cpf:idTechnique>(.*?)<", xml)
    flux = re.findall(r"<cpf:idFlux>(.*?)<", xml)[0]
    told = "".join(f"<idTechnique>{one}</idTechnique>" for one in kept)
    report = tmp_path / "rapport.xml"
    name = given.value.suggested_filename
    report.write_text(REPORT.format(name=name, flux=flux, lost=lost, kept=told), encoding="utf-8")
    page.get_by_role("link", name="Déposer le rapport").click()
    page.get_by_label("Rapport de traitement (XML)").set_input_files(report)
    assert axe.violations(page) == []
    manager.press("Lire le rapport")
    manager.see("Acceptés : 3, rejetés : 1.")
    expect(page.get_by_role("row").filter(has_text=lost)).to_contain_text("Rejeté")
    page.goto("/passeport/")
    manager.see("1 prêt.")
    assert manager.faults == []
