"""A title in two editions: one CCP kept after a partial success, the other one later, then the interview."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, expect

from tests.journeys import axe, jury
from tests.journeys.exam import prepare
from tests.journeys.people import Candidate, Person, shown
from tests.prepared import demonstration

pytestmark = pytest.mark.journey
TITLE = "Conseiller relation client à distance"
WHOLE = "Certification entière"
EMAIL = "lestrade@courriel.example"
PHONE = {"width": 390, "height": 844}
YESTERDAY = (datetime.now(ZoneInfo("Europe/Paris")) - timedelta(days=1)).date().isoformat()

# The whole title was sat; the second CCP was refused by both jurors. A new edition, whose blocks have
# other codes, was read and waits to be published.
PREPARE = """
import copy
from acquis.certification.frameworks.models import FrameworkImport, FrameworkVersion
from acquis.certification.registrations.actions import enrol
from acquis.kernel import files
from tests.journeys import held
version = FrameworkVersion.objects.get(framework__code="TP-00483", edition="06")
person = held.candidate(first_name="Oriane", birth_name="Lestrade", sex="F", centre=centre,
                        by=manager, at=now)
enrolment = enrol(candidate=person, version=version, block="", route="training", by=manager, at=now)
second = held.criteria_of(version, "CCP2")
session = held.hold(enrolments=[enrolment], by=manager, now=now, days_ago=6,
                    refused=second[:9], disputed=second[9:10])
content = copy.deepcopy(version.content) | {"edition": "07"}
for number, block in enumerate(content["blocks"], start=1):
    for exam in content["assessments"]:
        if exam["scope"].get("block") == block["code"]:
            exam["scope"]["block"] = f"BC{number}"
    block["code"] = f"BC{number}"
author = User.objects.get(email="certificateur@centre.example")
reading = FrameworkImport.objects.create(
    organisation=centre, state="understood", source_text="", understood=content, corrected=content,
    created_by=author, created_at=now)
print(session.pk, session.candidates.get().pk, person.pk, reading.pk)
"""
# The exam that follows an enrolment made in the browser is over, so many days ago.
HOLD = """
from acquis.certification.registrations.models import Enrolment
from tests.journeys import held
enrolment = Enrolment.objects.latest("pk")
session = held.hold(enrolments=[enrolment], by=manager, now=now, days_ago={days_ago})
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


def test_a_ccp_is_kept_until_the_title_of_a_later_edition(
    chromium: Browser, server: Server, told: list[int], tmp_path: Path
) -> None:
    session, seat, person, reading = told
    manager = Person(chromium, server.address, "responsable@centre.example")
    jurors = [Person(chromium, server.address, f"jure{n}@centre.example") for n in (1, 2)]
    candidate = Candidate(chromium, server.address, EMAIL)
    candidate.page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    half_of_the_title(jurors[0], session, seat)
    jury.decided(jurors[0], manager, jurors, session)
    the_livret(manager, candidate, tmp_path)

    certifier = Person(chromium, server.address, "certificateur@centre.example")
    a_new_edition(certifier, reading)
    only_what_is_missing(manager, person)
    session, seat = map(int, prepare(server.place, HOLD.format(days_ago=4)))
    jury.deliberate(jurors[0], session=session, seat=seat)
    jury.close(jurors[0], outcome="Admise", reasons="La vente est conclue avec méthode.")
    jury.decided(jurors[0], manager, jurors, session)
    the_last_ccp(manager, candidate, tmp_path)

    the_final_interview(manager, person)
    session, seat = map(int, prepare(server.place, HOLD.format(days_ago=2)))
    over_the_blocks(jurors[0], session, seat)
    jury.decided(jurors[0], manager, jurors, session)
    the_title(manager, candidate, tmp_path)

    everybody = [manager, *jurors, candidate, certifier]
    assert {one.email: one.faults for one in everybody if one.faults} == {}
    assert "intacte" in server.place.run("-m", "acquis", "trace", "verify")


# -- the edition of the first exam -----------------------------------------------------------------


def half_of_the_title(president: Person, session: int, seat: int) -> None:
    """The rule proposes one CCP of the two; a whole success is refused, a partial one is closed."""
    page = president.page
    jury.deliberate(president, session=session, seat=seat, settled="Non acquis")
    blocks = page.locator("article.unit-block")
    expect(blocks.filter(has_text="CCP1").locator(".unit-verdicts")).to_contain_text(
        re.compile(r"Proposition\s*Acquis")
    )
    expect(blocks.filter(has_text="CCP2").locator(".unit-verdicts")).to_contain_text(
        re.compile(r"Proposition\s*Non acquis")
    )
    president.see("Issue proposée : Réussite partielle")
    assert axe.violations(page) == []
    shown(page, "partielle-deliberation")
    jury.close(
        president,
        outcome="Réussite partielle",
        reasons="Les appels entrants sont maîtrisés ; la vente reste à préparer.",
    )


