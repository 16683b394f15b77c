"""The reaction to a recorded call: heard as often as allowed, answered into the room, heard again by the jury."""

from collections.abc import Iterator

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, expect, sync_playwright

from tests.journeys import axe
from tests.journeys.conftest import CHROMIUM, need_chromium
from tests.journeys.exam import prepare
from tests.journeys.people import Candidate, Person, shown
from tests.prepared import demonstration

pytestmark = pytest.mark.journey

# The first candidate of the demonstration has reached the recorded call of CCP1; as in a framework that
# says so, it may be heard twice and is answered into the room.
STAGE = """
from acquis.certification.sittings import actions
from acquis.certification.sittings.models import Phase, Sitting
from acquis.practice.rooms.actions.begin_phase import begin_phase
session = ExamSession.objects.select_related("manager").get(pk=1)
session.jurors.update(present=True)
actions.open_session(session=session, by=manager, at=now)
sitting = Sitting.objects.order_by("pk")[0]
seat = sitting.candidate
actions.confirm_presence(candidate=seat, present=True, by=manager, at=now)
actions.confirm_identity(candidate=seat, by=manager, at=now)
actions.authorise_start(sitting=sitting, by=manager, at=now)
Phase.objects.filter(sitting=sitting, kind="reaction").update(listens=2, answer_recorded=True)
writer = seat.enrolment.candidate.user
for phase in sitting.phases.all():
    if phase.kind == "reaction":
        begin_phase(phase=phase, by=writer, at=now)
        break
    actions.end_phase(phase=phase, by=manager, at=now)
print(writer.email, sitting.access_code, sitting.pk, seat.pk)
"""


@pytest.fixture(scope="module")
def exam() -> Iterator[tuple[Server, list[str]]]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        told = prepare(where, STAGE)
        started = Server(where)
        started.start()
        yield started, told
        started.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One whose microphone beeps by itself."""
    need_chromium()
    asked = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", *asked]
        )
        yield opened
        opened.close()


def test_a_recorded_call_is_heard_and_answered(
    browser: Browser, exam: tuple[Server, list[str]]
) -> None:
    server, (email, code, sitting, seat) = exam
    candidate = Candidate(browser, server.address, email)
    candidate.enter(int(sitting), code)
    heard_as_often_as_allowed(candidate)
    answered_piece_by_piece(candidate)
    candidate.hand_in()
    candidate.see("La suite")
    assert candidate.faults == []
    juror = Person(browser, server.address, "jure1@centre.example")
    heard_again_in_the_file(juror, seat)
    assert juror.faults == []


def heard_as_often_as_allowed(candidate: Candidate) -> None:
    """A page that is loaded again gives no hearing back."""
    page = candidate.page
    button = page.locator("[data-hear-play]")
    for left in (2, 1):
        expect(page.locator("[data-hear-left]")).to_contain_text(f"{left} fois")
        with page.expect_response(lambda answer: answer.url.endswith("/entendu/")) as told:
            button.click()
        assert told.value.json() == {"left": left - 1}
        expect(page.locator("[data-hear-said]")).to_contain_text("passe dans votre casque")
        shown(page, "reaction-ecoute")
        page.reload()
    expect(page.locator("[data-hear-left]")).to_contain_text("le nombre de fois permis")
    expect(button).to_be_disabled()
    refused = candidate.context.request.post(
        candidate.address + (page.locator("[data-hear]").get_attribute("data-url") or ""),
        form={"key": "again"},
        headers={
            "X-CSRFToken": page.locator("body").get_attribute("data-csrf") or "",
            "Accept": "application/json",
        },
    )
    assert refused.json()["code"] == "sittings.listens_spent"
    assert axe.violations(page) == []


def answered_piece_by_piece(candidate: Candidate) -> None:
    page = candidate.page
    said = page.locator("[data-answer-said]")
    page.get_by_role("button", name="Enregistrer ma réponse").click()
    expect(said).to_contain_text("tout est gardé jusqu’à")
    shown(page, "reaction-reponse")
    page.get_by_role("button", name="Arrêter").click()
    expect(said).to_have_text("Votre réponse est gardée.")
    page.reload()
    expect(said).to_have_text("1 réponse est gardée.")


def heard_again_in_the_file(juror: Person, seat: str) -> None:
    page = juror.page
    page.goto(f"/salle/dossier/{seat}/")
    part = page.locator("#reaction")
    expect(part).to_contain_text("Écoute 2")
    answer = part.locator("[data-recording]")
    expect(answer).to_have_count(1)
    assert float(answer.get_attribute("data-seconds") or 0) > 2.5
    with page.expect_response(lambda found: "/fichiers/" in found.url) as sound:
        answer.get_by_role("button", name="Écouter").click()
    assert sound.value.ok
    expect(answer).to_have_attribute("data-playing", "")
    assert axe.violations(page) == []
    shown(page, "reaction-dossier")
