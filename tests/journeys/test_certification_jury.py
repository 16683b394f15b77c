"""Framework 000: a jury a block, each with its synthesis exam; then the certification jury, which reads them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, expect

from tests.journeys import axe, jury
from tests.journeys.exam import prepare
from tests.journeys.people import Candidate, Person, shown
from tests.prepared import demonstration

pytestmark = pytest.mark.journey
EMAIL = "lestrade@courriel.example"
PHONE = {"width": 390, "height": 844}
LACKING = "La relance est écrite ; le suivi de la créance n’est pas montré."
DEPARTURE = "Le rapport et la soutenance montrent ce suivi : le bloc est acquis."
WHOLE = "Le projet de pérennisation est concret."

# The jury of two blocks has decided and its sheets are out; that of the third has closed its grids.
PREPARE = """
from acquis.accounts.enums import Role
from acquis.accounts.models import Membership
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.juries.models import Juror
from acquis.certification.registrations.actions import enrol
from tests.journeys import held
version = FrameworkVersion.objects.get(framework__code="RNCP-GRC")
person = held.candidate(first_name="Oriane", birth_name="Lestrade", sex="F", centre=centre,
                        by=manager, at=now)
seats = []
for days, block in ((15, "BLOC 1"), (12, "BLOC 2"), (9, "B3")):
    enrolment = enrol(candidate=person, version=version, block=block, route="training", by=manager,
                      at=now)
    criteria = held.criteria_of(version, block)
    session = held.hold(enrolments=[enrolment], by=manager, now=now, days_ago=days,
                        refused=criteria[2:] if block == "B3" else ())
    seats.append(session.candidates.get())
    if block != "B3":
        held.decide(session, reasons=f"{block} est acquis.", at=now)
other = Juror.objects.filter(organisation=centre, user=None).order_by("pk")[0]
other.user = User.objects.create_user("jure3@centre.example", held.PASSWORD,
                                      first_name=other.first_name, last_name=other.last_name)
other.save()
Membership.objects.create(user=other.user, organisation=centre, role=Role.JUROR)
print(session.pk, seats[-1].pk, person.pk)
"""
# The defence is over, before a jury of which one member judged no block.
DEFENDED = """
from acquis.certification.registrations.models import Enrolment
from tests.journeys import held
session = held.hold(enrolments=[Enrolment.objects.latest("pk")], by=manager, now=now, days_ago=2,
                    jurors=("jure3@centre.example", "jure2@centre.example"))