def the_livret(manager: Person, candidate: Candidate, folder: Path) -> None:
    """No certificate: the sheet tells the partial success, the livret the CCP that is kept for good."""
    shown(manager.page, "partielle-documents")
    expect(jury.row(manager, "CERT")).to_have_count(0)
    pv = jury.paper(manager, "PV", folder)
    assert "Réussite partielle" in pv
    livret = jury.paper(manager, "LIV", folder)
    for said in ("Oriane Lestrade", "CCP1", "édition 06", "CCP2"):
        assert said in livret
    candidate.page.goto("/documents-officiels/mes-resultats/")
    candidate.see("Réussite partielle")
    candidate.see("Livret de certification")
    assert axe.violations(candidate.page) == []
    assert candidate.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    shown(candidate.page, "partielle-candidate")


# -- the edition that follows ----------------------------------------------------------------------


def a_new_edition(certifier: Person, reading: int) -> None:
    """Published with its correspondences: what is confirmed carries the CCP over."""
    page = certifier.page
    page.goto(f"/referentiels/imports/{reading}/publier/")
    page.get_by_label(re.compile("Valable à partir du")).fill(YESTERDAY)
    previous = page.get_by_label("Édition précédente")
    previous.select_option(label=previous.locator("option", has_text="06").inner_text())
    certifier.see("Correspondances avec l’édition 06")
    assert axe.violations(page) == []
    shown(page, "edition-correspondances")
    certifier.press("Publier l’édition")
    certifier.see("L’édition est publiée")
    shown(page, "edition-publiee")


def enrol(manager: Person, person: int, exam: str, route: str) -> None:
    page = manager.page
    page.goto(f"/candidats/{person}/")
    group = page.locator("#id_exam optgroup[label$='TP-00483 · 07']")
    option = group.locator("option", has_text=exam)
    page.get_by_label("Certification ou bloc").select_option(option.get_attribute("value"))
    page.get_by_label("Voie d’accès").select_option(label=route)
    page.get_by_role("button", name="Inscrire", exact=True).click()


def only_what_is_missing(manager: Person, person: int) -> None:
    """The CCP that is held is not sat again, nor the whole; the other one is."""
    enrol(manager, person, "BC1", "Parcours de formation")
    manager.see("ce qui est acquis l’est définitivement")
    expect(manager.page.get_by_label("Certification ou bloc")).not_to_have_value("")
    shown(manager.page, "inscription-acquis")
    enrol(manager, person, WHOLE, "Parcours de formation")
    manager.see("inscrivez aux blocs restants (BC2)")
    # Two refusals were shown, as they must be.
    manager.faults[:] = [one for one in manager.faults if "422" not in one]
    enrol(manager, person, "BC2", "Parcours de formation")
    manager.see("Inscription enregistrée")
    shown(manager.page, "inscription-manquant")


def the_last_ccp(manager: Person, candidate: Candidate, folder: Path) -> None:
    """Both are kept now, each under its edition; what remains is said to whoever must know."""
    shown(manager.page, "dernier-documents")
    livret = jury.paper(manager, "LIV", folder)
    assert "BC1" in livret
    assert "édition 06, sous le code CCP1, admis par correspondance" in livret
    assert "BC2" in livret
    assert "entretien final devant le jury" in livret
    candidate.page.goto("/documents-officiels/mes-resultats/")
    candidate.see("Tous les blocs sont acquis : l’entretien final reste à passer.")
    shown(candidate.page, "dernier-candidate")


def the_final_interview(manager: Person, person: int) -> None:
    """The page of the last enrolment leads to the one of the whole title."""
    page = manager.page
    page.goto(f"/candidats/{person}/")
    page.get_by_role("link", name=re.compile("BC2")).click()
    manager.see("reste l’entretien final devant le jury")
    assert axe.violations(page) == []
    shown(page, "entretien-annonce")
    enrol(manager, person, WHOLE, "Capitalisation de CCP")
    manager.see("Inscription enregistrée")
    shown(manager.page, "entretien-inscription")


def over_the_blocks(president: Person, session: int, seat: int) -> None:
    page = president.page
    jury.deliberate(president, session=session, seat=seat)
    president.see("Pas de grille ici")
    shown(page, "entretien-deliberation")
    assert axe.violations(page) == []
    jury.close(president, outcome="Admise", reasons="Les deux CCP se complètent.")


def the_title(manager: Person, candidate: Candidate, folder: Path) -> None:
    shown(manager.page, "titre-documents")
    certificate = jury.paper(manager, "CERT", folder)
    for said in ("Oriane Lestrade", TITLE, "édition 07", "BC1", "BC2"):
        assert said in certificate
    assert certificate.count(TITLE) == 1
    candidate.page.goto("/documents-officiels/mes-resultats/")
    shown(candidate.page, "titre-candidate")
    assert axe.violations(candidate.page) == []
