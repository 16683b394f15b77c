"""FILEA: two failures and no third presentation; then an appeal from the candidate's pages is accepted."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, Page, expect

from tests.journeys import axe, jury
from tests.journeys.exam import FILEA_BY_CHAT, prepare
from tests.journeys.people import Candidate, Person, pages_of, shown
from tests.prepared import demonstration

pytestmark = pytest.mark.journey
EMAIL = "lestrade@courriel.example"
PHONE = {"width": 390, "height": 844}
DAY = (datetime.now(ZoneInfo("Europe/Paris")) + timedelta(days=60)).replace(
    hour=9, minute=0, second=0, microsecond=0
)
FACTS = "Le casque est resté muet : le client parlait et je ne l’entendais pas."
REASONS = "Le casque est resté muet pendant l’échange : l’épreuve n’était pas régulière."

# A first exam is over: both jurors refused six criteria of fifteen.
PREPARE = """
from acquis.certification.exam_sessions.actions import cancel_session
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.juries.models import Juror
from acquis.certification.registrations.actions import enrol
from tests.journeys import held
version = FrameworkVersion.objects.get(framework__code="CP-FFP-ASCAS")
for email, body in zip(held.SITTING, ("FILEA", "Monde économique")):
    Juror.objects.filter(user__email=email).update(represents=body, briefing_hours=2)
person = held.candidate(first_name="Oriane", birth_name="Lestrade", sex="F", centre=centre,
                        by=manager, at=now)
enrolment = enrol(candidate=person, version=version, block="", route="training", by=manager, at=now)
criteria = held.criteria_of(version, version.content["blocks"][0]["code"])
cancel_session(session=ExamSession.objects.get(pk=1), reason="Essai", by=manager, at=now)
session = held.hold(enrolments=[enrolment], by=manager, now=now, days_ago=40, refused=criteria[:6])
print(session.pk, session.candidates.get().pk, person.pk)
"""
# The second one was played, its headset silent; what the room wrote down is settled: no effect.
AGAIN = """
from acquis.certification.incidents.actions import settle_incident
from acquis.certification.exam_sessions.actions import report_incident
from acquis.certification.registrations.models import Enrolment
from acquis.practice.demo.load import model_of
from tests.journeys import held
enrolment = Enrolment.objects.latest("pk")
version = enrolment.version
criteria = held.criteria_of(version, version.content["blocks"][0]["code"])
session = held.play(enrolment=enrolment, model=model_of(centre), by=manager, now=now)
held.mark(session, refused=criteria[:6], at=now)
seat = session.candidates.get()
lost = report_incident(
    session=session, category="headset", effect="none", candidate=seat, happened_at=now, at=now,
    description="Le casque du poste 1 est resté muet deux minutes.",
    by=User.objects.get(email="surveillant@centre.example"))
