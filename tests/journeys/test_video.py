"""A customer and an adviser see and hear each other from two browsers, through the real worker."""

import re
from collections.abc import Iterator

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from acquis.practice.demo.people import PEOPLE
from tests.journeys import axe
from tests.journeys.conftest import PATIENCE_MS
from tests.journeys.people import shown
from tests.journeys.test_phone import DESK, Telephone, browsers
from tests.prepared import demonstration

__all__ = ["browsers"]  # the fixture: a fake device brings a camera too
pytestmark = pytest.mark.journey

# The picture of a video element, twice: how much of it is lit, and how much has changed in between.
LOOKS = 30  # each takes a moment
LOOK = """async (video) => {
  const canvas = document.createElement('canvas');
  canvas.width = 64; canvas.height = 48;
  const pencil = canvas.getContext('2d', { willReadFrequently: true });
  const take = () => {
    pencil.drawImage(video, 0, 0, 64, 48);
    return [...pencil.getImageData(0, 0, 64, 48).data];
  };
  const frames = () => video.getVideoPlaybackQuality().totalVideoFrames;
  const [first, began] = [take(), frames()];
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const [second, ended] = [take(), frames()];
  return {
    width: video.videoWidth,
    frames: ended - began,
    lit: first.filter((value, at) => at % 4 < 3 && value > 40).length,
    changed: first.filter((value, at) => Math.abs(value - second[at]) > 20).length,
  };
}"""


@pytest.fixture(scope="module")
def server() -> Iterator[Telephone]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as made:
        started = Telephone(made)
        started.start()
        yield started
        started.stop()


