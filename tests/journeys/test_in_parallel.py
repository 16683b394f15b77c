"""One adviser, one keyboard: a call, two chats and an e-mail at once, without touching the mouse.

The telephone carries real sound, the chats come from a page of another origin, the e-mail from a real
IMAP server and the answer leaves by a real SMTP server.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from benchmarks._server import place
from playwright.sync_api import Browser, Locator, Page, expect

from tests.desk.mail.servers import Imap, Smtp, dovecot, smtp_server
from tests.factories.mail import eml
from tests.journeys import axe
from tests.journeys.people import Person, shown
from tests.journeys.test_phone import Caller, Telephone, browsers
from tests.journeys.test_webchat import Customer, Shop
from tests.prepared import demonstration

__all__ = ["browsers"]  # the fixture
pytestmark = pytest.mark.journey
PATIENCE = 60.0  # seconds
MOST_TABS = 150
PREPARE = """
import django; django.setup()
import json
from django.utils import timezone
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import ContactCode
from acquis.desk.mail.actions.keep_mailbox import keep_mailbox
from acquis.desk.phone.models import Line
from acquis.desk.queues.models import Queue
from acquis.desk.webchat.models import Site
now = timezone.now()
boss = User.objects.get(email="superviseur@centre.example")
place = Workspace.objects.order_by("pk").first().organisation
desk = Workspace.objects.create(organisation=place, kind="live", name="Service clients", created_at=now)
for kind, code, label in (("reason", "M1", "Livraison"), ("outcome", "R1", "Résolu")):
    ContactCode.objects.create(workspace=desk, kind=kind, code=code, label=label)
Line.objects.create(workspace=desk, public=True, recording_percent=0)
queue = Queue.objects.create(workspace=desk, key="courriel", name="Courriels", channels=["mail"])
keep_mailbox(workspace=desk, mailbox=None, by=boss, at=now, values={
    "address": "contact@valbrenne.example", "display_name": "Valbrenne", "signature": "Le service clients",
    "queue": queue, "imap_host": "127.0.0.1", "imap_port": %d, "imap_security": "none",
    "imap_user": "contact", "imap_password": "secret", "smtp_host": "127.0.0.1", "smtp_port": %d,
    "smtp_security": "none", "smtp_user": "contact", "smtp_password": "secret",
})
print(json.dumps({"desk": desk.pk}))
"""


@dataclass(frozen=True)
class House:
    """The product, its desk, and the mail servers of the enterprise."""

    server: Telephone
    desk: str
    imap: Imap
    smtp: Smtp


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with (
        dovecot() as imap,
        smtp_server() as smtp,
        place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where,
    ):
        where.environment.setdefault("DJANGO_SETTINGS_MODULE", "acquis.config.settings")
        told = json.loads(where.run("-c", PREPARE % (imap.port, smtp.port)).splitlines()[-1])
        started = Telephone(where)
        started.start()
        yield House(started, f"/poste/{told['desk']}/", imap, smtp)
        started.stop()


class Keyboard:
    """The adviser's hands: keys only, and what has the focus."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def shortcut(self, key: str) -> None:
        """A letter that acts, typed outside of any field, once the page listens to keys."""
        expect(self.page.locator("[aria-keyshortcuts]").first).to_be_attached()
        self.press("Escape")
        if self.page.evaluate("document.activeElement.matches('input, textarea, select')"):
            self.press("Tab")
        self.press(key)

    def to(self, wanted: Locator) -> None:
        """Tab until the element has the focus; it must be reachable and be seen to have it."""
        expect(wanted).to_be_visible()
        for _ in range(MOST_TABS):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"not reached with Tab: {wanted}")

    def push(self, wanted: Locator) -> None:
        self.to(wanted)
        self.press("Enter")

    def write(self, wanted: Locator, text: str) -> None:
        self.to(wanted)
        self.page.keyboard.type(text)

    def choose(self, wanted: Locator, letters: str) -> None:
        self.to(wanted)
        self.page.keyboard.type(letters)