settle_incident(incident=lost, effect="none", text="Un autre casque a été donné.", by=manager, at=now)
print(session.pk, seat.pk)
"""


@pytest.fixture(scope="module")
def told() -> list[int]:
    return []


@pytest.fixture(scope="module")
def server(told: list[int]) -> Iterator[Server]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        told += map(int, prepare(where, FILEA_BY_CHAT + PREPARE))
        started = Server(where)
        started.start()
        yield started
        started.stop()


def test_two_failures_no_third_presentation_and_an_appeal_that_opens_one(
    chromium: Browser, server: Server, told: list[int], tmp_path: Path
) -> None:
    session, seat, person = told
    manager = Person(chromium, server.address, "responsable@centre.example")
    jurors = [Person(chromium, server.address, f"jure{n}@centre.example") for n in (1, 2)]
    candidate = Candidate(chromium, server.address, EMAIL)
    candidate.page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    fail(jurors[0], session, seat)
    jury.decided(jurors[0], manager, jurors, session)
    own_result(candidate, "Présentations restantes : 1.")
    enrol_again(manager, person, tmp_path)
    session, seat = map(int, prepare(server.place, AGAIN))
    fail(jurors[0], session, seat)
    jury.decided(jurors[0], manager, jurors, session)
    own_result(candidate, "Aucune nouvelle présentation n’est admise par le référentiel.")
    no_third_time(manager, person)

    number = lodge(candidate)
    direction = Person(chromium, server.address, "certificateur@centre.example")
    trainer = Person(chromium, server.address, "formatrice@centre.example")
    where = admit(direction, number)
    the_file(direction)
    examine(direction, [direction, manager, trainer], where)
    new_session(manager, where)
    what_the_candidate_reads(candidate, number, tmp_path)

    everybody = [manager, *jurors, candidate, direction, trainer]
    assert {one.email: one.faults for one in everybody if one.faults} == {}
    assert "intacte" in server.place.run("-m", "acquis", "trace", "verify")


def sound(page: Page) -> None:
    assert axe.violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


# -- twice before the jury -------------------------------------------------------------------------


def fail(president: Person, session: int, seat: int) -> None:
    """Nine criteria of fifteen are less than the rule asks for, and this jury is bound by it."""
    page = president.page
    jury.deliberate(president, session=session, seat=seat)
    president.see("Critères acquis : 9 sur 15.")
    president.see("La règle en demande 11")
    president.see("Le règlement du référentiel s’impose")
    shown(page, f"filea-deliberation-{session}")
    jury.close(president, outcome="Refusée", reasons="L’objectif de l’appel n’est pas annoncé.")


def own_result(candidate: Candidate, said: str) -> None:
    page = candidate.page
    page.goto("/documents-officiels/mes-resultats/")
    latest = page.locator("main section").first
    expect(latest.locator(".result-outcome")).to_have_text("Refusée")
    expect(latest).to_contain_text(said)
    sound(page)
    shown(page, f"filea-resultat-{page.locator('main section').count()}")


def enrol(manager: Person, person: int) -> None:
    page = manager.page
    page.goto(f"/candidats/{person}/")
    whole = page.locator("#id_exam optgroup[label*='CP-FFP-ASCAS'] option").first
    page.get_by_label("Certification ou bloc").select_option(whole.get_attribute("value"))
    page.get_by_label("Voie d’accès").select_option(label="Parcours de formation")
    page.get_by_role("button", name="Inscrire", exact=True).click()


def enrol_again(manager: Person, person: int, folder: Path) -> None:
    """Within the year: a second presentation, once experience in the job is proved."""
    page = manager.page
    enrol(manager, person)
    manager.see("Inscription enregistrée")
    manager.see("une expérience professionnelle dans le métier est à justifier")
    manager.see("présentation n° 2")
    shown(page, "filea-deuxieme-inscription")
    (folder / "attestation.pdf").write_bytes(b"%PDF-1.7\n% attestation d'employeur\n%%EOF\n")
    proof = page.locator("li, article, tr").filter(has_text="Expérience professionnelle").last
    proof.locator("input[type=file]").set_input_files(folder / "attestation.pdf")
    proof.get_by_role("button", name=re.compile("^ ?Déposer")).click()
    manager.see("Peut se présenter par cette voie.")


def no_third_time(manager: Person, person: int) -> None:
    enrol(manager, person)
    manager.see("compte déjà 2 présentations")
    manager.see("le référentiel en admet 2, puis aucune autre")
    assert axe.violations(manager.page) == []
    shown(manager.page, "filea-troisieme-refusee")
    manager.faults[:] = [one for one in manager.faults if "422" not in one]


# -- the appeal ------------------------------------------------------------------------------------


def lodge(candidate: Candidate) -> str:
    """From the page of one's results; what the jury thought is not contested, its session is."""
    page = candidate.page
    page.goto("/documents-officiels/mes-resultats/")
    page.locator("main section").first.get_by_role("link", name="Contester la régularité").click()
    candidate.see("Le jury est souverain")
    page.get_by_label("Matériel ou incident non pris en compte").check()
    page.get_by_label("Les faits").fill(FACTS)
    sound(page)
    shown(page, "recours-depot")
    candidate.press("Déposer mon recours")
    candidate.see("est enregistré")
    sound(page)
    shown(page, "recours-depose")
    return page.get_by_role("heading", level=1).inner_text().split()[1]


