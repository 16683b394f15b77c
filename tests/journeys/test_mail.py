"""A customer's mail arrives, is answered with a file, called back, sent again: real IMAP and SMTP servers."""

import email
import email.policy
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks._server import Server, place
from playwright.sync_api import Browser, expect

from tests.desk.mail.servers import Imap, Smtp, dovecot, smtp_server
from tests.factories.mail import eml
from tests.journeys import axe
from tests.journeys.people import Person
from tests.prepared import demonstration

pytestmark = pytest.mark.journey
PATIENCE = 60.0  # seconds
PREPARE = """
import django; django.setup()
from django.utils import timezone
from acquis.accounts.models import User, Workspace
from acquis.desk.mail.actions.keep_mailbox import keep_mailbox
from acquis.desk.queues.models import Queue
now = timezone.now()
boss = User.objects.get(email="superviseur@centre.example")
place = Workspace.objects.order_by("pk").first().organisation
desk = Workspace.objects.create(organisation=place, kind="live", name="Service clients", created_at=now)
queue = Queue.objects.create(workspace=desk, key="courriel", name="Courriels", channels=["mail"])
keep_mailbox(workspace=desk, mailbox=None, by=boss, at=now, values={
    "address": "contact@valbrenne.example", "display_name": "Valbrenne", "signature": "Le service clients",
    "queue": queue, "imap_host": "127.0.0.1", "imap_port": %d, "imap_security": "none",
    "imap_user": "contact", "imap_password": "secret", "smtp_host": "127.0.0.1", "smtp_port": %d,
    "smtp_security": "none", "smtp_user": "contact", "smtp_password": "secret",
})
print(desk.pk)
"""


@pytest.fixture(scope="module")
def imap() -> Iterator[Imap]:
    with dovecot() as server:
        yield server


@pytest.fixture(scope="module")
def smtp() -> Iterator[Smtp]:
    with smtp_server() as server:
        yield server


@pytest.fixture(scope="module")
def desk(imap: Imap, smtp: Smtp) -> Iterator[tuple[Server, str]]:
    with place(start=demonstration(), ACQUIS_EMBEDDED_WORKER="1") as where:
        where.environment.setdefault("DJANGO_SETTINGS_MODULE", "acquis.config.settings")
        pk = where.run("-c", PREPARE % (imap.port, smtp.port)).split()[-1]
        started = Server(where)
        started.start()
        yield started, f"/poste/{pk}/"
        started.stop()


def test_mail_is_answered_called_back_and_sent(
    chromium: Browser, desk: tuple[Server, str], imap: Imap, smtp: Smtp, tmp_path: Path
) -> None:
    server, address = desk
    asked = eml("Bonjour,\n\nOù est ma commande ?", Subject="Commande VB-12")
    asked_id = email.message_from_bytes(asked)["Message-ID"]
    imap.append(asked)
    adviser = Person(chromium, server.address, "conseillere@centre.example")
    page = adviser.page
    page.goto(address)
    page.locator("#queue").get_by_text("Commande VB-12").click()
    page.get_by_role("button", name="Prendre la conversation").click()
    page.get_by_role("button", name="Répondre", exact=False).first.click()

    body = page.get_by_label("Message", exact=True)
    expect(body).to_have_value("\n\n-- \nLe service clients")
    body.fill("Elle part demain.")
    expect(page.locator("[data-saved-state]")).to_have_attribute("data-state", "saved")
    page.reload()
    expect(body).to_have_value("Elle part demain.")
    bon = tmp_path / "bon.txt"
    bon.write_text("Bon de livraison")
    page.locator("#mail-attach").set_input_files(bon)
    expect(page.get_by_role("link", name="bon.txt")).to_be_visible()
    assert axe.violations(page) == []

    page.get_by_role("button", name="Envoyer", exact=True).click()
    page.get_by_role("button", name="Annuler l’envoi").or_(
        page.get_by_role("button", name="Annuler l’envoi")
    ).click()
    expect(body).to_have_value("Elle part demain.")
    assert smtp.taken == []
    body.fill("Elle part demain matin.")
    page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(page.locator(".message-from-adviser")).to_contain_text("demain matin")
    expect(page.locator(".message-from-adviser .message-mark")).to_contain_text("Envoyé")

    end = time.monotonic() + PATIENCE
    while not smtp.taken and time.monotonic() < end:
        time.sleep(0.1)
    (taken,) = smtp.taken
    message = email.message_from_bytes(taken.content, policy=email.policy.default)
    assert message["In-Reply-To"] == message["References"] == asked_id
    assert taken.rcpt_tos == ["odile@boite.example"]
    assert [part.get_filename() for part in message.iter_attachments()] == ["bon.txt"]
    page.goto(f"{address}courriels/")
    adviser.see("Commande VB-12")
    assert axe.violations(page) == []
    assert adviser.faults == []
