"""A supervisor at the wall: listens in on a call, announced to both, and sends who waits to the right person."""

from collections.abc import Iterator

import pytest
from benchmarks._server import place
from playwright.sync_api import Browser, Page, expect

from tests.journeys import axe
from tests.journeys.people import shown
from tests.journeys.test_in_parallel import add_a_site, ask
from tests.journeys.test_phone import DESK, Adviser, Caller, Telephone, browsers
from tests.journeys.test_webchat import Customer, Shop
from tests.prepared import demonstration

__all__ = ["browsers"]  # the fixture
pytestmark = pytest.mark.journey
PREPARE = """
from acquis.accounts.models import Workspace
from acquis.desk.conversations.models import Conversation
from acquis.desk.phone.models import Line
from acquis.desk.queues.models import Queue
desk = Workspace.objects.get(pk=2)
Conversation.objects.filter(workspace=desk, state="waiting").delete()  # the visitors of the demonstration
# An offer outlives all that is looked at while it is shown, however slow the machine.
Queue.objects.create(workspace=desk, key="boutique", name="Boutique", channels=["chat"], offer_seconds=600)
Queue.objects.create(workspace=desk, key="experts", name="Experts", channels=[], offer_seconds=600)
Line.objects.update(public=True, recording_percent=0)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Telephone]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        where.run("-m", "acquis", "manage", "shell", "-v", "0", "-c", PREPARE)
        started = Telephone(where)
        started.start()
        yield started
        started.stop()


def test_a_supervisor_listens_in_and_reroutes(
    server: Telephone, browsers: tuple[Browser, Browser]
) -> None:
    supervisor = Adviser(browsers[0], server, "superviseur@centre.example")
    wall = supervisor.page
    shop = Shop(server.address)
    shop.snippet = add_a_site(wall, DESK, shop.address, server.address)
    wall.goto(f"{DESK}telephone/reglages/")
    public = wall.locator("a[href^='/appeler/']").get_attribute("href") or ""
    adviser = Adviser(browsers[0], server, "conseillere@centre.example")
    adviser.page.get_by_role("button", name="Me rendre disponible").click()
    expert = Adviser(browsers[0], server, "formatrice@centre.example")
    expert.page.get_by_role("button", name="Me rendre disponible").click()
    expect(expert.page.locator(".queue-bar-state")).to_contain_text("Disponible")

    # A call is under way: the supervisor listens, and both are told.
    caller = Caller(browsers[1], server, public)
    caller.ring("Odile Fournier", "06 39 98 11 22")
    adviser.answer()
    adviser.hears()
    wall.goto(f"{DESK}files/pilotage/")
    assert axe.violations(wall) == []
    shown(wall, "pilotage")
    wall.get_by_role("button", name="Écouter Odile Fournier").click()
    expect(supervisor.bar).to_contain_text("Vous écoutez ; personne ne vous entend.")
    expect(adviser.bar).to_contain_text("est à l’écoute.")
    expect(caller.page.get_by_text("Un responsable est à l’écoute")).to_be_visible()
    supervisor.hears()
    caller.hears()

    reroute_a_customer(wall, adviser, expert, Customer(browsers[1], shop))

    # The wall was loaded anew: its bar comes after the page.
    expect(supervisor.bar).to_contain_text("Vous écoutez ; personne ne vous entend.")
    supervisor.press("f")
    expect(adviser.bar).not_to_contain_text("est à l’écoute.")
    adviser.press("f")
    expect(caller.state).to_have_attribute("data-state", "ended")
    shop.http.shutdown()
    shop.http.server_close()


def reroute_a_customer(wall: Page, adviser: Adviser, expert: Adviser, customer: Customer) -> None:
    """A customer writes while the adviser is on the line: the supervisor sends them to the expert."""
    expert.page.locator("#presence-paused").click()
    ask(customer, "Paul Ménard", "Ma commande est arrivée cassée.")
    wall.goto(f"{DESK}files/pilotage/")
    waiting = wall.locator(".wall-places > li", has_text="Paul Ménard")
    expect(waiting).to_contain_text("Boutique")
    expect(adviser.page.locator("[data-offer]")).to_have_count(0)
    expert.page.get_by_role("button", name="Me rendre disponible").click()
    named = waiting.locator("option", has_text="Solange Pruvost").get_attribute("value") or ""
    waiting.get_by_label("Réorienter vers").select_option(value=named)
    waiting.get_by_role("button", name="Réorienter Paul Ménard").click()
    offer = expert.page.locator("[data-offer]")
    expect(offer).to_contain_text("Paul Ménard")
    assert axe.violations(expert.page) == []
    shown(expert.page, "contact-propose")
    press_too_late(wall, expert)
    with expert.page.expect_response(lambda answer: answer.url.endswith("/accepter/")) as taken:
        expert.press("n")
    assert taken.value.status == 204
    expect(expert.page.locator("#composer-body")).to_be_visible()
    expert.page.locator("#composer-body").fill("Bonjour Monsieur, je m’en occupe.")
    expert.page.locator("#composer-body").press("Enter")
    expect(customer.chat.locator(".message.adviser")).to_contain_text("je m’en occupe")
    wall.reload()
    expect(wall.locator("#wall")).to_contain_text("Personne n’attend.")


def press_too_late(wall: Page, expert: Adviser) -> None:
    """What is pressed goes elsewhere at that very moment: the expert is told, and keeps their bar."""
    expert.page.route("**/files/barre/", lambda route: route.abort())
    waiting = wall.locator(".wall-places > li", has_text="Paul Ménard")
    waiting.get_by_label("Réorienter vers").select_option(label="Experts")
    waiting.get_by_role("button", name="Réorienter Paul Ménard").click()
    expect(waiting).to_contain_text("Experts")
    expert.press("n")
    told = expert.page.locator("[data-queue-told]")
    expect(told).to_contain_text("Ce contact ne vous est plus proposé.")
    expect(expert.page.locator("#queue-bar")).to_be_visible()
    before = expert.page.locator("[data-offer]").get_attribute("data-offer")
    expert.page.unroute("**/files/barre/")
    expert.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(expert.page.locator(f"[data-offer]:not([data-offer='{before}'])")).to_be_visible()
    expect(told).to_contain_text("Ce contact ne vous est plus proposé.")
