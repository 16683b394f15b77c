"""A customer on a phone, an adviser at the desk: the widget in a page of another origin.

The page that holds the widget has a strict Content-Security-Policy of its own and admits the desk's
origin alone; the network is cut, the page is loaded again, nothing is lost or doubled.
"""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.journeys import axe
from tests.journeys.people import Person, shown
from tests.prepared import demonstration

pytestmark = pytest.mark.journey
PHONE = {"width": 390, "height": 780}
DESK = "/poste/2/"  # the supervisor's and the adviser's own training desk
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478"
    "9c6360f8cf50000003860180a5a1c4b30000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        started = Server(where)
        started.start()
        yield started
        started.stop()


class Shop:
    """A customer's site: one static page, under a policy that admits nothing but the desk."""

    def __init__(self, desk: str) -> None:
        self.snippet = ""
        shop = self

        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                html = (
                    '<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name='
                    '"viewport" content="width=device-width, initial-scale=1"><title>Boutique'
                    f"</title></head><body><main><h1>Boutique</h1></main>{shop.snippet}</body>"
                    "</html>"
                ).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header(
                    "Content-Security-Policy",
                    f"default-src 'none'; script-src {desk}; frame-src {desk}",
                )
                self.end_headers()
                self.wfile.write(html)

            def log_message(self, *_words: object) -> None:
                """Nothing to say."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.http.server_port}"


@pytest.fixture
def shop(server: Server) -> Iterator[Shop]:
    opened = Shop(server.address)
    yield opened
    opened.http.shutdown()
    opened.http.server_close()


class Customer:
    """Someone on a phone-sized screen of the shop."""

    def __init__(self, chromium: Browser, shop: Shop, script: str = "") -> None:
        self.context = chromium.new_context(
            locale="fr-FR",
            viewport=PHONE,  # type: ignore[arg-type]
            reduced_motion="reduce",
            has_touch=True,
            is_mobile=True,
        )
        self.context.set_default_timeout(30_000)
        if script:
            self.context.add_init_script(script)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on(
            "console",
            lambda line: self.faults.append(line.text) if "Content Security" in line.text else None,
        )
        self.page.goto(f"{shop.address}/panier?client=42")

    @property
    def chat(self) -> FrameLocator:
        return self.page.frame_locator("iframe[data-acquis-chat]")

    def write(self, text: str) -> None:
        self.chat.get_by_label("Votre message").fill(text)
        self.chat.get_by_label("Votre message").press("Enter")

    def violations(self) -> list[str]:
        (frame,) = [frame for frame in self.page.frames if "/chat/" in frame.url]
        return axe.violations(frame)  # type: ignore[arg-type]  # a frame evaluates as a page does


def add_a_site(supervisor: Person, origin: str) -> str:
    """Set the shop up; returns the line to copy."""
    page = supervisor.page
    page.goto(f"{DESK}chat/nouveau/")
    page.get_by_label("Nom", exact=True).fill("Boutique")
    page.get_by_label("Sites autorisés à porter le chat").fill(origin)
    for day in range(7):
        page.locator(f"#id_day_{day}").fill("0:00-23:59")
    page.get_by_label("Ouvert les jours fériés").check()
    page.get_by_label("Délai minimal (minutes)").fill("0")
    supervisor.press("Enregistrer")
    supervisor.see("Le site est créé")
    assert axe.violations(page) == []
    shown(page, "chat-site")
    return page.locator(".snippet").inner_text()


def test_a_customer_chats_from_another_site(chromium: Browser, server: Server, shop: Shop) -> None:
    supervisor = Person(chromium, server.address, "superviseur@centre.example")
    snippet = add_a_site(supervisor, shop.address)
    # The page says where the product is known to live, the server of this test lives elsewhere.
    shop.snippet = re.sub(r"https?://[^/]+", server.address, snippet)
    adviser = Person(chromium, server.address, "conseillere@centre.example")
    customer = Customer(chromium, shop)
    chat = customer.chat

    ask(customer)
    take(adviser)
    expect(chat.get_by_text("Léonie Tessier vous répond.")).to_be_visible()
    talk(customer, adviser)
    survive_a_cut(customer, adviser, shop)
    exchange_files(customer, adviser)
    end(customer, adviser)

    assert customer.faults == []
    assert adviser.faults == []
    assert supervisor.faults == []


def ask(customer: Customer, name: str = "Odile Perrin") -> None:
    chat = customer.chat
    chat.get_by_role("button", name="Discuter").click()
    expect(chat.get_by_label("Votre nom")).to_be_focused()
    assert customer.violations() == []
    shown(customer.page, "chat-formulaire")
    chat.get_by_label("Votre nom").fill(name)
    chat.get_by_label("Votre question").fill("Où est mon colis, la livraison est en retard ?")
    chat.get_by_role("button", name="Envoyer ma question").click()
    robot = chat.locator(".message.automatic")
    expect(robot).to_contain_text("Réponse automatique : ")
    expect(robot.get_by_role("link").first).to_be_visible()
    assert customer.violations() == []
    shown(customer.page, "chat-automatique")
    chat.get_by_role("button", name="Parler à un conseiller").click()
    expect(chat.locator("[data-stage]")).to_contain_text("Un conseiller arrive")


def take(adviser: Person, name: str = "Odile Perrin") -> None:
    page = adviser.page
    page.goto(DESK)
    page.locator(".queue-row", has_text=name).click()
    adviser.press("Prendre la conversation")
    expect(page.locator("#composer-body")).to_be_visible()
    expect(page.locator("[data-webchat]")).to_contain_text("Boutique")
    expect(page.locator("#thread")).to_contain_text("Avant l’échange, avec la réponse automatique")


def talk(customer: Customer, adviser: Person) -> None:
    chat, desk = customer.chat, adviser.page
    desk.locator("#composer-body").press_sequentially("Bonjour Madame, je regarde.")
    expect(chat.locator("[data-typing]")).to_contain_text("Léonie Tessier écrit…")
    desk.locator("#composer-body").press("Enter")
    expect(chat.locator(".message.adviser")).to_contain_text("je regarde")
    chat.get_by_label("Votre message").press_sequentially("Merci")
    expect(desk.locator("[data-webchat-typing]")).to_have_text("Le visiteur écrit…")
    chat.get_by_label("Votre message").press("Enter")
    expect(desk.locator("#thread")).to_contain_text("Merci")
    expect(chat.locator(".receipt")).to_have_text("Lu")
    expect(desk.locator("#webchat-read")).to_contain_text("lu jusqu’au message")


def survive_a_cut(customer: Customer, adviser: Person, shop: Shop) -> None:
    """Written in a cut, loaded again in the cut's end: it arrives, once."""
    chat, desk = customer.chat, adviser.page
    customer.context.set_offline(True)
    customer.write("Écrit pendant la coupure")
    customer.write("Et ceci ensuite")
    expect(chat.get_by_text("Connexion perdue, nouvel essai…")).to_be_visible()
    expect(chat.locator(".unsent")).to_have_count(2)
    customer.context.set_offline(False)
    expect(chat.locator(".unsent")).to_have_count(0)
    expect(desk.locator("#thread")).to_contain_text("Et ceci ensuite")

    customer.context.set_offline(True)
    customer.write("Avant de recharger")
    expect(chat.locator(".unsent")).to_have_count(1)
    customer.context.set_offline(False)
    customer.page.goto(f"{shop.address}/autre-page")
    expect(chat.locator(".message.me", has_text="Avant de recharger")).to_have_count(1)
    expect(chat.locator(".unsent")).to_have_count(0)
    for text in ("Écrit pendant la coupure", "Et ceci ensuite", "Avant de recharger"):
        expect(desk.locator(".message-from-customer", has_text=text)).to_have_count(1)
        expect(chat.locator(".message.me", has_text=text)).to_have_count(1)
    said = desk.locator(".message-from-customer .message-body").all_inner_texts()
    assert said[-3:] == ["Écrit pendant la coupure", "Et ceci ensuite", "Avant de recharger"]