def add_a_site(page: Page, desk: str, origin: str, address: str) -> str:
    """The chat of a shop that is always open; returns the line to copy."""
    page.goto(f"{desk}chat/nouveau/")
    page.get_by_label("Nom", exact=True).fill("Boutique")
    page.get_by_label("Sites autorisés à porter le chat").fill(origin)
    for day in range(7):
        page.locator(f"#id_day_{day}").fill("0:00-23:59")
    page.get_by_label("Ouvert les jours fériés").check()
    page.get_by_role("button", name="Enregistrer").first.click()
    expect(page.get_by_text("Le site est créé").first).to_be_visible()
    snippet = page.locator(".snippet").inner_text()
    start = snippet.index("http")
    return snippet[:start] + address + snippet[snippet.index("/", start + 8) :]


def ask(customer: Customer, name: str, question: str) -> None:
    chat = customer.chat
    chat.get_by_role("button", name="Discuter").click()
    chat.get_by_label("Votre nom").fill(name)
    chat.get_by_label("Votre question").fill(question)
    chat.get_by_role("button", name="Envoyer ma question").click()
    chat.get_by_role("button", name="Parler à un conseiller").click()
    expect(chat.locator("[data-stage]")).to_contain_text("conseiller arrive")


class Desk:
    """The adviser's desk, worked with the keyboard alone."""

    def __init__(self, person: Person, address: str) -> None:
        self.person = person
        self.page = person.page
        self.keys = Keyboard(person.page)
        self.page.goto(address)

    def row(self, who: str) -> Locator:
        return self.page.locator(".queue-row", has_text=who)

    def open(self, who: str) -> None:
        self.keys.push(self.row(who).first)
        expect(self.page.locator(".exchange-head")).to_contain_text(who)

    def take(self, who: str) -> None:
        self.open(who)
        self.keys.shortcut("a")
        expect(self.page.locator("#exchange .exchange-state")).to_contain_text("En cours")

    def say(self, text: str) -> None:
        self.keys.write(self.page.locator("#composer-body"), text)
        self.keys.press("Enter")
        expect(self.page.locator(".message-from-adviser").last).to_contain_text(text)

    def end(self) -> None:
        self.keys.push(self.page.get_by_role("button", name="Terminer", exact=True))

    def qualify(self, summary: str) -> None:
        form = self.page.locator("#qualification")
        self.keys.choose(form.get_by_label("Motif"), "M1")
        self.keys.choose(form.get_by_label("Résultat"), "R1")
        self.keys.write(form.get_by_label("Compte rendu"), summary)
        self.keys.push(form.get_by_role("button", name="Enregistrer la qualification"))
        expect(self.page.locator("#exchange .exchange-state")).to_contain_text("Qualifiée")


def test_a_call_two_chats_and_a_mail_at_once_by_keyboard(
    house: House, browsers: tuple[Browser, Browser]
) -> None:
    server, address = house.server, house.desk
    supervisor = Person(browsers[0], server.address, "superviseur@centre.example")
    shop = Shop(server.address)
    shop.snippet = add_a_site(supervisor.page, address, shop.address, server.address)
    supervisor.page.goto(f"{address}telephone/reglages/")
    public = supervisor.page.locator("a[href^='/appeler/']").get_attribute("href") or ""
    house.imap.append(eml("Bonjour,\n\nOù est ma facture ?", Subject="Facture FV-31"))
    odile, paul = Customer(browsers[1], shop), Customer(browsers[1], shop)
    ask(odile, "Odile Perrin", "Où est mon colis ?")
    ask(paul, "Paul Ménard", "Comment rendre un article ?")
    desk = Desk(Person(browsers[0], server.address, "conseillere@centre.example"), address)

    take_both_chats(desk)
    caller = Caller(browsers[1], server, public)
    answer_the_telephone(desk, caller)
    write_while_on_the_line(desk, odile, paul)
    hang_up(desk, caller)
    answer_the_mail(desk)
    for who in ("Facture FV-31", "Odile Perrin", "Paul Ménard"):
        desk.open(who)
        desk.end()
        desk.qualify(f"Réponse donnée : {who}.")

    expect(paul.chat.get_by_role("heading", name="La discussion est terminée")).to_be_visible()
    end = time.monotonic() + PATIENCE
    while not house.smtp.taken and time.monotonic() < end:
        time.sleep(0.1)
    (taken,) = house.smtp.taken
    assert b"espace client" in taken.content
    assert desk.person.faults == []
    assert odile.faults == paul.faults == []
    shop.http.shutdown()
    shop.http.server_close()


