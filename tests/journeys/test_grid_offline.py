"""A juror's tablet loses the network for half an hour: every mark is kept, sent once, in its order; nothing is overwritten."""

import re
from collections.abc import Iterator

import pytest
from benchmarks._server import Server
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys import axe
from tests.journeys.exam import served
from tests.journeys.people import Person, apart_from_cuts, shown
from tests.journeys.test_exam_kill import STAGE

pytestmark = pytest.mark.journey
TABLET = {"width": 820, "height": 1180}
OFFLINE = 10  # criteria marked while the network is down
WORDS = "Reformule la demande, puis vérifie le code postal."
KEPT = """
from acquis.certification.grading.models import Grid
from acquis.kernel import trace
grid = Grid.objects.get(pk={grid})
print("marks", *[f"{{m.position - 1}}:{{m.seq}}:{{m.verdict}}:{{len(m.observation)}}" for m in grid.marks.all()])
places = {{str(m.pk): m.position - 1 for m in grid.marks.all()}}
lines = [one for one in trace.lines(grid.own_stream) if one.verb == "mark.saved"]
who = {{one.actor_id for one in lines}} == {{grid.juror.juror.user_id}}
when = [one.at for one in lines] == sorted(one.at for one in lines)
print(who, when, *[places[one.object_id] for one in lines])
"""


@pytest.fixture(scope="module")
def exam() -> Iterator[tuple[Server, str]]:
    with served(STAGE) as (server, (_seat, grid)):
        yield server, grid


def test_half_an_hour_without_the_network_loses_and_overwrites_nothing(
    chromium: Browser, exam: tuple[Server, str]
) -> None:
    server, grid = exam
    tablet = Person(chromium, server.address, "jure1@centre.example")
    office = Person(chromium, server.address, "jure1@centre.example")
    tablet.page.set_viewport_size(TABLET)
    tablet.page.clock.install()
    address = f"/notation/grilles/{grid}/"
    for person in (tablet, office):
        person.page.goto(address)
    lines = tablet.page.locator("[data-criterion]")

    marked_without_the_network(tablet, lines)
    office.page.locator("[data-criterion]").nth(1).get_by_role(
        "button", name="Non acquis", exact=True
    ).click()
    saved(office.page.locator("[data-criterion]").nth(1))
    back_after_half_an_hour(tablet, lines)
    a_page_that_was_lost_leaves_its_marks(tablet, address)

    told = prepare_lines(server, grid)
    assert told["who"] == "True"
    assert told["when"] == "True"
    # The office marked the second first; the tablet's own came last, by the juror's choice.
    first = [0, *range(2, OFFLINE), 1]
    assert told["order"] == [1, *first, OFFLINE, OFFLINE + 1]
    assert told["marks"][1] == f"1:2:acquired:{len(WORDS)}"
    once = [0, *range(2, OFFLINE + 2)]
    assert [told["marks"][n] for n in once] == [f"{n}:1:acquired:0" for n in once]
    # The hands of the clock may cut the first request, which is then sent again and answered alike.
    told_twice = {one for one in tablet.faults if one.startswith("409 ")}
    assert told_twice == {f"409 {server.address}{address}noter/"}
    faults = apart_from_cuts([*tablet.faults, *office.faults])
    assert [one for one in faults if "409" not in one] == []
    assert "intacte" in server.place.run("-m", "acquis", "trace", "verify")


def prepare_lines(server: Server, grid: str) -> dict[str, str | list[str] | list[int]]:
    told = server.place.run(
        "-m", "acquis", "manage", "shell", "-v", "0", "-c", KEPT.format(grid=grid)
    )
    marks, lines = told.strip().splitlines()[-2:]
    who, when, *order = lines.split()
    return {
        "marks": marks.split()[1:],
        "who": who,
        "when": when,
        "order": [int(one) for one in order],
    }


def saved(line: Locator) -> None:
    expect(line.locator("[data-state-of-mark]")).to_contain_text("Enregistré")


def acquired(line: Locator) -> None:
    line.get_by_role("button", name="Acquis", exact=True).click()


def state_of(page: Page) -> Locator:
    return page.locator("[data-saved-state]").first


def marked_without_the_network(tablet: Person, lines: Locator) -> None:
    """Ten criteria and an observation, then thirty minutes: the page says how many wait, and where."""
    tablet.context.set_offline(True)
    lines.nth(1).get_by_label("Observation").fill(WORDS)
    for number in (0, *range(2, OFFLINE), 1):
        acquired(lines.nth(number))
    for _part in range(6):
        tablet.page.clock.fast_forward("05:00")
    expect(state_of(tablet.page)).to_have_attribute("data-state", "offline")
    expect(state_of(tablet.page)).to_contain_text(f"{OFFLINE} notes en attente d’envoi")
    expect(lines.nth(1).locator("[data-state-of-mark]")).to_contain_text("gardée sur cet appareil")
    expect(lines.nth(1).get_by_label("Observation")).to_have_value(WORDS)
    assert axe.violations(tablet.page) == []
    shown(tablet.page, "grille-hors-ligne")


def back_after_half_an_hour(tablet: Person, lines: Locator) -> None:
    """Nine are saved, in their order; the one that changed elsewhere shows both and waits for the juror."""
    tablet.context.set_offline(False)
    tablet.page.clock.fast_forward("00:20")
    for number in (0, *range(2, OFFLINE)):
        saved(lines.nth(number))
    notice = lines.nth(1).locator(".criterion-conflict")
    expect(notice).to_contain_text("Non acquis")
    expect(notice).to_contain_text(WORDS)
    expect(state_of(tablet.page)).to_have_attribute("data-state", "conflict")
    assert axe.violations(tablet.page) == []
    shown(tablet.page, "grille-deux-saisies")
    notice.get_by_role("button", name="Garder ma saisie").click()
    saved(lines.nth(1))
    expect(state_of(tablet.page)).to_have_attribute("data-state", "saved")


def a_page_that_was_lost_leaves_its_marks(tablet: Person, address: str) -> None:
    """The browser drops the page while the network is down: what it kept leaves from the next one."""
    tablet.context.set_offline(True)
    lines = tablet.page.locator("[data-criterion]")
    for number in (OFFLINE, OFFLINE + 1):
        acquired(lines.nth(number))
    expect(state_of(tablet.page)).to_contain_text("2 notes en attente d’envoi")
    tablet.page.close()
    tablet.context.set_offline(False)
    tablet.page = tablet.context.new_page()
    tablet.page.goto(address)
    again = tablet.page.locator("[data-criterion]")
    for number in (OFFLINE, OFFLINE + 1):
        saved(again.nth(number))
        expect(
            again.nth(number).get_by_role("button", name="Acquis", exact=True)
        ).to_have_attribute("aria-pressed", "true")
    expect(state_of(tablet.page)).to_have_attribute("data-state", re.compile("saved"))