def exchange_files(customer: Customer, adviser: Person) -> None:
    chat, desk = customer.chat, adviser.page
    photo = {"name": "photo.png", "mimeType": "image/png", "buffer": PNG}
    chat.locator("#file").set_input_files(photo)  # type: ignore[arg-type]
    expect(desk.locator("#thread .message-file")).to_contain_text("photo.png")
    expect(chat.get_by_role("img", name="Image : photo.png")).to_be_visible()
    letter = {"name": "bon.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 bon"}
    desk.locator("#attach-file").set_input_files(letter)  # type: ignore[arg-type]
    expect(chat.get_by_role("link", name="bon.pdf")).to_be_visible()
    wrong = {"name": "photo.png", "mimeType": "image/png", "buffer": b"MZ\x00\x01"}
    chat.locator("#file").set_input_files(wrong)  # type: ignore[arg-type]
    expect(chat.locator("[data-error]")).to_contain_text("nature acceptée")
    shown(customer.page, "chat-echange")
    shown(desk, "chat-poste")
    assert axe.violations(desk) == []


def end(customer: Customer, adviser: Person) -> None:
    chat, desk = customer.chat, adviser.page
    chat.get_by_role("button", name="Terminer").click()
    chat.get_by_role("dialog").get_by_role("button", name="Terminer").click()
    expect(chat.get_by_role("heading", name="La discussion est terminée")).to_be_visible()
    expect(desk.get_by_text("À qualifier").first).to_be_visible()
    chat.get_by_role("radio", name="4").check()
    chat.get_by_label("Un mot à ajouter ?").fill("Rapide et clair")
    chat.get_by_role("button", name="Donner mon avis").click()
    expect(chat.get_by_text("Merci, votre avis est noté.")).to_be_visible()
    chat.get_by_label("Recevoir cet échange par courriel").fill("odile@client.example")
    chat.locator("[data-transcript]").get_by_role("button", name="Envoyer").click()
    expect(chat.get_by_text("L’échange part à odile@client.example.")).to_be_visible()
    assert customer.violations() == []
    desk.reload()
    expect(desk.locator("[data-webchat]")).to_contain_text("satisfaction 4 / 5 · Rapide et clair")
    chat.get_by_role("button", name="Nouvelle discussion").click()
    expect(chat.get_by_label("Votre nom")).to_have_value("Odile Perrin")


