"""The main job, end to end: a référentiel comes in, a signed PV and certificates come out.

Five kinds of people in browser contexts of their own, on the real server: the certifying body, the
session manager, the invigilator, two jurors, two candidates.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, expect

from acquis.practice.demo.people import PASSWORD
from tests.certification.frameworks.readers import writing
from tests.journeys.exam import let_in, talk
from tests.journeys.people import Candidate, Person, embedded_fonts, pages_of, shown
from tests.prepared import demonstration

pytestmark = pytest.mark.journey
PAPERS = 7  # minutes, two sheets, two certificates, two livrets
SUMMARY = (
    "Le client a signalé un défaut de service. Le dossier montre deux appels sans suite, "
    "puis un courrier."
)
LETTER = (
    "Nous avons bien reçu votre courrier et nous vous présentons nos excuses.\n\n"
    "Nous vous remboursons 15,00 € sous cinq jours ouvrés. Votre demmande est close."
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        started = Server(where)
        started.start()
        yield started
        started.stop()


def test_from_a_referentiel_to_a_signed_pv(
    chromium: Browser, server: Server, tmp_path: Path
) -> None:
    publish_a_framework(Person(chromium, server.address, "certificateur@centre.example"), tmp_path)

    manager = Person(chromium, server.address, "responsable@centre.example")
    summon_and_open(manager, tmp_path)
    invigilator = Person(chromium, server.address, "surveillant@centre.example")
    codes = let_in(invigilator)

    jurors = [Person(chromium, server.address, f"jure{n}@centre.example") for n in (1, 2)]
    candidates = [
        Candidate(chromium, server.address, "candidate1@centre.example"),
        Candidate(chromium, server.address, "candidat2@centre.example"),
    ]
    for number, (candidate, juror) in enumerate(zip(candidates, jurors, strict=True), start=1):
        sit(candidate, juror, number, codes[number - 1])
    everybody = [manager, invigilator, *jurors, *candidates]
    faults = {person.email: list(person.faults) for person in everybody}
    survive_a_kill(server, candidates)
    for candidate in candidates:
        candidate.page.reload()  # whatever still tried to reach the dead server is over
    for person in everybody:  # what failed while the server was dead is no fault of a page
        person.page.evaluate("0")  # what its page told meanwhile is heard first
        person.faults[:] = faults[person.email]
    finish(candidates)
    close(manager)

    for juror, refused in zip(jurors, (1, 2), strict=True):
        mark(juror, refused)
    for number in (1, 2):
        deliberate(jurors[0], number)
    conclude_and_sign(manager, jurors)
    read_the_papers(manager, candidates, tmp_path)

    assert {person.email: person.faults for person in everybody if person.faults} == {}
    assert "intacte" in server.place.run("-m", "acquis", "trace", "verify")


def publish_a_framework(certifier: Person, folder: Path) -> None:
    """Bring two PDF documents, read what was understood beside them, correct one line, publish."""
    documents = [folder / "reac.pdf", folder / "re.pdf"]
    documents[0].write_bytes(writing.as_pdf(writing.reac()))
    documents[1].write_bytes(writing.as_pdf(writing.evaluation()))
    page = certifier.page
    page.goto("/referentiels/imports/nouveau/")
    page.locator("#id_documents").set_input_files(documents)
    page.get_by_label(re.compile("un seul référentiel")).check()
    certifier.press("Lire ces documents")
    page.get_by_role("heading", name="Relire ce qui a été compris").wait_for()
    shown(page, "relecture")
    criterion = page.locator("li[id^='item-blocks-0-criteria-0']")
    criterion.get_by_role("link", name="Corriger").click()
    page.get_by_label("Critère", exact=True).fill("Le ton de l’échange reste courtois")
    certifier.press("Enregistrer")
    certifier.see("Le ton de l’échange reste courtois")
    page.get_by_role("link", name=re.compile("Publier")).click()
    page.get_by_label(re.compile("Valable à partir du")).fill("2026-01-01")
    certifier.press("Publier l’édition")
    certifier.see("L’édition est publiée")
    certifier.see("Le ton de l’échange reste courtois")


def summon_and_open(manager: Person, folder: Path) -> None:
    page = manager.page
    page.goto("/sessions/1/convocations/")
    manager.press("Envoyer maintenant à tous")

    manager.see("Terminé")
    page.goto("/sessions/1/convocations/")
    summons = manager.fetch(
        page.locator("main a[href$='.pdf'][href*='convocations']").first, folder
    )
    text = pages_of(summons)
    assert "belhadj-moreau" in text.lower() or "vasseur" in text.lower()
    assert embedded_fonts(summons) == {True}
    page.goto("/sessions/1/")
    shown(page, "session")
    manager.press("Ouvrir la session", agree=True)
    manager.see("Ouverte")


def sit(candidate: Candidate, juror: Person, number: int, code: str) -> None:
    """Parts 1 to 3: study and write, draw and prepare, two exchanges played by a juror."""
    candidate.enter(number, code)
    candidate.begin()
    candidate.write("summary", SUMMARY)
    candidate.write("stakes_customer", "Être remboursé et entendu.")
    candidate.write("stakes_company", "Garder un client fidèle.")
    candidate.write("letter_subject", "Votre réclamation")
    candidate.write("letter_body", LETTER)
    expect(candidate.page.locator("[data-saved-text]")).to_contain_text("Enregistré à")
    shown(candidate.page, "salle-ecrit")
    candidate.hand_in()
    candidate.begin()
    candidate.write("preparation_notes", "Vérifier l’identité, reformuler.")
    candidate.hand_in()
    candidate.begin()
    juror.page.goto(f"/salle/jury/{number}/")
    juror.press("Ouvrir la fiche de rôle")
    for key in ("a", "b"):
        talk(candidate, juror, number, key)
    shown(candidate.page, "salle-echanges")


def survive_a_kill(server: Server, candidates: list[Candidate]) -> None:
    """The server dies while a candidate writes: what is typed leaves once it lives again."""
    candidate = candidates[0]
    candidate.page.locator("details.room-brief summary").click()
    server.kill()
    field = candidate.page.locator("#piece-exchange_notes")
    field.fill("Écrit pendant que le serveur était mort.")
    expect(candidate.page.locator("[data-saved-state]")).to_have_attribute(
        "data-state", re.compile("offline|retrying")
    )
    server.start()
    expect(candidate.page.locator("[data-saved-text]")).to_contain_text(
        "Enregistré", timeout=40_000
    )
    candidate.page.reload()
    candidate.page.locator("details.room-brief summary").click()
    expect(field).to_have_value("Écrit pendant que le serveur était mort.")


def finish(candidates: list[Candidate]) -> None:
    for candidate in candidates:
        candidate.hand_in()
        for _interview in range(3):
            candidate.begin()
            candidate.hand_in()
        candidate.see("Votre épreuve est terminée")


def close(manager: Person) -> None:
    manager.page.goto("/epreuves/sessions/1/salle/")
    manager.page.get_by_role("button", name=re.compile("épreuves")).click()
    manager.confirm()
    manager.see("Épreuves terminées")


def mark(juror: Person, refused: int) -> None:
    """Mark both grids, one criterion refused by each juror, evidence read beside."""
    page = juror.page
    page.goto("/notation/")
    opening = page.get_by_role("button", name="Ouvrir les grilles")
    if opening.count():
        opening.click()
    for number in range(2):
        page.goto("/notation/")
        page.locator("a.grid-row").nth(number).click()
        lines = page.locator("article.criterion")
        expect(lines.first).to_be_visible()
        page.wait_for_load_state()  # before its scripts, « Preuves » is a link to a page
        total = lines.count()
        lines.first.get_by_role("link", name="Preuves").click()
        expect(page.locator("#evidence")).to_contain_text(re.compile("repéré|passage|réponse|mots"))
        shown(page, "grille")
        for index in range(total):
            name = "Non acquis" if index == refused else "Acquis"
            button = lines.nth(index).get_by_role("button", name=name, exact=True)
            button.click()
            expect(button).to_have_attribute("aria-pressed", "true")
        expect(page.locator("[data-marked]").first).to_have_text(str(total))
        expect(page.locator("[data-saved-state]")).to_have_attribute("data-state", "saved")
        juror.press("Clore la grille", agree=True)
        expect(page).to_have_url(re.compile("/notation/$"))


def deliberate(president: Person, number: int) -> None:
    """Disagreements first, each decided with its reason, then the jury's decision."""
    page = president.page
    page.goto("/notation/sessions/1/")
    page.locator(f"form[action*='/candidats/{number}/deliberation/']").get_by_role("button").click()
    president.see("désaccords entre les grilles")
    shown(page, "deliberation")
    disputed = page.locator("section[aria-labelledby=desaccords] article")
    for index in range(disputed.count()):
        line = disputed.nth(index)
        line.locator("label").filter(has_text=re.compile("^Acquis$")).click()
        line.get_by_label("Motif de la décision").fill("Constaté ensemble en délibération.")
        line.get_by_role("button", name="Enregistrer la décision").click()
        expect(disputed.nth(index).locator(".decision-reason")).to_be_visible()
    for box in page.locator("input[name=present]").all():
        box.check()
    page.locator("label[for=outcome-passed]").click()
    page.locator("textarea[name=reasons]").fill("Compétences du bloc maîtrisées.")
    president.press("Clore la délibération", agree=True)
    president.see("La délibération de ce candidat est close")


