"""FILEA: from an unknown person to a sealed role play and interview, by the pages of the centre."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, expect

from acquis.certification.exam_sessions.policy import summons_deadline
from acquis.practice.demo.people import PASSWORD
from tests.journeys import axe
from tests.journeys.exam import (
    FILEA_BY_CHAT,
    begin_as,
    end_session,
    let_in,
    package_of,
    prepare,
    talk,
)
from tests.journeys.people import Candidate, Person, pages_of, shown
from tests.prepared import demonstration

pytestmark = pytest.mark.journey
EXAM = "Assurer les services client en appels sortants"
EMAIL = "oriane.lestrade@courriel.example"
DAY = (datetime.now(ZoneInfo("Europe/Paris")) + timedelta(days=40)).replace(
    hour=9, minute=0, second=0, microsecond=0
)

# The day has come; the candidate chose a password by the letter that opened their access.
TODAY = f"""
session = ExamSession.objects.latest("pk")
session.starts_at = now
session.save()
user = User.objects.get(email="{EMAIL}")
user.set_password("{PASSWORD}")
user.save()
seat = session.candidates.get()
print(session.pk, seat.pk)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        prepare(where, FILEA_BY_CHAT)
        started = Server(where)
        started.start()
        yield started
        started.stop()


def test_filea_from_enrolment_to_the_end(chromium: Browser, server: Server, tmp_path: Path) -> None:
    manager = Person(chromium, server.address, "responsable@centre.example")
    enrol(manager)
    plan(manager)
    name_a_jury(manager)
    summon(manager, tmp_path)

    number, seat = (int(word) for word in prepare(server.place, TODAY))
    manager.page.goto(f"/sessions/{number}/")
    manager.press("Ouvrir la session", agree=True)
    manager.see("Ouverte")
    invigilator = Person(chromium, server.address, "surveillant@centre.example")
    (code,) = let_in(invigilator, session=number, candidates=1)
    candidate = Candidate(chromium, server.address, EMAIL)
    juror = Person(chromium, server.address, "jure1@centre.example")
    candidate.page.goto("/salle/")
    candidate.page.locator("main a[href^='/salle/']").first.click()
    seal = sit(candidate, juror, seat, code)
    end_session(manager, number)
    parts = package_of(juror, seat, tmp_path)

    assert parts["epreuve.json"]["sealed_sha256"].startswith(seal)
    assert [one["kind"] for one in parts["epreuve.json"]["phases"]] == ["exchanges", "interview"]
    everybody = [manager, invigilator, candidate, juror]
    assert {person.email: person.faults for person in everybody if person.faults} == {}
    assert "intacte" in server.place.run("-m", "acquis", "trace", "verify")


def enrol(manager: Person) -> None:
    """Somebody unknown is registered, gets an access and is enrolled."""
    page = manager.page
    page.goto("/candidats/nouveau/")
    page.get_by_label("Nom de naissance").fill("Lestrade")
    page.get_by_label("Prénom", exact=True).fill("Oriane")
    page.locator("#id_sex").select_option("F")
    page.locator("#id_birth_date").fill("1996-05-12")
    page.locator("#id_birth_city").fill("Nantes")
    page.locator("#id_birth_insee_code").fill("44109")
    page.locator("#id_email").fill(EMAIL)
    manager.press("Enregistrer")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Oriane")
    manager.press("Ouvrir son accès")
    manager.see("Compte ouvert")
    choose_exam(manager)
    page.locator("#id_route").select_option("training")
    page.get_by_role("button", name="Inscrire", exact=True).click()
    manager.see("Inscription enregistrée")
    expect(page.locator("main")).to_contain_text(EXAM)


def choose_exam(manager: Person) -> None:
    """The whole certification, in the group of its edition."""
    whole = manager.page.locator("#id_exam optgroup[label*='CP-FFP-ASCAS'] option").first
    manager.page.locator("#id_exam").select_option(whole.get_attribute("value"))


def plan(manager: Person) -> None:
    page = manager.page
    page.goto("/sessions/nouvelle/")
    choose_exam(manager)
    page.locator("#id_starts_at").fill(f"{DAY:%Y-%m-%dT%H:%M}")
    page.locator("#id_place").fill("Centre de certification des Rives")
    page.locator("#id_enterprise").select_option(index=1)
    manager.press("Enregistrer")
    expect(page).to_have_url(re.compile(r"/sessions/\d+/$"))
    page.get_by_label(re.compile("Lestrade", re.IGNORECASE)).check()
    page.locator("form[action$='/candidats/'] button").click()
    expect(page.locator("main tbody tr").filter(has_text="Oriane")).to_be_visible()


def name_a_jury(manager: Person) -> None:
    """FILEA's rule: one of FILEA, one or two of the economic world, briefed for two hours (X-09)."""
    page = manager.page
    session = page.url
    for name in ("Diarrassouba", "Kervadec"):
        page.get_by_label(re.compile(name)).check()
    page.locator("form[action$='/jures/'] button").click()
    manager.see("Ce jury ne peut pas siéger")
    for number, body in ((1, "FILEA"), (2, "Monde économique")):
        page.goto(f"/jures/{number}/modifier/")
        page.locator("#id_represents").fill(body)
        page.locator("#id_briefing_hours").fill("2")
        manager.press("Enregistrer")
        expect(page).to_have_url(re.compile(rf"/jures/{number}/$"))
    page.goto(session)
    manager.see("Le jury est régulier")
    page.locator("tr").filter(has_text="Diarrassouba").get_by_role("button", name="Préside").click()
    expect(page.locator("tr").filter(has_text="Diarrassouba")).to_contain_text("Présidence")


def summon(manager: Person, folder: Path) -> None:
    """At least a month before: the page says until when, and each letter bears the day."""
    page = manager.page
    page.get_by_role("link", name="Convocations").first.click()
    last = summons_deadline(DAY.date())
    expect(page.locator("main .notice-info")).to_contain_text(str(last.year))
    expect(page.locator("main .notice-info")).to_contain_text(f"{last.day} ")
    expect(page.get_by_text("Ce délai est dépassé")).to_have_count(0)
    summons = page.url
    manager.press("Envoyer maintenant à tous")
    manager.see("Terminé")
    page.goto(summons)
    letters = page.locator("main a[href*='/convocations/'][href$='.pdf']")
    expect(letters).to_have_count(3)
    text = pages_of(manager.fetch(letters.first, folder))
    assert "Lestrade".lower() in text.lower()
    assert EXAM in text
    assert str(DAY.year) in text


def sit(candidate: Candidate, juror: Person, seat: int, code: str) -> str:
    """The role play and the interview, neither with a time of its own; returns the fingerprint."""
    page = candidate.page
    page.get_by_label("Code d’accès").fill(code)
    page.locator("main").get_by_role("button", name="Entrer").click()
    candidate.see("Le référentiel ne fixe pas de durée")
    assert axe.violations(page) == []
    begin_as(candidate)
    expect(page.locator("[data-clock]")).to_have_count(0)
    juror.page.goto(f"/salle/jury/{seat}/")
    juror.press("Ouvrir la fiche de rôle")
    talk(candidate, juror, seat, "a")
    assert axe.violations(juror.page) == []
    shown(page, "filea-salle")
    candidate.hand_in()
    begin_as(candidate)
    shown(page, "filea-entretien")
    candidate.hand_in()
    candidate.see("Votre épreuve est terminée")
    return page.locator("main code").inner_text().rstrip("…")
