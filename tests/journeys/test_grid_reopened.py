"""A juror's tablet drops the page of a grid while the network is down: it comes back, says from when it is, and merges."""

from collections.abc import Iterator

import pytest
from benchmarks._server import Server
from playwright.sync_api import Browser, Error, Locator, Page, expect

from acquis.practice.demo.people import PASSWORD
from tests.journeys import axe
from tests.journeys.exam import prepare, served
from tests.journeys.people import Person, apart_from_cuts, shown
from tests.journeys.test_exam_kill import STAGE

pytestmark = pytest.mark.journey
TABLET = {"width": 820, "height": 1180}
WORDS = "Écrit <hors> ligne & « gardé »."
KEPT = """async (grid) => {
  const found = [];
  for (const name of (await caches.keys()).filter((one) => one.startsWith("acquis.kept."))) {
    const cache = await caches.open(name);
    for (const one of await cache.keys()) found.push(new URL(one.url).pathname);
  }
  return found.includes(grid) ? found.length : 0;
}"""
KEEP_AGAIN = """async () => {
  const found = await navigator.serviceWorker.ready;
  found.active.postMessage({kind: "keep", files: [], again: true, page: location.href});
}"""
MARKS = """
from acquis.certification.grading.models import Grid
from acquis.kernel import trace
grid = Grid.objects.get(pk={grid})
lines = [one for one in trace.lines(grid.own_stream) if one.verb == "mark.saved"]
print(len(lines), *[f"{{m.seq}}:{{m.verdict}}:{{len(m.observation)}}" for m in grid.marks.all()[:5]])
"""
CLOSE = """
from acquis.certification.grading.models import Grid
Grid.objects.filter(pk={grid}).update(closed_at=now)
"""


@pytest.fixture(scope="module")
def exam() -> Iterator[tuple[Server, str]]:
    with served(STAGE) as (server, (_seat, grid)):
        yield server, grid


def test_a_grid_that_the_tablet_dropped_comes_back_without_the_network(
    chromium: Browser, exam: tuple[Server, str]
) -> None:
    server, grid = exam
    address = f"/notation/grilles/{grid}/"
    tablet = Person(chromium, server.address, "jure1@centre.example")
    tablet.page.set_viewport_size(TABLET)

    a_page_is_dropped_and_comes_back(tablet, address)
    the_network_comes_back(tablet)
    assert prepare(server.place, MARKS.format(grid=grid)) == [
        "3",
        "1:acquired:0",
        f"1:acquired:{len(WORDS)}",
        "1:not_acquired:0",
        "0::0",
        "0::0",
    ]
    the_sign_in_ends_meanwhile(tablet, address)
    the_grid_is_closed(server, tablet, address)
    a_moment_waits_for_the_network(tablet)
    another_person_finds_nothing(tablet, address)
    faults = apart_from_cuts(tablet.faults)
    assert [one for one in faults if "404" not in one] == []
    assert "intacte" in server.place.run("-m", "acquis", "trace", "verify")


def line(page: Page, number: int) -> Locator:
    return page.locator("[data-criterion]").nth(number)


def press(page: Page, number: int, verdict: str = "Acquis") -> None:
    line(page, number).get_by_role("button", name=verdict, exact=True).click()


def pressed(page: Page, number: int, verdict: str = "Acquis") -> None:
    button = line(page, number).get_by_role("button", name=verdict, exact=True)
    expect(button).to_have_attribute("aria-pressed", "true")


def saved(page: Page, number: int) -> None:
    expect(line(page, number).locator("[data-state-of-mark]")).to_contain_text("Enregistré")


def state_of(page: Page) -> Locator:
    return page.locator("[data-saved-state]").first


def in_a_new_tab(tablet: Person, address: str) -> None:
    """As when the browser drops a page and loads it again."""
    tablet.page.close()
    tablet.page = tablet.context.new_page()
    tablet.page.goto(address)


def a_page_is_dropped_and_comes_back(tablet: Person, address: str) -> None:
    tablet.page.goto(address)
    tablet.page.wait_for_function(f"async () => await ({KEPT})('{address}') > 10")
    expect(tablet.page.locator("[data-kept-notice]")).to_be_hidden()
    press(tablet.page, 0)
    saved(tablet.page, 0)
    tablet.context.set_offline(True)
    line(tablet.page, 1).get_by_label("Observation").fill(WORDS)
    press(tablet.page, 1)
    expect(state_of(tablet.page)).to_contain_text("1 note en attente")

    in_a_new_tab(tablet, address)
    notice = tablet.page.locator("[data-kept-notice]")
    expect(notice).to_contain_text("voici la page gardée sur cet appareil")
    expect(notice.locator("time")).to_be_visible()
    pressed(tablet.page, 0)
    saved(tablet.page, 0)
    pressed(tablet.page, 1)
    expect(line(tablet.page, 1).get_by_label("Observation")).to_have_value(WORDS)
    expect(state_of(tablet.page)).to_contain_text("Hors ligne, page de")
    expect(state_of(tablet.page)).to_contain_text("1 note en attente")
    press(tablet.page, 2, "Non acquis")
    expect(state_of(tablet.page)).to_contain_text("2 notes en attente")
    expect(tablet.page.locator("#evidence")).to_contain_text("ne sont pas disponibles")
    assert axe.violations(tablet.page) == []
    shown(tablet.page, "grille-gardee")


