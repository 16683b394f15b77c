"""Days of a desk: the next contact comes by itself, insults have a protocol, ideas go up, newcomers read."""

import re
from collections.abc import Iterator

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys import axe
from tests.journeys.people import Person
from tests.journeys.test_webchat import DESK
from tests.prepared import demonstration

pytestmark = pytest.mark.journey
PREPARE = """
from django.utils import timezone
from acquis.accounts.models import Workspace
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.actions.start_conversation import start_conversation
from acquis.desk.conversations.models import Conversation
from acquis.desk.queues.models import Presence, Queue
desk = Workspace.objects.get(pk=2)
Conversation.objects.filter(workspace=desk).update(state="ended", adviser=None, ended_at=timezone.now())
Presence.objects.filter(workspace=desk, ended_at=None).update(ended_at=timezone.now())
Queue.objects.filter(workspace=desk).update(offer_seconds=600)
for label, words in (("Odile Perrin", "Où est mon colis ?"), ("Paul Ménard", "Vous êtes des incapables.")):
    now = timezone.now()
    talk = start_conversation(workspace=desk, channel="chat", direction="in", contact_label=label, subject="",
                              by=None, at=now)
    send_message(conversation=talk, author="customer", body=words, author_label=label, client_key=label,
                 by=None, at=now)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        where.run("-m", "acquis", "manage", "shell", "-v", "0", "-c", PREPARE)
        started = Server(where)
        started.start()
        yield started
        started.stop()


def test_the_next_contact_opens_by_itself_and_insults_have_a_protocol(
    server: Server, chromium: Browser
) -> None:
    adviser = Person(chromium, server.address, "conseillere@centre.example")
    page = adviser.page
    page.goto(DESK)
    page.get_by_role("button", name="Me rendre disponible").click()
    page.get_by_role("button", name="Suivant sans clic").click()
    head = page.locator(".exchange-head")
    expect(head).to_contain_text("Odile Perrin")

    answer(page, "Bonjour Madame, votre colis part ce soir.")
    page.get_by_role("button", name="Terminer", exact=True).click()
    qualify(page)
    expect(head).to_contain_text("Paul Ménard")

    follow_the_protocol(page)
    supervisor = Person(chromium, server.address, "superviseur@centre.example")
    supervisor.page.goto(f"{DESK}contacts-abusifs/")
    row = supervisor.page.locator("tbody tr", has_text="Paul Ménard")
    expect(row).to_contain_text("Mis fin à l’échange")
    assert axe.violations(supervisor.page) == []
    row.get_by_role("button", name="Je l’ai vu").click()
    expect(row).to_contain_text("Karim Ouanes")
    assert faults_of(adviser, supervisor) == []


def faults_of(*people: Person) -> list[str]:
    """What went wrong, apart from what was refused on purpose (422)."""
    return [fault for person in people for fault in person.faults if "422" not in fault]


def answer(page: Page, words: str) -> None:
    page.locator("#composer-body").fill(words)
    page.locator("#composer-body").press("Enter")
    expect(page.locator(".message-from-adviser").last).to_contain_text(words)


def qualify(page: Page) -> None:
    form = page.locator("#qualification")
    for label in ("Motif", "Résultat"):
        select_first(form.get_by_label(label, exact=True))
    form.get_by_label("Compte rendu").fill("Colis annoncé pour ce soir.")
    form.get_by_role("button", name="Enregistrer la qualification").click()


def select_first(field: Locator) -> None:
    """The first answer of a list after its empty one."""
    field.select_option(index=1)


def follow_the_protocol(page: Page) -> None:
    """Marked, reminded, warned twice in writing, then ended, in the order that the protocol gives."""
    page.get_by_role("link", name="Contact abusif").click()
    protocol = page.locator("#conduct")
    protocol.get_by_role("button", name="Marquer et suivre le protocole").click()
    expect(protocol.get_by_text("Dites ce qui a été dit ou écrit.").first).to_be_visible()
    protocol.get_by_label("Ce qui a été dit ou écrit").fill("« Vous êtes des incapables. »")
    protocol.get_by_role("button", name="Marquer et suivre le protocole").click()
    expect(protocol).to_contain_text("le superviseur est averti")
    sent = page.locator(".message-from-adviser")
    before = sent.count()
    for warnings in (1, 2, 3):  # reminded first, then warned twice
        protocol.get_by_role("button", name="Envoyer ces mots").click()
        expect(protocol.get_by_text("écrit dans l’échange")).to_have_count(warnings)
        expect(sent).to_have_count(before + warnings)
    assert axe.violations(page) == []
    protocol.get_by_role("button", name="Mettre fin à l’échange").click()
    page.locator("#confirm-dialog [data-confirm-ok]").click()
    expect(page.get_by_text("Le client garde ses droits")).to_be_visible()


def test_an_idea_goes_up_and_comes_back_with_its_answer(server: Server, chromium: Browser) -> None:
    adviser = Person(chromium, server.address, "conseillere@centre.example")
    page = adviser.page
    page.goto(f"{DESK}remontees/nouvelle/")
    page.get_by_label("En une phrase").fill("Dire l’heure de passage par SMS")
    page.get_by_role("button", name="Envoyer au superviseur").click()
    expect(page.get_by_text("Dites ce que vous avez vu.").first).to_be_visible()
    expect(page.get_by_label("En une phrase")).to_have_value("Dire l’heure de passage par SMS")
    page.get_by_label("Ce que vous avez vu").fill(
        "Dix clients cette semaine attendent chez eux sans savoir."
    )
    page.get_by_role("button", name="Envoyer au superviseur").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dire l’heure de passage par SMS")
    address = page.url

    colleague = Person(chromium, server.address, "collegue1@centre.example")
    colleague.page.goto(address)
    colleague.page.get_by_role("button", name="Moi aussi").click()
    expect(colleague.page.locator("dl.facts")).to_contain_text("Noémie Garandeau")

    supervisor = Person(chromium, server.address, "superviseur@centre.example")
    supervisor.page.goto(address)
    supervisor.page.get_by_role("combobox", name="Suite donnée").select_option(label="Non retenue")
    supervisor.page.get_by_role("button", name="Répondre").click()
    expect(supervisor.page.get_by_text("Dites pourquoi elle est refusée").first).to_be_visible()
    supervisor.page.get_by_role("combobox", name="Suite donnée").select_option(label="Retenue")
    supervisor.page.get_by_label("Réponse à l’auteur").fill(
        "Le transporteur le propose : nous l’activons."
    )
    supervisor.page.get_by_role("button", name="Répondre").click()
    expect(supervisor.page.locator(".timeline-list")).to_contain_text("nous l’activons")
    assert axe.violations(supervisor.page) == []

    page.goto(address)
    expect(page.get_by_text("Votre remontée a une suite.")).to_be_visible()
    page.get_by_role("button", name="J’ai lu").click()
    expect(page.get_by_text("Votre remontée a une suite.")).to_have_count(0)
    assert faults_of(adviser, colleague, supervisor) == []


def test_a_newcomer_reads_what_the_desk_asks_and_is_followed(
    server: Server, chromium: Browser
) -> None:
    supervisor = Person(chromium, server.address, "superviseur@centre.example")
    newcomer = Person(chromium, server.address, "collegue2@centre.example")
    page = newcomer.page
    page.goto(f"{DESK}connaissances/lectures/")
    expect(page.get_by_role("heading", name="Première semaine")).to_be_visible()
    assert axe.violations(page) == []
    page.get_by_role("link", name=re.compile("^ ?Lire « ")).first.click()
    read = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("button", name="Lu et compris").click()
    expect(page.get_by_text("1/")).not_to_have_count(0)

    supervisor.page.goto(f"{DESK}connaissances/lectures/")
    supervisor.page.get_by_role("table").get_by_role(
        "link", name="Première semaine", exact=True
    ).click()
    row = supervisor.page.locator("tbody tr", has_text="Yoann Kerlidou")
    expect(row).to_contain_text("lu le")
    expect(supervisor.page.locator("thead")).to_contain_text(read)
    supervisor.page.get_by_role("button", name="Rappeler à tous ceux qui n’ont pas fini").click()
    expect(row.locator("td").last).not_to_have_text("—")
    assert faults_of(newcomer, supervisor) == []