def conclude_and_sign(manager: Person, jurors: list[Person]) -> None:
    president = jurors[0]
    president.page.goto("/notation/sessions/1/")
    president.page.get_by_role("button", name=re.compile("Conclure")).click()
    president.confirm()
    president.see("La session est délibérée")
    page = manager.page
    page.goto("/documents-officiels/sessions/1/")
    page.locator("form[action$='/etablir/'] button").click()
    for person in [*jurors, manager]:
        person.page.goto("/documents-officiels/sessions/1/")
        person.page.get_by_role("link", name=re.compile("igner")).first.click()
        person.page.locator("input[type=password]").fill(PASSWORD)
        person.page.locator("main form button.btn-primary").click()
        expect(person.page.locator("input[type=password]")).to_have_count(0)
    page.goto("/documents-officiels/sessions/1/")
    issue = page.locator("form[action$='/emettre/'] button")
    if issue.count():
        issue.click()
        manager.see("Terminé")
    for _attempt in range(30):  # what the background issues appears when it is done
        page.goto("/documents-officiels/sessions/1/")
        if page.locator("main table th a").count() == PAPERS:
            break
        page.wait_for_timeout(1000)
    shown(page, "documents")


def read_the_papers(manager: Person, candidates: list[Candidate], folder: Path) -> None:
    """Open every PDF and read it back: names, decisions, signatures, embedded fonts."""
    page = manager.page
    papers = {}
    links = {
        link.inner_text(): link.get_attribute("href") or ""
        for link in page.locator("main table th a").all()
    }
    for name, address in links.items():
        page.goto(address)
        path = manager.fetch(page.locator("a[href*='/fichier/']").first, folder)
        papers[name] = pages_of(path)
        assert embedded_fonts(path) == {True}
    everything = " ".join(papers.values())
    assert len(papers) == PAPERS, sorted(papers)
    pv = next(text for name, text in papers.items() if name.startswith("PV"))
    for name in ("Belhadj-Moreau", "Vasseur", "Diarrassouba", "Kervadec", "Lorgeril"):
        assert name.lower() in pv.lower()
    assert "Admis" in pv
    assert re.search(r"[0-9a-f]{12}", pv)  # the fingerprint of the trace
    assert everything.count("Assurer des prestations de services") >= 3
    candidates[0].page.goto("/documents-officiels/mes-resultats/")
    candidates[0].see("Certificat")
