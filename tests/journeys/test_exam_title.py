"""A whole title: two candidates, two jurors, one invigilator; a third of extra time, a crash, a cut."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, expect

from tests.journeys import axe
from tests.journeys.exam import (
    begin_as,
    card_of,
    end_session,
    let_in,
    minutes_left,
    package_of,
    prepare,
    talk,
)
from tests.journeys.people import Candidate, Person, shown
from tests.prepared import demonstration

pytestmark = pytest.mark.journey
REASON = "Dyslexie, lecture lente attestée"
LENT = "Le poste 4 s’est éteint"
BEFORE = "Écrit avant la panne."
OFFLINE = "Écrit sur le réseau. Écrit pendant la coupure."

# The session of the demonstration examines the whole title; its first candidate has a third of time more.
PREPARE = f"""
from acquis.certification.papers.actions.commit_draw import renew_commitment
from acquis.certification.registrations.actions import accommodate
from acquis.certification.registrations.models import Enrolment
session = ExamSession.objects.get(pk=1)
session.block = ""
session.starts_at = now
session.save()
Enrolment.objects.filter(sessions__session=session).update(block="")
renew_commitment(session=session, reason="Session du titre entier", by=manager, at=now)
seats = session.candidates.order_by("order").select_related("enrolment__candidate__user")
accommodate(
    enrolment=seats[0].enrolment,
    data={{"kind": "extra_time", "extra": Fraction(1, 3), "break_minutes": 0, "scope": [],
          "details": "{REASON}", "decision_by": "MDPH 44", "decision_date": now.date()}},
    by=manager, at=now,
)
print(*[word for seat in seats for word in (seat.enrolment.candidate.user.email, seat.pk)])
"""
REVISIONS = """
MARKS = len("<p></p>")  # of the editor, around the one paragraph
from acquis.certification.sittings.models import ProductionRevision
rows = ProductionRevision.objects.filter(
    production__sitting=2, production__key="summary").order_by("seq")