def admit(direction: Person, number: str) -> str:
    page = direction.page
    page.goto("/recours/")
    page.get_by_role("link", name=number).click()
    shown(page, "recours-recevabilite")
    page.get_by_label("Il vient du candidat lui-même").check()
    page.get_by_label("Il est écrit, daté et dit ses motifs").check()
    page.get_by_label("Recevable : il est examiné").check()
    direction.press("Enregistrer la recevabilité")
    direction.see("La recevabilité est enregistrée.")
    return page.url


def the_file(direction: Person) -> None:
    """Assembled at once: minutes, incident, trace, evidence, each with its fingerprint."""
    page = direction.page
    file = page.locator("section[aria-labelledby=dossier-title]")
    for piece in ("Procès-verbal", "Incident", "Journal", "Reformulation", "Grille", "Sujet"):
        expect(file).to_contain_text(piece)
    expect(file).to_contain_text("Le casque du poste 1 est resté muet")
    expect(file).to_contain_text("chaîne vérifiée")
    assert axe.violations(page) == []
    shown(page, "recours-dossier")


def examine(direction: Person, committee: list[Person], where: str) -> None:
    page = direction.page
    for _seat in committee:
        page.get_by_role("button", name="Désigner").first.click()
    expect(page.get_by_role("button", name="Désigner")).to_have_count(0)
    for person in committee:
        person.page.goto(where)
        person.page.get_by_label("Accepter").check()
        person.page.get_by_label("Vos raisons").fill("L’incident est consigné.")
        person.press("Donner mon avis")
        person.see("Votre avis est enregistré.")
    page.goto(where)
    shown(page, "recours-decision")
    page.get_by_label("Motivation").fill(REASONS)
    direction.press("Rendre la décision")
    direction.see("La décision est rendue")


def new_session(manager: Person, where: str) -> None:
    """None of this exam is being prepared: one is made, and the candidate gets a place in it."""
    page = manager.page
    page.goto(where)
    manager.see("Aucune session de cet examen n’est en préparation")
    shown(page, "recours-sans-session")
    page.get_by_role("link", name="Nouvelle session").click()
    whole = page.locator("#id_exam optgroup[label*='CP-FFP-ASCAS'] option").first
    page.locator("#id_exam").select_option(whole.get_attribute("value"))
    page.locator("#id_starts_at").fill(f"{DAY:%Y-%m-%dT%H:%M}")
    page.locator("#id_place").fill("Centre de certification des Rives")
    page.locator("#id_enterprise").select_option(index=1)
    manager.press("Enregistrer")
    expect(page).to_have_url(re.compile(r"/sessions/\d+/$"))
    [reference] = re.findall(r"S\d+-\d+", page.get_by_role("heading", level=1).inner_text())
    page.goto(where)
    choice = page.get_by_role("combobox", name="Nouvelle session")
    option = choice.locator("option", has_text=reference)
    choice.select_option(option.get_attribute("value"))
    manager.press("Inscrire à cette session")
    manager.see(f"inscrit à la session {reference}")
    shown(page, "recours-accepte")


def what_the_candidate_reads(candidate: Candidate, number: str, folder: Path) -> None:
    """The steps, the letter, the place in the new session, the file without what is the jury's own."""
    page = candidate.page
    page.goto("/recours/mes-recours/")
    page.get_by_role("link", name=number).click()
    candidate.see("Votre recours est accepté")
    candidate.see(REASONS)
    sound(page)
    shown(page, "recours-candidate")
    expect(page.get_by_text("Grille de")).to_have_count(0)
    form = page.locator("form", has=page.get_by_role("button", name=re.compile("accepté")))
    answer = candidate.context.request.post(
        candidate.address + (form.get_attribute("action") or ""),
        headers={"X-CSRFToken": page.locator("body").get_attribute("data-csrf") or ""},
    )
    (folder / "decision.pdf").write_bytes(answer.body())
    letter = pages_of(folder / "decision.pdf")
    assert REASONS in letter
    assert "Oriane Lestrade" in letter
    page.goto("/documents-officiels/mes-resultats/")
    shown(page, "recours-resultats")