def _context(browser: Browser, server: Server, *, phone: bool = False) -> BrowserContext:
    context = browser.new_context(
        base_url=server.address,
        locale="fr-FR",
        viewport={"width": 390, "height": 844} if phone else {"width": 1360, "height": 900},
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


def _adviser(browser: Browser, server: Server, email: str = "superviseur@centre.example") -> Page:
    person = next(person for person in PEOPLE if person.email == email)
    page = _context(browser, server).new_page()
    page.goto("/connexion/")
    name = re.compile(f"^Entrer comme {person.first_name} {person.last_name}")
    page.get_by_role("button", name=name).click()
    page.wait_for_url(lambda address: "/connexion/" not in address)
    page.goto(f"{DESK}clients/")
    return page


def _invite(page: Page, subject: str) -> str:
    """Invite the first customer of the desk; gives the link."""
    page.goto(f"{DESK}clients/")
    page.locator("[data-list] a[href*='/clients/']").first.click()
    page.get_by_role("link", name="Inviter en visio").click()
    page.get_by_label("De quoi parlerez-vous ?").fill(subject)
    page.get_by_label("Je copie le lien moi-même").check()
    assert axe.violations(page) == []
    shown(page, "video-invite")
    page.get_by_role("button", name="Créer l’invitation").click()
    words = page.locator("#video-words").inner_text()
    assert axe.violations(page) == []
    shown(page, "video-invitation")
    return words[words.index("/visio/") :].split()[0]


def _sees(video: Locator) -> None:
    """Moving pictures arrive there: not black, and not the same a moment later.

    A camera that was just switched on shows nothing before its first whole picture.
    """
    expect(video).to_be_visible()
    for _look in range(LOOKS):
        found = video.evaluate(LOOK)
        moves = found["frames"] > 5 and found["lit"] > 500 and found["changed"] > 20
        if moves and found["width"] > 0:
            return
    raise AssertionError(f"no moving picture: {found}")


def _shape(video: Locator, *, screen: bool) -> None:
    """Wait until the picture is not, or is again, of the shape that a camera gives (4:3)."""
    for _look in range(LOOKS):
        width, height = video.evaluate("(video) => [video.videoWidth, video.videoHeight]")
        if height and (3 * width != 4 * height) is screen:
            return
        video.page.wait_for_timeout(500)
    raise AssertionError(f"still {width} × {height}")


def test_a_customer_is_invited_waits_and_is_seen_and_heard(
    server: Telephone, browsers: tuple[Browser, Browser]
) -> None:
    adviser = _adviser(browsers[0], server)
    link = _invite(adviser, "Montrer la pièce cassée")
    customer = _context(browsers[1], server, phone=True).new_page()
    customer.goto(link)
    visio, bar = customer.locator("[data-visio]"), adviser.locator("#phone")
    expect(customer.get_by_text("Montrer la pièce cassée")).to_be_visible()
    customer.get_by_role("button", name="Essayer").click()
    expect(visio).to_have_attribute("data-tried", "seen")
    assert axe.violations(customer) == []
    shown(customer, "video-try")

    # They wait; a second device is refused; the adviser is told on whatever page is open.
    customer.get_by_role("button", name="Rejoindre", exact=True).click()
    expect(visio).to_have_attribute("data-state", "waiting")
    assert axe.violations(customer) == []
    shown(customer, "video-waiting")
    other = _context(browsers[1], server, phone=True).new_page()
    other.goto(link)
    expect(other.get_by_role("heading", name="Ce lien est déjà ouvert ailleurs")).to_be_visible()
    assert axe.violations(other) == []
    other.context.close()
    adviser.goto(DESK)
    expect(adviser.get_by_text("attend en visio.")).to_be_visible()
    assert axe.violations(adviser) == []
    adviser.get_by_role("button", name="Faire entrer").first.click()

    # Both see moving pictures of the other, and hear them.
    theirs = adviser.locator("[data-stage-others] video:visible")
    mine = customer.locator("[data-stage-others] video:visible")
    _sees(theirs)
    _sees(mine)
    expect(bar).to_have_attribute("data-heard", "1")
    expect(visio).to_have_attribute("data-heard", "1")
    assert axe.violations(adviser) == []
    assert axe.violations(customer) == []
    shown(adviser, "video-call")
    shown(customer, "video-call-customer")

    adviser.keyboard.press("f")
    expect(visio).to_have_attribute("data-state", "ended")
    expect(adviser.get_by_text("Post-appel : qualifier le contact")).to_be_visible()
    expect(adviser.locator("[data-stage]")).to_be_hidden()
    customer.reload()
    expect(customer.get_by_role("heading", name="Cette visio est terminée")).to_be_visible()
    assert axe.violations(customer) == []
    adviser.context.close()
    customer.context.close()


def test_a_call_goes_on_without_camera_on_hold_and_from_a_page_loaded_anew(
    server: Telephone, browsers: tuple[Browser, Browser]
) -> None:
    adviser = _adviser(browsers[0], server)
    customer = _context(browsers[1], server, phone=True).new_page()
    customer.goto(_invite(adviser, "Signer ensemble"))
    customer.get_by_role("button", name="Rejoindre", exact=True).click()
    adviser.get_by_role("button", name="Faire entrer").first.click()
    bar = adviser.locator("#phone")
    theirs = adviser.locator("[data-stage-others] video:visible")
    mine = customer.locator("[data-stage-others] video:visible")
    _sees(theirs)

    # A camera that is switched off shows nothing and is heard; on again it is seen.
    customer.get_by_role("button", name="Couper la caméra").click()
    expect(theirs).to_have_count(0)
    expect(bar).to_have_attribute("data-heard", "1")
    customer.get_by_role("button", name="Couper la caméra").click()
    _sees(theirs)

    # A screen takes the place of the camera, other picture and other shape, and gives it back.
    adviser_screen = adviser.locator("[data-screen]:visible").first
    adviser_screen.click()
    expect(adviser_screen).to_have_attribute("aria-pressed", "true")
    _shape(mine, screen=True)
    _sees(mine)
    shown(customer, "video-screen")
    adviser_screen.click()
    expect(adviser_screen).to_have_attribute("aria-pressed", "false")
    _shape(mine, screen=False)
    _sees(mine)

    # On hold nobody sees the other.
    adviser.keyboard.press("g")
    expect(mine).to_have_count(0)
    expect(customer.get_by_text("Vous êtes en attente, ni vu ni entendu")).to_be_visible()
    adviser.keyboard.press("g")
    _sees(mine)

    # A page that is loaded anew, on either side, takes the call up again.
    adviser.reload()
    customer.reload()
    _sees(adviser.locator("[data-stage-others] video:visible"))
    _sees(customer.locator("[data-stage-others] video:visible"))

    adviser.keyboard.press("f")
    expect(customer.locator("[data-visio]")).to_have_attribute("data-state", "ended")
    adviser.context.close()
    customer.context.close()


def test_a_customer_without_a_camera_is_heard(
    server: Telephone, browsers: tuple[Browser, Browser]
) -> None:
    adviser = _adviser(browsers[0], server)
    link = _invite(adviser, "Sans caméra")
    customer = _context(browsers[1], server, phone=True).new_page()
    customer.goto(link)
    customer.get_by_role("button", name="Rejoindre sans caméra").click()
    adviser.get_by_role("button", name="Faire entrer").first.click()

    expect(adviser.locator("#phone")).to_have_attribute("data-heard", "1")
    expect(adviser.locator("[data-stage-absent]")).to_be_visible()
    _sees(customer.locator("[data-stage-others] video:visible"))
    customer.get_by_role("button", name="Raccrocher").click()
    expect(customer.locator("[data-visio]")).to_have_attribute("data-state", "ended")
    adviser.context.close()
    customer.context.close()