def take_both_chats(desk: Desk) -> None:
    desk.keys.push(desk.page.get_by_role("button", name="Me rendre disponible"))
    expect(desk.page.locator("#queue-bar")).to_contain_text("Disponible")
    expect(desk.row("Facture FV-31")).to_be_visible()
    desk.take("Odile Perrin")
    desk.say("Bonjour Madame, je regarde votre colis.")
    desk.take("Paul Ménard")
    desk.say("Bonjour Monsieur, le bon de retour part à l’instant.")


def answer_the_telephone(desk: Desk, caller: Caller) -> None:
    """It rings over both chats, and is answered by one key."""
    caller.ring("Inès Corbin", "06 39 98 55 66")
    expect(desk.page.locator("#phone-answer")).to_be_visible()
    assert axe.violations(desk.page) == []
    desk.keys.shortcut("r")
    expect(desk.page.locator("#phone")).to_have_attribute("data-heard", "1")
    caller.hears()


def write_while_on_the_line(desk: Desk, odile: Customer, paul: Customer) -> None:
    """What a customer writes meanwhile is counted, read and answered; the line holds."""
    odile.write("Êtes-vous toujours là ?")
    unread = desk.row("Odile Perrin").locator(".queue-unread")
    expect(unread).to_have_text("1 non lu")
    shown(desk.page, "plusieurs-a-la-fois")
    assert axe.violations(desk.page) == []
    desk.open("Odile Perrin")
    expect(unread).to_have_count(0)
    desk.say("Oui : il est au point relais depuis ce matin.")
    expect(odile.chat.locator(".message.adviser").last).to_contain_text("point relais")
    expect(desk.page.locator("#phone")).to_have_attribute("data-heard", "1")
    desk.keys.shortcut("i")
    desk.keys.write(desk.page.locator("#note-body"), "Colis au relais, vu avec le transporteur.")
    desk.keys.press("Enter")
    expect(desk.page.locator(".message-note")).to_contain_text("Colis au relais")
    expect(odile.chat.get_by_text("Colis au relais")).to_have_count(0)
    paul.write("Merci, bien reçu.")
    expect(desk.row("Paul Ménard").locator(".queue-unread")).to_be_visible()


def hang_up(desk: Desk, caller: Caller) -> None:
    desk.keys.shortcut("f")
    expect(caller.state).to_have_attribute("data-state", "ended")
    desk.open("Inès Corbin")
    desk.qualify("Suivi de commande donné par téléphone.")


def answer_the_mail(desk: Desk) -> None:
    desk.take("Facture FV-31")
    desk.keys.push(desk.page.get_by_role("button", name="Répondre").first)
    body = desk.page.get_by_label("Message", exact=True)
    expect(body).to_have_value("\n\n-- \nLe service clients")
    desk.keys.to(body)
    desk.keys.press("Control+Home")
    desk.page.keyboard.type("Votre facture est dans votre espace client.")
    expect(desk.page.locator("[data-saved-state]")).to_have_attribute("data-state", "saved")
    desk.keys.push(desk.page.get_by_role("button", name="Envoyer", exact=True))
    expect(desk.page.locator(".message-from-adviser")).to_contain_text("espace client")
