"""The invigilator's wall: fresh by itself, heard from afar, and back after the server was lost."""

import re
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, Locator, Request, expect

from tests.journeys import axe
from tests.journeys.exam import card_of, minutes_left, prepare
from tests.journeys.people import Candidate, Person, shown
from tests.prepared import demonstration

pytestmark = pytest.mark.journey
FRESH_S = 5.0
HELP = "Mon casque ne marche plus."
ALARM = "Alarme incendie, salle évacuée"

# Both candidates are there, with the hours of a season's plan; only the first may begin, and writes.
STAGE = """
from datetime import timedelta
from acquis.certification.exam_sessions.actions import keep_hours
from acquis.certification.exam_sessions.policy import Slot
from acquis.certification.exam_sessions.queries import plan_of, seats
from acquis.certification.sittings import actions
from acquis.certification.sittings.models import Sitting
from acquis.practice.rooms.actions.begin_phase import begin_phase
session = ExamSession.objects.select_related("manager").get(pk=1)
ExamSession.objects.update(starts_at=now)
for number, seat in enumerate(seats(session), start=3):
    slots = [
        Slot(plan.code, plan.kind, plan.title, now, now + timedelta(minutes=plan.minutes),
             plan.jury_present, "Salle Loire", number)
        for plan in plan_of(session, seat)
    ]
    keep_hours(seat=seat, slots=slots, by=manager, at=now)
session.jurors.update(present=True)
actions.open_session(session=session, by=manager, at=now)
for sitting in Sitting.objects.order_by("pk"):
    actions.confirm_presence(candidate=sitting.candidate, present=True, by=manager, at=now)
    actions.confirm_identity(candidate=sitting.candidate, by=manager, at=now)
first = Sitting.objects.order_by("pk")[0]
actions.authorise_start(sitting=first, by=manager, at=now)
writer = first.candidate.enrolment.candidate.user
begin_phase(phase=first.phases.get(position=1), by=writer, at=now)
print(writer.email, first.access_code)
"""
# What leaves towards the loudspeakers is measured: the loudest moment since it was last asked.
HEAR = """
(() => {
  window.heard = { peak: 0 };
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode) {
      const ear = this.context.createAnalyser();
      const samples = new Float32Array(ear.fftSize);
      connect.call(this, ear);
      setInterval(() => {
        ear.getFloatTimeDomainData(samples);
        for (const one of samples) window.heard.peak = Math.max(window.heard.peak, Math.abs(one));
      }, 20);
    }
    return connect.call(this, to, ...rest);
  };
})();
"""


@pytest.fixture(scope="module")
def exam() -> Iterator[tuple[Server, list[str]]]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        told = prepare(where, STAGE)
        started = Server(where)
        started.start()
        yield started, told
        started.stop()


def test_the_wall_calls_and_comes_back(chromium: Browser, exam: tuple[Server, list[str]]) -> None:
    server, (email, code) = exam
    candidate = Candidate(chromium, server.address, email)
    candidate.enter(1, code)
    expect(candidate.page.locator("#piece-summary")).to_be_visible()
    invigilator = Person(chromium, server.address, "surveillant@centre.example")
    invigilator.context.add_init_script(HEAR)
    invigilator.page.goto("/epreuves/sessions/1/salle/")
    first, second = (card_of(invigilator, name) for name in ("Inès", "Théo"))

    expect(first).to_contain_text("Salle Loire")
    expect(first).to_contain_text("poste 3")
    assert axe.violations(invigilator.page) == []
    a_call_is_heard(invigilator, candidate, first)
    who_was_waiting_is_let_in(second)
    another_workstation_is_authorised(chromium, server, invigilator, candidate, first, code)
    time_is_given_to_one_then_to_all(invigilator, first)
    while_nothing_changes_the_hour_alone_does(invigilator)
    an_incident_is_kept(invigilator)
    without_a_socket_it_stays_fresh(chromium, server)
    assert [person.faults for person in (candidate, invigilator) if person.faults] == []
    a_server_that_dies_is_told_and_found_again(server, invigilator, first)
    assert "intacte" in server.place.run("-m", "acquis", "trace", "verify")