print(*[f"{row.seq}:{row.conflicting}:{len(row.content) - MARKS}" for row in rows])
"""


@pytest.fixture(scope="module")
def exam() -> Iterator[tuple[Server, list[str]]]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        told = prepare(where, PREPARE)
        started = Server(where)
        started.start()
        yield started, told
        started.stop()


def test_a_title_session_to_its_sealed_files(
    chromium: Browser, exam: tuple[Server, list[str]], tmp_path: Path
) -> None:
    server, (slow_email, slow_seat, quick_email, quick_seat) = exam
    manager = Person(chromium, server.address, "responsable@centre.example")
    manager.page.goto("/sessions/1/")
    manager.press("Ouvrir la session", agree=True)
    manager.see("Ouverte")
    invigilator = Person(chromium, server.address, "surveillant@centre.example")
    codes = let_in(invigilator)
    slow = Candidate(chromium, server.address, slow_email)
    quick = Candidate(chromium, server.address, quick_email)
    slow.enter(1, codes[0])
    quick.enter(2, codes[1])

    begin_together(invigilator, slow, quick)
    extra_time_shows_and_its_reason_does_not(manager, invigilator, slow, quick)
    a_cut_loses_nothing(server, quick)
    slow = a_crash_loses_nothing(chromium, server, invigilator, slow, codes[0])
    time_is_given_back(invigilator, slow)
    an_incident_is_written_down(invigilator, manager)

    jurors = [Person(chromium, server.address, f"jure{n}@centre.example") for n in (1, 2)]
    seals = {}
    for candidate, juror, seat in (
        (slow, jurors[0], int(slow_seat)),
        (quick, jurors[1], int(quick_seat)),
    ):
        seals[seat] = go_through(candidate, juror, seat)
    end_session(manager, 1)
    for juror, (seat, seal) in zip(jurors, seals.items(), strict=True):
        parts = package_of(juror, seat, tmp_path)
        assert parts["epreuve.json"]["sealed_sha256"].startswith(seal)
        assert {part["state"] for part in parts["epreuve.json"]["phases"]} == {"ended"}

    everybody = [manager, invigilator, slow, quick, *jurors]
    assert {person.email: person.faults for person in everybody if person.faults} == {}
    assert "intacte" in server.place.run("-m", "acquis", "trace", "verify")


def begin_together(invigilator: Person, slow: Candidate, quick: Candidate) -> None:
    """The invigilator begins for both: each page opens its own dossier by itself."""
    invigilator.press("Commencer ensemble (2 prêts)")
    for candidate in (slow, quick):
        expect(candidate.page.locator("#piece-summary")).to_be_visible()
        assert axe.violations(candidate.page) == []
    invigilator.page.goto("/epreuves/sessions/1/salle/")
    assert axe.violations(invigilator.page) == []
    shown(invigilator.page, "titre-mur")
    shown(slow.page, "titre-salle")
    slow.page.set_viewport_size({"width": 1024, "height": 768})
    shown(slow.page, "titre-salle-1024")
    slow.page.set_viewport_size({"width": 1360, "height": 900})


def extra_time_shows_and_its_reason_does_not(
    manager: Person, invigilator: Person, slow: Candidate, quick: Candidate
) -> None:
    assert 90 <= minutes_left(slow) < 100
    assert 65 <= minutes_left(quick) < 75
    manager.page.goto("/sessions/1/")
    expect(card_of(invigilator, "Inès")).to_contain_text("temps majoré : un tiers")
    for person in (manager, invigilator, slow, quick):
        assert "yslexie" not in person.page.content(), person.email


def a_cut_loses_nothing(server: Server, candidate: Candidate) -> None:
    """What is typed while the network is down leaves once, whole, when it is back."""
    candidate.write("summary", "Écrit sur le réseau.")
    known = len(candidate.faults)
    candidate.context.set_offline(True)
    field = candidate.page.locator("#piece-summary")
    field.fill("Écrit sur le réseau. Écrit")
    state = candidate.page.locator("[data-saved-state]")
    expect(state).to_have_attribute("data-state", re.compile("offline|retrying"))
    field.fill(OFFLINE)
    with candidate.kept("summary"):
        candidate.context.set_offline(False)
    candidate.faults[known:] = []  # what the browser says of a network that is down
    candidate.page.reload()
    expect(field).to_have_text(OFFLINE)
    first, *later = prepare(server.place, REVISIONS)
    assert first == f"1:False:{len('Écrit sur le réseau.')}"
    whole = [row for row in later if row.endswith(f":False:{len(OFFLINE)}")]
    assert len(whole) == 1
    assert later[-1:] == whole


def a_crash_loses_nothing(
    chromium: Browser, server: Server, invigilator: Person, candidate: Candidate, code: str
) -> Candidate:
    """The computer dies without a word; another one waits for the invigilator, and has the text."""
    candidate.write("summary", BEFORE)
    styled_by_the_keyboard(candidate)
    assert candidate.faults == []
    candidate.context.close()
    again = Candidate(chromium, server.address, candidate.email)
    again.enter(1, code)
    again.see("Votre épreuve est ouverte sur un autre poste")
    assert BEFORE not in again.page.content()
    again.page.goto("/salle/1/")
    again.see("Votre épreuve est ouverte sur un autre poste")
    card = card_of(invigilator, "Inès")
    expect(card).to_contain_text("Demande à changer de poste")
    expect(invigilator.page).to_have_title(re.compile(r"^\(1\)"))
    assert axe.violations(invigilator.page) == []
    shown(invigilator.page, "titre-mur-poste")
    card.get_by_role("button", name="Autoriser ce poste").click()
    expect(card.get_by_role("button", name="Autoriser ce poste")).to_have_count(0)
    expect(again.page.locator("#piece-summary")).to_have_text(BEFORE)
    return again


def styled_by_the_keyboard(candidate: Candidate) -> None:
    """From the text to the toolbar and back without a mouse; what was chosen is kept."""
    page = candidate.page
    field = page.locator("#piece-summary")
    field.press("Control+a")
    field.press("Control+b")
    field.press("Alt+F10")
    style = page.get_by_role("toolbar", name="Mise en forme").get_by_label("Style")
    expect(style).to_be_focused()
    with candidate.kept("summary"):
        style.select_option("h3")
    expect(field).to_be_focused()
    expect(field.locator("h3 strong")).to_have_text(BEFORE)
    with candidate.context.expect_page() as opened:
        page.get_by_role("link", name="Imprimer").click()
    expect(opened.value.locator("article.paper h3 strong")).to_have_text(BEFORE)
    assert axe.violations(opened.value) == []
    opened.value.close()


def time_is_given_back(invigilator: Person, candidate: Candidate) -> None:
    before = minutes_left(candidate)
    card = card_of(invigilator, "Inès")
    card.get_by_text("Autres actions").click()
    card.get_by_label("Minutes").fill("12")
    card.get_by_label("Motif du temps rendu").fill(LENT)
    card.get_by_role("button", name="Rendre", exact=True).click()
    expect(card.get_by_label("Motif du temps rendu")).to_be_hidden()  # the card came anew
    expect(candidate.page.locator("[data-clock-figures]")).to_have_text(re.compile(r"^1.[45]\d"))
    assert before + 8 <= minutes_left(candidate) <= before + 12


def an_incident_is_written_down(invigilator: Person, manager: Person) -> None:
    card = card_of(invigilator, "Inès")
    card.get_by_text("Autres actions").click()
    card.get_by_role("link", name="Consigner un incident").click()
    page = invigilator.page
    page.get_by_label("Nature").select_option("technical")
    page.get_by_label("Ce qui s’est passé").fill(f"{LENT} ; le candidat a changé de poste.")
    page.get_by_label("Effet sur la décision").select_option("time_given")
    expect(page.get_by_label("Candidat concerné").locator("option:checked")).to_contain_text("Inès")
    invigilator.press("Consigner")
    expect(page).to_have_url(re.compile("/salle/$"))
    manager.page.goto("/sessions/1/")
    manager.see(LENT)
    manager.see("Temps rendu")


def go_through(candidate: Candidate, juror: Person, seat: int) -> str:
    """From the written work to the end, six parts more; returns the fingerprint that is shown."""
    candidate.hand_in()
    begin_as(candidate)
    candidate.write("preparation_notes", "Vérifier l’identité.")
    candidate.hand_in()
    begin_as(candidate)
    juror.page.goto(f"/salle/jury/{seat}/")
    juror.press("Ouvrir la fiche de rôle")
    expect(juror.page.locator(".cockpit-tabs a")).to_have_count(6)
    talk(candidate, juror, seat, "a")
    assert axe.violations(juror.page) == []
    assert axe.violations(candidate.page) == []
    shown(juror.page, "titre-poste-jure")
    shown(candidate.page, "titre-echanges")
    candidate.hand_in()
    for _part in range(4):
        begin_as(candidate)
        candidate.hand_in()
    candidate.see("Votre épreuve est terminée")
    assert axe.violations(candidate.page) == []
    return candidate.page.locator("main code").inner_text().rstrip("…")
