"""An adviser goes from one chat to another: the page stays, nothing typed or told meanwhile is lost."""

from collections.abc import Iterator

import pytest
from benchmarks._server import Place, Server, place
from playwright.sync_api import Browser, Page, expect

from tests.journeys import axe
from tests.journeys.people import Person, apart_from_cuts
from tests.journeys.test_webchat import DESK
from tests.prepared import demonstration

pytestmark = pytest.mark.journey
PREPARE = """
from django.utils import timezone
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.actions.accept_conversation import accept_conversation
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.actions.start_conversation import start_conversation
from acquis.desk.conversations.models import Conversation
desk, now = Workspace.objects.get(pk=2), timezone.now()
adviser = User.objects.get(email="conseillere@centre.example")
Conversation.objects.filter(workspace=desk).update(state="ended", adviser=None, ended_at=now, qualified_at=now)
for channel, label in (("chat", "Odile Perrin"), ("chat", "Paul Ménard"), ("mail", "Rose Amiel")):
    talk = start_conversation(workspace=desk, channel=channel, direction="in", contact_label=label, subject="",
                              by=None, at=now)
    send_message(conversation=talk, author="customer", body=f"Bonjour de {label}", author_label=label,
                 client_key=label, by=None, at=now)
    accept_conversation(conversation=talk, by=adviser, at=now)
"""
WRITES = """
from django.utils import timezone
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.models import Conversation
talk = Conversation.objects.get(contact_label="{label}", state="open")
send_message(conversation=talk, author="customer", body="{body}", author_label="{label}", client_key="{body}",
             by=None, at=timezone.now())
"""


@pytest.fixture(scope="module")
def house() -> Iterator[tuple[Place, Server]]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        where.run("-m", "acquis", "manage", "shell", "-v", "0", "-c", PREPARE)
        started = Server(where)
        started.start()
        yield where, started
        started.stop()


def test_another_chat_opens_in_place_and_a_mail_on_a_page_of_its_own(
    house: tuple[Place, Server], chromium: Browser
) -> None:
    where, server = house
    adviser = Person(chromium, server.address, "conseillere@centre.example")
    page = adviser.page
    page.goto(DESK)
    page.evaluate("window.stays = true")
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))

    def writes(label: str, body: str) -> None:
        script = WRITES.format(label=label, body=body)
        where.run("-m", "acquis", "manage", "shell", "-v", "0", "-c", script)

    go(page, "Odile Perrin")
    composer = page.locator("#composer-body")
    expect(composer).to_be_focused()
    composer.fill("Je cherche votre")
    go(page, "Paul Ménard")
    expect(composer).to_have_value("")
    composer.fill("Bonjour Monsieur Ménard.")
    composer.press("Enter")
    said = page.locator(".message-from-adviser")
    expect(said).to_contain_text("Bonjour Monsieur Ménard.")
    writes("Paul Ménard", "Merci de votre réponse")
    expect(page.locator("#thread")).to_contain_text("Merci de votre réponse")
    writes("Odile Perrin", "Vous êtes là ?")
    row = page.locator("[data-row]", has_text="Odile Perrin")
    expect(row.locator(".queue-unread")).to_be_visible()
    expect(page.locator("#thread")).not_to_contain_text("Vous êtes là ?")
    assert axe.violations(page) == []

    page.go_back()
    expect(page.locator(".exchange-head")).to_contain_text("Odile Perrin")
    expect(page.locator("#thread")).to_contain_text("Vous êtes là ?")
    expect(composer).to_have_value("Je cherche votre")
    expect(row.locator(".queue-unread")).to_have_count(0)
    writes("Odile Perrin", "Allô ?")
    expect(page.locator("#thread")).to_contain_text("Allô ?")
    expect(page.locator("#thread")).not_to_contain_text("Merci de votre réponse")
    assert page.evaluate("window.stays"), "the page was loaded again"
    assert sockets == [], "its link to the server was made again"

    adviser.context.set_offline(True)
    page.locator("[data-row]", has_text="Paul Ménard").get_by_role("link").click()
    expect(page.locator("[data-queue-told]")).to_contain_text("Le serveur n’a pas répondu")
    expect(composer).to_have_value("Je cherche votre")
    adviser.context.set_offline(False)
    go(page, "Rose Amiel")
    assert page.evaluate("window.stays") is None, "a mail is written on a page of its own"
    page.reload()
    expect(page.locator(".exchange-head")).to_contain_text("Rose Amiel")
    assert apart_from_cuts(adviser.faults) == []


def go(page: Page, label: str) -> None:
    page.locator("[data-row]", has_text=label).get_by_role("link").click()
    expect(page.locator(".exchange-head")).to_contain_text(label)
    expect(page.locator("[data-row][aria-current=true]")).to_contain_text(label)