print(session.pk, session.candidates.get().pk)
"""


@pytest.fixture(scope="module")
def told() -> list[int]:
    return []


@pytest.fixture(scope="module")
def server(told: list[int]) -> Iterator[Server]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        told += map(int, prepare(where, PREPARE))
        started = Server(where)
        started.start()
        yield started
        started.stop()


def test_a_jury_a_block_then_the_certification_jury(
    chromium: Browser, server: Server, told: list[int], tmp_path: Path
) -> None:
    session, seat, person = told
    manager = Person(chromium, server.address, "responsable@centre.example")
    first, second, third = (
        Person(chromium, server.address, f"jure{n}@centre.example") for n in (1, 2, 3)
    )
    candidate = Candidate(chromium, server.address, EMAIL)
    candidate.page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    the_last_block(first, session, seat)
    jury.decided(first, manager, [first, second], session)
    its_sheet(manager, candidate, tmp_path)

    enrol(manager, person)
    session, seat = map(int, prepare(server.place, DEFENDED))
    read_then_pronounce(third, session, seat, tmp_path)
    jury.decided(third, manager, [third, second], session)
    the_certificate(manager, candidate, tmp_path)

    everybody = [manager, first, second, third, candidate]
    assert {one.email: one.faults for one in everybody if one.faults} == {}
    assert "intacte" in server.place.run("-m", "acquis", "trace", "verify")


def the_last_block(president: Person, session: int, seat: int) -> None:
    page = president.page
    jury.deliberate(president, session=session, seat=seat)
    president.see("Critères acquis : 2 sur 3.")
    shown(page, "bloc-deliberation")
    jury.close(president, outcome="Refusée", reasons=LACKING)


def its_sheet(manager: Person, candidate: Candidate, folder: Path) -> None:
    """« Résultats à l’épreuve de synthèse », for the certification jury; no certificate of a block."""
    shown(manager.page, "bloc-documents")
    expect(jury.row(manager, "CERT")).to_have_count(0)
    sheet = jury.paper(manager, "FIR", folder)
    for said in ("Résultats à l’épreuve de synthèse", "Oriane Lestrade", LACKING):
        assert said in sheet
    assert "transmis au jury de certification" in sheet
    candidate.page.goto("/documents-officiels/mes-resultats/")
    candidate.see("Refusée")
    expect(candidate.page.locator(".result-outcome")).to_have_text(["Refusée", "Admise", "Admise"])
    assert axe.violations(candidate.page) == []
    shown(candidate.page, "bloc-candidate")


def enrol(manager: Person, person: int) -> None:
    page = manager.page
    page.goto(f"/candidats/{person}/")
    whole = page.locator("#id_exam optgroup[label*='RNCP-GRC'] option").first
    page.get_by_label("Certification ou bloc").select_option(whole.get_attribute("value"))
    page.get_by_label("Voie d’accès").select_option(label="Parcours de formation")
    page.get_by_role("button", name="Inscrire", exact=True).click()
    manager.see("Inscription enregistrée")
    shown(page, "certification-inscription")


def read_then_pronounce(president: Person, session: int, seat: int, folder: Path) -> None:
    """The three sheets lie before a jury that judged none of these blocks; it decides on each."""
    page = president.page
    jury.deliberate(president, session=session, seat=seat)
    president.see("Pas de grille ici")
    assert axe.violations(page) == []
    shown(page, "certification-deliberation")
    page.get_by_role("link", name="Résultats par bloc").click()
    sheets = page.locator("article.card")
    expect(sheets).to_have_count(3)
    expect(sheets.first).to_contain_text("Résultats à l’épreuve de synthèse")
    expect(sheets.first).to_contain_text(LACKING)
    link = sheets.first.get_by_role("link", name="Ouvrir le PDF")
    assert LACKING in jury.text_of(president, link, folder)
    sheets.first.get_by_text("Décisions du jury de cette épreuve").click()
    assert axe.violations(page) == []
    shown(page, "certification-blocs")
    page.get_by_role("link", name="La délibération").click()
    for code in ("BLOC 1", "BLOC 2"):
        expect(page.locator("article.unit-block").filter(has_text=code)).to_contain_text("admise")
    block = page.locator("article.unit-block").filter(has_text="B3")
    expect(block).to_contain_text("refusée")
    block.get_by_text("Décider").click()
    block.locator("label.btn").get_by_text("Acquis", exact=True).click()
    block.get_by_label("Motif, si le jury s’écarte de la proposition").fill(DEPARTURE)
    block.get_by_role("button", name="Enregistrer la décision").click()
    expect(block).to_contain_text(DEPARTURE)
    president.see("Issue proposée : Admise")
    shown(page, "certification-decision")
    jury.close(president, outcome="Admise", reasons=WHOLE)


def the_certificate(manager: Person, candidate: Candidate, folder: Path) -> None:
    shown(manager.page, "certification-documents")
    pv = jury.paper(manager, "PV", folder)
    assert DEPARTURE in pv
    certificate = jury.paper(manager, "CERT", folder)
    for said in ("Oriane Lestrade", "Gestion de la relation client (RNCP)", "BLOC 1", "B3"):
        assert said in certificate
    candidate.page.goto("/documents-officiels/mes-resultats/")
    expect(candidate.page.locator(".result-outcome").first).to_have_text("Admise")
    candidate.see("Certificat")
    assert axe.violations(candidate.page) == []
    shown(candidate.page, "certification-candidate")
