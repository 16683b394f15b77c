"""The report handed in before, then its thirty-minute defence (framework 000)."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, expect

from tests.journeys import axe
from tests.journeys.exam import (
    begin_as,
    end_session,
    let_in,
    minutes_left,
    package_of,
    prepare,
)
from tests.journeys.people import Candidate, Person, shown
from tests.prepared import demonstration

pytestmark = pytest.mark.journey
FIRST = b"%PDF-1.7\n% une version de travail\n%%EOF\n"
FINAL = b"%PDF-1.7\n% le rapport tel que je le soutiens\n%%EOF\n"

# The people of the demonstration sit today before a jury of 000, for the whole certification.
PREPARE = """
from acquis.certification.exam_sessions import actions
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.juries.models import Juror
from acquis.certification.registrations.actions import enrol
from acquis.certification.registrations.models import Candidate
actions.cancel_session(session=ExamSession.objects.get(pk=1), reason="Essai", by=manager, at=now)
version = FrameworkVersion.objects.get(framework__code="RNCP-GRC")
session = actions.plan_session(
    organisation=centre,
    data={"reference": "", "version": version, "block": "", "starts_at": now, "place": "Rives",
          "address": "", "room": "", "enterprise_id": None},
    by=manager, at=now,
)
person = Candidate.objects.get(user__email="candidate1@centre.example")
enrolment = enrol(candidate=person, version=version, block="", route="training", by=manager, at=now)
seat = actions.add_candidate(session=session, enrolment=enrolment, by=manager, at=now)
for juror, function in zip(Juror.objects.order_by("pk"), ("president", "member")):
    actions.add_juror(session=session, juror=juror, function=function, by=manager, at=now)
print(session.pk, seat.pk)
"""


@pytest.fixture(scope="module")
def exam() -> Iterator[tuple[Server, int, int]]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        session, seat = prepare(where, PREPARE)
        started = Server(where)
        started.start()
        yield started, int(session), int(seat)
        started.stop()


def test_a_report_is_handed_in_then_defended(
    chromium: Browser, exam: tuple[Server, int, int], tmp_path: Path
) -> None:
    server, session, seat = exam
    manager = Person(chromium, server.address, "responsable@centre.example")
    manager.page.goto(f"/sessions/{session}/")
    manager.press("Ouvrir la session", agree=True)
    manager.see("Ouverte")
    invigilator = Person(chromium, server.address, "surveillant@centre.example")
    (code,) = let_in(invigilator, session=session, candidates=1)
    candidate = Candidate(chromium, server.address, "candidate1@centre.example")
    juror = Person(chromium, server.address, "jure2@centre.example")
    candidate.enter(1, code)
    begin_as(candidate)

    hand_in_a_report(candidate, tmp_path)
    the_jury_has_the_last_version(juror, seat)
    defend(candidate, juror, seat)
    end_session(manager, session)

    parts = package_of(juror, seat, tmp_path)
    reports = [part for name, part in parts.items() if name.startswith("fichiers/")]
    assert sorted(reports) == sorted([FIRST, FINAL])
    everybody = [manager, invigilator, candidate, juror]
    assert {person.email: person.faults for person in everybody if person.faults} == {}
    assert "intacte" in server.place.run("-m", "acquis", "trace", "verify")


def hand_in_a_report(candidate: Candidate, folder: Path) -> None:
    """Each version has its receipt; the last one handed in before the defence is retained."""
    page = candidate.page
    for name, content in (("rapport.pdf", FIRST), ("rapport-final.pdf", FINAL)):
        (folder / name).write_bytes(content)
        page.get_by_label("Document PDF, ODT ou DOCX").set_input_files(folder / name)
        candidate.press("Remettre")
        receipt = page.locator(".room-receipts li").first
        expect(receipt).to_contain_text(name)
        expect(receipt).to_contain_text(hashlib.sha256(content).hexdigest())
        expect(receipt).to_contain_text("version retenue")
    expect(page.locator(".room-receipts li")).to_have_count(2)
    expect(page.get_by_text("version retenue")).to_have_count(1)
    assert axe.violations(page) == []
    shown(page, "soutenance-remise")


def the_jury_has_the_last_version(juror: Person, seat: int) -> None:
    page = juror.page
    page.goto(f"/salle/dossier/{seat}/")
    last = page.locator("#documents li").first
    expect(last).to_contain_text("rapport-final.pdf")
    expect(last).to_contain_text(hashlib.sha256(FINAL).hexdigest()[:12])
    answer = juror.context.request.post(
        juror.address + (last.locator("form").get_attribute("action") or ""),
        headers={"X-CSRFToken": page.locator("body").get_attribute("data-csrf") or ""},
    )
    assert answer.ok
    assert answer.body() == FINAL
    assert axe.violations(page) == []
    shown(page, "soutenance-dossier")


def defend(candidate: Candidate, juror: Person, seat: int) -> None:
    """Thirty minutes on both clocks, nothing to hand in any more."""
    candidate.hand_in()
    candidate.see("Soutenance")
    begin_as(candidate)
    assert 25 <= minutes_left(candidate) <= 30
    expect(candidate.page.locator("input[type=file]")).to_have_count(0)
    juror.page.goto(f"/salle/jury/{seat}/")
    assert 25 <= minutes_left(juror) <= 30
    juror.see("Guide de l’entretien")
    juror.see("rapport-final.pdf")
    for person, name in ((candidate, "salle"), (juror, "poste-jure")):
        assert axe.violations(person.page) == []
        shown(person.page, f"soutenance-{name}")
    candidate.hand_in()
    candidate.see("Votre épreuve est terminée")
    expect(candidate.page.locator("main code")).to_have_text(re.compile("^[0-9a-f]{24}…$"))