# A browser in whose network no socket ever opens.
NO_SOCKET = """
window.WebSocket = class {
  static OPEN = 1;
  readyState = 3;
  addEventListener(name, listener) { if (name === "close") setTimeout(listener, 50); }
  send() { throw new Error("closed"); }
  close() {}
};
"""


def test_without_any_socket_both_sides_speak_by_requests(
    chromium: Browser, server: Server, shop: Shop
) -> None:
    supervisor = Person(chromium, server.address, "superviseur@centre.example")
    shop.snippet = re.sub(r"https?://[^/]+", server.address, add_a_site(supervisor, shop.address))
    supervisor.context.add_init_script(NO_SOCKET)
    customer = Customer(chromium, shop, NO_SOCKET)
    chat, desk = customer.chat, supervisor.page

    ask(customer, "Paul Aubin")
    take(supervisor, "Paul Aubin")
    desk.locator("#composer-body").fill("Bonjour Madame, je regarde.")
    desk.locator("#composer-body").press("Enter")
    expect(desk.locator(".message-from-adviser")).to_have_count(1)
    expect(chat.locator(".message.adviser")).to_contain_text("je regarde")
    customer.write("Merci")
    expect(chat.locator(".message.me", has_text="Merci")).to_have_count(1)
    expect(chat.locator(".unsent")).to_have_count(0)
    expect(desk.locator(".message-from-customer", has_text="Merci")).to_have_count(1)
    expect(chat.locator(".receipt")).to_have_text("Lu")
    assert customer.faults == []
    assert supervisor.faults == []


def test_a_customer_asks_to_be_called_back(chromium: Browser, server: Server, shop: Shop) -> None:
    supervisor = Person(chromium, server.address, "superviseur@centre.example")
    snippet = add_a_site(supervisor, shop.address)
    key = re.search(r"/chat/([^/]+)/", snippet)[1]  # type: ignore[index]
    context = chromium.new_context(
        base_url=server.address,
        locale="fr-FR",
        viewport=PHONE,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"/rappel/{key}/")
    assert axe.violations(page) == []
    page.get_by_label("Votre nom").fill("Paul Ménard")
    page.get_by_label("Votre numéro de téléphone").fill("demain")
    page.get_by_label("De quoi voulez-vous parler ?").fill("Ma facture")
    page.get_by_label("Quand vous rappeler ?").select_option(index=1)
    page.get_by_role("button", name="Demander le rappel").click()
    expect(page.get_by_role("alert")).to_contain_text("numéro de téléphone")
    page.get_by_label("Votre numéro de téléphone").fill("06 39 98 00 02")
    shown(page, "rappel-formulaire")
    page.get_by_role("button", name="Demander le rappel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nous vous rappellerons")
    assert axe.violations(page) == []
    shown(page, "rappel-demande")

    adviser = Person(chromium, server.address, "conseillere@centre.example")
    adviser.page.goto(f"{DESK}chat/rappels/")
    expect(adviser.page.locator("tr", has_text="Paul Ménard")).to_contain_text("06 39 98 00 02")
    assert axe.violations(adviser.page) == []
    shown(adviser.page, "rappels")
    adviser.press("Appeler Paul Ménard")
    expect(adviser.page.locator("#exchange")).to_contain_text("Ma facture")
    adviser.page.goto(f"{DESK}chat/rappels/")
    adviser.page.get_by_role("link", name="Paul Ménard").click()
    adviser.page.get_by_label("Absent").check()
    adviser.press("Noter le résultat")
    adviser.see("Le résultat de l’appel est noté.")
    page.reload()
    page.get_by_role("button", name="Annuler ce rappel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre rappel est annulé")
    assert adviser.faults == []
    context.close()