def a_call_is_heard(invigilator: Person, candidate: Candidate, card: Locator) -> None:
    """Sound is asked for by one click, and sounds at once; then at each new call, after a reload too."""
    page = invigilator.page
    assert peak(invigilator) == 0
    page.get_by_role("button", name="Alerter par un son").click()
    is_heard(invigilator)
    page.reload()
    expect(page.get_by_role("button", name="Alerter par un son")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.get_by_role("heading", level=1).click()
    assert peak(invigilator) == 0
    candidate.press("Appeler le surveillant")
    expect(page).to_have_title(re.compile(r"^\(1\) Salle"))
    is_heard(invigilator)
    expect(card.locator(".wall-states li").first).to_contain_text("Appelle depuis")
    assert axe.violations(page) == []
    shown(page, "mur-appel")
    card.get_by_role("button", name="J’y suis allé").click()
    expect(page).to_have_title(re.compile("^Salle"))


def while_nothing_changes_the_hour_alone_does(invigilator: Person) -> None:
    page = invigilator.page
    hour = page.locator("[data-wall-now] time")
    fetched: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/salle/"):
            fetched.append(request.url)

    page.on("request", note)
    for _ in range(2):
        expect(hour).not_to_have_text(hour.inner_text())
    page.remove_listener("request", note)
    assert fetched == []


def who_was_waiting_is_let_in(card: Locator) -> None:
    expect(card.locator(".wall-states li").first).to_contain_text("Début à autoriser")
    card.get_by_role("button", name="Autoriser").dblclick()
    expect(card.locator(".wall-states li").first).to_contain_text("Prêt à commencer")


def another_workstation_is_authorised(
    chromium: Browser,
    server: Server,
    invigilator: Person,
    candidate: Candidate,
    card: Locator,
    code: str,
) -> None:
    again = Candidate(chromium, server.address, candidate.email)
    again.enter(1, code)
    again.see("Votre épreuve est ouverte sur un autre poste")
    expect(card.locator(".wall-states li").first).to_contain_text("Demande à changer de poste")
    card.get_by_role("button", name="Autoriser ce poste").click()
    expect(card.get_by_role("button", name="Autoriser ce poste")).to_have_count(0)
    expect(again.page.locator("#piece-summary")).to_be_visible()  # it opens by itself
    again.context.close()


def time_is_given_to_one_then_to_all(invigilator: Person, card: Locator) -> None:
    """Refused without a reason where it was asked; then given, shown, once."""
    page = invigilator.page
    before = minutes_left(invigilator)
    card.get_by_text("Autres actions").click()
    card.get_by_label("Minutes").fill("12")
    card.get_by_label("Motif du temps rendu").fill("   ")
    card.get_by_role("button", name="Rendre", exact=True).click()
    expect(card.locator("#refusal")).to_contain_text("Indiquez le motif")
    assert card.get_by_label("Minutes").input_value() == "12"
    card.get_by_label("Motif du temps rendu").fill(ALARM)
    card.get_by_role("button", name="Rendre", exact=True).dblclick()
    expect(card.get_by_label("Motif du temps rendu")).not_to_be_visible()
    assert before + 10 <= minutes_left(invigilator) <= before + 12
    page.get_by_text("Rendre du temps à tous").click()
    page.get_by_label("Motif, le même pour tous").fill(ALARM)
    page.get_by_role("button", name="Rendre à tous").click()
    expect(page.locator("[data-wall-said]")).to_contain_text("Le temps est rendu à 1 candidat.")
    assert before + 15 <= minutes_left(invigilator) <= before + 17


def an_incident_is_kept(invigilator: Person) -> None:
    page = invigilator.page
    page.get_by_role("link", name="Incident", exact=True).click()
    page.get_by_label("Nature").select_option("headset")
    page.get_by_label("Effet sur la décision").select_option("time_given")
    invigilator.press("Consigner")
    expect(page.get_by_label("Ce qui s’est passé")).to_have_attribute("aria-invalid", "true")
    invigilator.faults.clear()  # 422: nothing was written of what happened
    page.get_by_label("Ce qui s’est passé").fill(HELP)
    invigilator.press("Consigner")
    invigilator.see("Incident consigné.")
    expect(page).to_have_url(re.compile("/salle/$"))


def without_a_socket_it_stays_fresh(chromium: Browser, server: Server) -> None:
    """No news arrives: the page asks by itself, often enough for data less than five seconds old."""
    blind = Person(chromium, server.address, "surveillant@centre.example")
    blind.page.route_web_socket(re.compile("/ws/news/"), lambda link: link.close())
    asked: list[float] = []
    wall = re.compile("/salle/$")
    blind.page.on(
        "request",
        lambda one: asked.append(time.monotonic()) if wall.search(one.url) else None,
    )
    blind.page.goto("/epreuves/sessions/1/salle/")
    with blind.page.expect_response(lambda _answer: len(asked) > 3):
        pass
    assert min(later - sooner for sooner, later in pairwise(asked[1:])) < FRESH_S
    blind.context.close()


def a_server_that_dies_is_told_and_found_again(
    server: Server, invigilator: Person, card: Locator
) -> None:
    """Since when is said, what was typed stays, and nothing is to be clicked once it is back."""
    page = invigilator.page
    card.get_by_text("Autres actions").click()
    card.get_by_label("Motif du temps rendu").fill(ALARM)
    server.kill()
    notice = page.locator("[data-wall-stale]")
    expect(notice).to_be_visible()
    expect(notice).to_contain_text(re.compile(r"Données de \d\d:\d\d:\d\d"))
    card.get_by_role("button", name="Rendre", exact=True).click()
    expect(card).to_contain_text("Le serveur n’a pas répondu")
    expect(card.get_by_label("Motif du temps rendu")).to_have_value(ALARM)
    assert axe.violations(page) == []
    shown(page, "mur-coupure")
    server.start()
    expect(notice).to_be_hidden(timeout=60_000)
    expect(card.get_by_label("Motif du temps rendu")).to_have_value(ALARM)


def peak(person: Person) -> float:
    """The loudest sample that left the page since it was loaded, or since it was last heard."""
    return float(person.page.evaluate("window.heard.peak"))


def is_heard(person: Person) -> None:
    person.page.wait_for_function("window.heard.peak > 0.02")
    person.page.wait_for_function(
        "() => { window.heard.peak = 0; return new Promise((done) => setTimeout("
        "() => done(window.heard.peak === 0), 300)); }"
    )
