"""Two people telephone each other from two browsers: real sound, through the real media worker."""

import re
from collections.abc import Iterator

import pytest
from benchmarks._server import Place, Server, place
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from acquis.practice.demo.people import PEOPLE
from tests.journeys import axe
from tests.journeys.conftest import PATIENCE_MS
from tests.journeys.people import shown
from tests.journeys.telephone import ADVISER_HZ, CUSTOMER_HZ, Telephone, notes_of, two_browsers
from tests.prepared import demonstration

pytestmark = pytest.mark.journey

DESK = "/poste/2/"  # the training desk of the demonstration


@pytest.fixture(scope="module")
def server() -> Iterator[Telephone]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as made:
        started = Telephone(made)
        _record_everything(made)
        started.start()
        yield started
        started.stop()


def _record_everything(where: Place) -> None:
    line = "from acquis.desk.phone.models import Line\n"
    change = "Line.objects.update(recording_percent=100, recording_purpose='la formation')"
    where.run("-m", "acquis", "manage", "shell", "-v", "0", "-c", line + change)


@pytest.fixture(scope="module")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, Browser]]:
    """That of the adviser and that of the customer, each with a microphone that hears one voice."""
    with two_browsers(tmp_path_factory.mktemp("voices"), ADVISER_HZ, CUSTOMER_HZ) as opened:
        yield opened


class Caller:
    """A customer on the public page."""

    def __init__(self, browser: Browser, server: Server, address: str) -> None:
        self.context = _context(browser, server)
        self.page = self.context.new_page()
        self.page.goto(address)

    @property
    def state(self) -> Locator:
        return self.page.locator("[data-caller]")

    def ring(self, name: str, number: str) -> None:
        self.page.get_by_label("Votre nom").fill(name)
        self.page.get_by_label("Votre numéro de téléphone").fill(number)
        self.page.get_by_role("button", name="Appeler").click()
        expect(self.state).to_have_attribute("data-line", "connected")

    def hears(self, somebody: bool = True) -> None:
        expect(self.state).to_have_attribute("data-heard", "1" if somebody else "0")


class Adviser:
    """Somebody at the training desk."""

    def __init__(self, browser: Browser, server: Server, email: str) -> None:
        person = next(person for person in PEOPLE if person.email == email)
        self.context = _context(browser, server)
        self.page = self.context.new_page()
        self.page.goto("/connexion/")
        name = re.compile(f"^Entrer comme {person.first_name} {person.last_name}")
        self.page.get_by_role("button", name=name).click()
        self.page.wait_for_url(lambda address: "/connexion/" not in address)
        self.page.goto(DESK)

    @property
    def bar(self) -> Locator:
        return self.page.locator("#phone")

    def hears(self, somebody: bool = True) -> None:
        expect(self.bar).to_have_attribute("data-heard", "1" if somebody else "0")

    def answer(self) -> None:
        """By the one key, once the bar shows who calls."""
        expect(self.page.locator("#phone-answer")).to_be_visible()
        self.page.keyboard.press("r")
        expect(self.page.locator("#phone-hang-up")).to_be_visible()

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)