def the_network_comes_back(tablet: Person) -> None:
    tablet.context.set_offline(False)
    for number in range(3):
        saved(tablet.page, number)
    expect(tablet.page.locator("[data-kept-notice]")).to_be_hidden()
    expect(state_of(tablet.page)).to_have_attribute("data-state", "saved")


def the_sign_in_ends_meanwhile(tablet: Person, address: str) -> None:
    """The page says so in words; what was marked leaves once its author has signed in again."""
    tablet.context.clear_cookies(name="sessionid")
    press(tablet.page, 3)
    expect(state_of(tablet.page)).to_contain_text("reconnectez-vous")
    again = tablet.context.new_page()
    again.goto(address)
    expect(again).to_have_url(f"{tablet.address}/connexion/?next={address}")
    again.wait_for_function(f"async () => await ({KEPT})('{address}') === 0")
    again.get_by_label("Adresse électronique").fill(tablet.email)
    again.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    again.get_by_role("button", name="Se connecter").click()
    expect(again.get_by_role("heading", level=1)).not_to_have_text("Connexion")
    again.close()
    saved(tablet.page, 3)
    expect(state_of(tablet.page)).to_have_attribute("data-state", "saved")


def the_grid_is_closed(server: Server, tablet: Person, address: str) -> None:
    """Its copy goes, asked for anew or loaded again; that of the juror's other grid stays."""
    page = tablet.page
    page.wait_for_function(f"async () => await ({KEPT})('{address}') > 10")
    beside = tablet.context.new_page()
    beside.goto("/notation/")
    other = another_grid(beside, address)
    beside.goto(other)
    beside.wait_for_function(f"async () => await ({KEPT})('{other}') > 10")
    beside.close()
    prepare(server.place, CLOSE.format(grid=address.split("/")[-2]))
    page.evaluate(KEEP_AGAIN)
    page.wait_for_function(f"async () => await ({KEPT})('{address}') === 0")
    page.reload()
    tablet.see("Cette grille est close depuis le")
    assert page.evaluate(KEPT, address) == 0
    assert page.evaluate(KEPT, other) > 10


def another_grid(page: Page, address: str) -> str:
    links = page.locator(f"a.grid-row:not([href='{address}'])")
    return links.first.get_attribute("href") or ""


def a_moment_waits_for_the_network(tablet: Person) -> None:
    """What is pressed beside a criterion says that the server does not answer, and keeps its words."""
    page = tablet.page
    page.goto("/notation/")
    page.locator("a.grid-row").last.click()
    line(page, 1).locator(".criterion-evidence").click()
    attach = page.locator("#evidence").get_by_role("link", name="Rattacher un moment")
    attach.click()
    form = page.locator("#evidence form.attach-form")
    form.get_by_label("Ce que vous relevez").fill(WORDS)
    tablet.context.set_offline(True)
    attach.click()
    expect(page.locator("[data-unanswered]")).to_contain_text("réessayez quand il sera revenu")
    form.get_by_role("button", name="Rattacher au critère").click()
    expect(form).to_contain_text("Ce que vous avez écrit reste ici")
    line(page, 2).locator(".criterion-evidence").click()
    expect(page.locator("[data-no-evidence]")).to_be_visible()
    expect(form.get_by_label("Ce que vous relevez")).to_have_value(WORDS)
    assert axe.violations(page) == []
    tablet.context.set_offline(False)
    expect(form).to_contain_text("Le serveur répond de nouveau")
    form.get_by_role("button", name="Rattacher au critère").click()
    expect(page.locator(".evidence-attached")).to_contain_text(WORDS)


def another_person_finds_nothing(tablet: Person, address: str) -> None:
    """The juror has another grid open, signs out; a colleague signs in on the same tablet."""
    page = tablet.page
    page.goto("/notation/")
    other = another_grid(page, address)
    page.goto(other)
    page.wait_for_function(f"async () => await ({KEPT})('{other}') > 10")
    page.goto("/notation/")
    page.locator(".topbar-user").click()
    tablet.press("Se déconnecter")
    tablet.see("Vous êtes déconnecté.")
    page.wait_for_function(f"async () => await ({KEPT})('{other}') === 0")
    not_shown(tablet, other)
    page.goto("/connexion/")
    page.get_by_label("Adresse électronique").fill("jure2@centre.example")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    tablet.press("Se connecter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Connexion")
    page.goto(other)
    expect(page.locator("[data-grid]")).to_have_count(0)
    not_shown(tablet, other)


def not_shown(tablet: Person, address: str) -> None:
    """Without the network, the browser has nothing to show there."""
    tablet.context.set_offline(True)
    with pytest.raises(Error, match="net::ERR_"):
        tablet.page.goto(address)
    tablet.context.set_offline(False)