def _context(browser: Browser, server: Server) -> BrowserContext:
    context = browser.new_context(
        base_url=server.address,
        locale="fr-FR",
        viewport={"width": 1360, "height": 900},
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


def _public_address(adviser: Page) -> str:
    adviser.goto(f"{DESK}telephone/reglages/")
    address = adviser.locator("a[href^='/appeler/']").get_attribute("href")
    adviser.goto(DESK)
    return address or ""


def test_a_call_from_the_first_ring_to_its_recording(
    server: Telephone, browsers: tuple[Browser, Browser]
) -> None:
    adviser = Adviser(browsers[0], server, "superviseur@centre.example")
    caller = Caller(browsers[1], server, _public_address(adviser.page))
    assert axe.violations(caller.page) == []

    caller.ring("Odile Fournier", "06 39 98 11 22")
    expect(adviser.bar).to_contain_text("06 39 98 11 22")
    expect(adviser.bar).to_contain_text("Aucun client n’a ce numéro.")
    assert axe.violations(adviser.page) == []
    shown(adviser.page, "phone-incoming")
    adviser.answer()

    # Both sides receive the voice of the other, and the recording was announced to both.
    adviser.hears()
    caller.hears()
    expect(caller.page.get_by_text("Cet appel est enregistré.")).to_be_visible()
    expect(adviser.bar).to_contain_text("Appel enregistré.")
    assert axe.violations(adviser.page) == []
    assert axe.violations(caller.page) == []
    shown(adviser.page, "phone-call")

    # On hold nobody hears the other; taken up again, both do.
    adviser.press("g")
    expect(adviser.page.locator("#phone-hold")).to_have_attribute("aria-pressed", "true")
    adviser.hears(somebody=False)
    expect(caller.page.get_by_text("Vous êtes en attente")).to_be_visible()
    adviser.press("g")
    expect(adviser.page.locator("#phone-hold")).to_have_attribute("aria-pressed", "false")
    adviser.hears()

    # A page that is loaded anew takes the line up again.
    adviser.page.reload()
    adviser.hears()
    caller.hears()
    expect(adviser.page.locator("[data-call-since]")).to_have_text(re.compile(r"00:(1\d|[2-5]\d)"))

    # Hanging up ends both; the recording holds both voices.
    adviser.press("f")
    expect(caller.state).to_have_attribute("data-state", "ended")
    recording = adviser.page.locator("[data-recording]")
    expect(recording).to_be_visible()
    expect(adviser.page.get_by_text("Post-appel : qualifier le contact")).to_be_visible()
    assert axe.violations(adviser.page) == []
    shown(adviser.page, "phone-recording")
    answer = adviser.context.request.post(
        recording.get_attribute("data-sound-url") or "",
        headers={"X-CSRFToken": adviser.page.locator("body").get_attribute("data-csrf") or ""},
    )
    assert answer.ok
    loud = notes_of(answer.body())
    assert loud[CUSTOMER_HZ] > 50
    assert loud[ADVISER_HZ] > 50
    adviser.context.close()
    caller.context.close()


def test_a_missed_call_is_returned_on_the_page_of_the_caller(
    server: Telephone, browsers: tuple[Browser, Browser]
) -> None:
    supervisor = Adviser(browsers[0], server, "superviseur@centre.example")
    address = _public_address(supervisor.page)
    supervisor.context.close()
    caller = Caller(browsers[1], server, address)
    caller.ring("Basile Rivoire", "06 39 98 33 44")
    caller.page.get_by_role("button", name="Raccrocher").click()
    expect(caller.page.get_by_text("Personne n’a répondu.")).to_be_visible()

    adviser = Adviser(browsers[0], server, "formatrice@centre.example")
    adviser.page.goto(f"{DESK}telephone/?vue=manques")
    assert axe.violations(adviser.page) == []
    adviser.page.get_by_role("button", name="Rappeler Basile Rivoire").click()
    expect(adviser.bar).to_contain_text("Ça sonne chez la personne appelée…")
    caller.page.get_by_role("button", name="Répondre").click()
    adviser.hears()
    caller.hears()

    # The customer objects: what was recorded is deleted, and both are told.
    caller.page.get_by_role("button", name="Je m’oppose à l’enregistrement").click()
    expect(adviser.bar).to_contain_text("rien n’est gardé")
    caller.page.get_by_role("button", name="Raccrocher").click()
    expect(adviser.page.get_by_text("Supprimé à la demande du client.")).to_be_visible()
    adviser.context.close()
    caller.context.close()


def test_a_media_worker_that_dies_ends_its_calls_and_the_next_one_goes_through(
    server: Telephone, browsers: tuple[Browser, Browser]
) -> None:
    supervisor = Adviser(browsers[0], server, "superviseur@centre.example")
    address = _public_address(supervisor.page)
    supervisor.context.close()
    adviser = Adviser(browsers[0], server, "conseillere@centre.example")
    caller = Caller(browsers[1], server, address)
    caller.ring("Inès Corbin", "06 39 98 55 66")
    adviser.answer()
    adviser.hears()

    dead = server.media_worker
    dead.kill()

    # Told once another process has started, however busy the machine.
    expect(caller.page.get_by_text("L’appel a été coupé par une panne")).to_be_visible(
        timeout=90_000
    )
    expect(adviser.page.get_by_text("Le serveur de téléphonie s’est arrêté")).to_be_visible()
    assert server.media_worker.pid != dead.pid
    caller.ring("Inès Corbin", "06 39 98 55 66")
    caller.page.get_by_role("button", name="Raccrocher").click()  # nothing rings in what follows
    expect(caller.page.get_by_text("Personne n’a répondu.")).to_be_visible()
    adviser.context.close()
    caller.context.close()
