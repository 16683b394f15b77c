"""The pages of mail: writing, calling back, reading, the journal, the mailboxes; and the API."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation
from acquis.desk.mail import policy
from acquis.desk.mail.actions.receive_mail import receive_mail
from acquis.desk.mail.actions.release_mail import release_mail
from acquis.desk.mail.models import Mail, Mailbox, SetAside
from acquis.desk.queues.models import Placement, Queue
from acquis.kernel import crypto
from acquis.kernel.testing import StrictClient
from tests.factories import accounts
from tests.factories import desk as make
from tests.factories import mail as make_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def exchange(workspace: Workspace, adviser: User) -> Conversation:
    begun = make.open_conversation(workspace, adviser, channel="mail", subject="Ma commande")
    make_mail.received(begun, cc="paul@boite.example", quoted="> avant", html="<p>Bonjour</p>")
    return begun


@pytest.fixture
def supervisor(workspace: Workspace) -> StrictClient:
    client = StrictClient()
    client.force_login(accounts.user(Role.SUPERVISOR, at=workspace.organisation))
    return client


def at(name: str, workspace: Workspace, *keys: int) -> str:
    return reverse(f"mail:{name}", args=[workspace.pk, *keys])


def test_answer_is_written_kept_sent_and_called_back(
    signed_in: StrictClient, workspace: Workspace, exchange: Conversation, htmx: dict[str, str]
) -> None:
    shown = signed_in.post(at("start", workspace, exchange.pk), {"kind": "reply"}, headers=htmx)
    draft = Mail.objects.get(state=Mail.State.DRAFT)
    assert draft.to == "odile@boite.example"
    assert b'id="mail-body"' in shown.content

    kept = signed_in.post(at("save", workspace, draft.pk), {"body": "Elle part.", "seq": "1"})
    assert kept.json()["seq"] == 1
    ahead = signed_in.post(at("save", workspace, draft.pk), {"body": "Autre", "seq": "1"})
    assert (ahead.status_code, ahead.json()["text"]) == (409, "Elle part.")

    sent = signed_in.post(
        at("send", workspace, draft.pk), {"body": "Elle part.\r\nDemain."}, headers=htmx
    )
    assert "Annuler l" in sent.content.decode()
    draft.refresh_from_db()
    assert (draft.state, draft.body) == (Mail.State.SCHEDULED, "Elle part.\nDemain.")

    back = signed_in.post(at("undo", workspace, draft.pk), headers=htmx)
    assert "Demain." in back.content.decode()
    draft.refresh_from_db()
    assert draft.state == Mail.State.DRAFT


def test_refused_sending_keeps_what_was_typed(
    signed_in: StrictClient,
    workspace: Workspace,
    exchange: Conversation,
    adviser: User,
    htmx: dict[str, str],
) -> None:
    draft = make_mail.draft(exchange, adviser)
    address = at("send", workspace, draft.pk)

    refused = signed_in.post(address, {"to": "pas une adresse", "body": "Gardé"}, headers=htmx)

    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()
    assert "pas une adresse" in refused.content.decode()
    assert "Gardé" in refused.content.decode()
    assert signed_in.post(address, {"to": ""}).status_code == 422
    draft.refresh_from_db()
    assert (draft.state, draft.body) == (Mail.State.DRAFT, "Gardé")


def test_files_join_and_leave_a_draft(
    signed_in: StrictClient, workspace: Workspace, exchange: Conversation, adviser: User, htmx: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    draft = make_mail.draft(exchange, adviser)
    address = at("attach", workspace, draft.pk)

    signed_in.post(address, {"files": [SimpleUploadedFile("bon.txt", b"bon")]}, headers=htmx)
    joined = draft.files.get()
    file = signed_in.get(at("file", workspace, joined.pk))
    assert file.getvalue() == b"bon"
    assert file["X-Content-Type-Options"] == "nosniff"

    monkeypatch.setattr(policy, "LARGEST_FILES", 4)
    large = signed_in.post(address, {"files": [SimpleUploadedFile("b.txt", b"long")]}, headers=htmx)
    assert large.status_code == 422
    assert draft.files.count() == 1

    signed_in.post(at("detach", workspace, joined.pk), headers=htmx)
    assert not draft.files.exists()


def test_draft_is_its_authors_alone(
    workspace: Workspace, exchange: Conversation, adviser: User, supervisor: StrictClient
) -> None:
    draft = make_mail.draft(exchange, adviser)
    for name in ("draft", "send", "undo", "discard", "save"):
        assert supervisor.post(at(name, workspace, draft.pk)).status_code in {404, 405}
    assert supervisor.get(at("draft", workspace, draft.pk)).status_code == 404


def test_exchange_of_a_colleague_is_not_answered(
    workspace: Workspace, exchange: Conversation, supervisor: StrictClient
) -> None:
    assert supervisor.post(at("start", workspace, exchange.pk)).status_code == 422
    chat = make.conversation(workspace, channel="chat")
    assert supervisor.post(at("start", workspace, chat.pk)).status_code == 404


def test_mail_from_a_record_begins_an_exchange(
    signed_in: StrictClient, workspace: Workspace, htmx: dict[str, str]
) -> None:
    known = make.customer(workspace, email="odile@boite.example")
    address = at("write", workspace, known.pk)
    assert signed_in.get(address).status_code == 200

    begun = signed_in.post(address)
    draft = Mail.objects.get()
    assert begun["Location"] == at("draft", workspace, draft.pk)
    assert "odile@boite.example" in signed_in.get(begun["Location"]).content.decode()
    assert "brouillon" in signed_in.get(address).content.decode()
    signed_in.post(at("send", workspace, draft.pk), {"subject": "Bonjour", "body": "Un mot"})
    release_mail(mail=draft, at=timezone.now() + timedelta(seconds=11))

    left = signed_in.get(at("draft", workspace, draft.pk), headers=htmx).content.decode()
    assert "Le courriel est parti" in left
    draft.refresh_from_db()
    assert draft.conversation.customer == known  # type: ignore[union-attr]


def test_draft_is_thrown_away(
    signed_in: StrictClient, workspace: Workspace, exchange: Conversation, adviser: User
) -> None:
    known = make.customer(workspace)
    for fields in ({}, {"conversation": None, "customer": known}, {"conversation": None}):
        draft = make_mail.draft(exchange, adviser, **fields)
        assert signed_in.post(at("discard", workspace, draft.pk)).status_code == 302
    assert not Mail.objects.filter(state=Mail.State.DRAFT).exists()


def test_exchange_shows_mail_and_its_marks(
    signed_in: StrictClient, workspace: Workspace, exchange: Conversation, adviser: User
) -> None:
    said = make.message(exchange, author="adviser", client_key="mail:x")
    make_mail.draft(
        exchange, adviser, state=Mail.State.BOUNCED, message=said,
        refused=[{"address": "odile@boite.example", "reason": "inconnue", "status": "5.1.1"}],
    )  # fmt: skip

    page = signed_in.get(reverse("conversations:desk", args=[workspace.pk]) + f"?c={exchange.pk}")

    text = page.content.decode()
    for shown in ("Non remis", "inconnue", "Texte cité", "Répondre à tous", "Mise en forme d"):
        assert shown in text


def test_html_is_shown_in_a_frame_that_fetches_nothing_unasked(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    html = '<p>Oui</p><img src="https://trace.example/a.png" alt="photo">'
    mail = make_mail.received(None, workspace=workspace, html=html)
    address = at("shown", workspace, mail.pk)

    closed, opened = signed_in.get(address), signed_in.get(f"{address}?images=1")

    assert b"trace.example" not in closed.content
    assert b"trace.example" in opened.content
    assert "https:" not in closed["Content-Security-Policy"]
    assert "sandbox" in opened["Content-Security-Policy"]


def test_journal_filters_and_asks_the_same_for_many(
    signed_in: StrictClient,
    workspace: Workspace,
    exchange: Conversation,
    adviser: User,
) -> None:
    address = at("journal", workspace)
    with CaptureQueriesContext(connection) as one:
        signed_in.get(address)
    for _rank in range(6):
        make_mail.received(exchange)
    make_mail.received(None, workspace=workspace, kind=Mail.Kind.OWN, subject="Revenu")
    make_mail.draft(exchange, adviser, state=Mail.State.FAILED, subject="Raté", last_error="Refusé")

    with CaptureQueriesContext(connection) as many:
        signed_in.get(address)
    assert len(many) == len(one)
    failed = signed_in.get(address, {"quoi": "failed"}).content.decode()
    assert "Raté" in failed
    assert "Refusé" in failed
    assert "Ma commande" not in failed
    assert "Revenu" in signed_in.get(address, {"quoi": "ignored", "q": "revenu"}).content.decode()
    assert "ne correspond" in signed_in.get(address, {"q": "introuvable"}).content.decode()


def test_source_is_the_supervisors(
    signed_in: StrictClient, supervisor: StrictClient, workspace: Workspace
) -> None:
    box = make_mail.mailbox(workspace)
    mail = receive_mail(workspace=workspace, mailbox=box, raw=make_mail.eml(), at=timezone.now())
    address = at("source", workspace, mail.pk)

    assert signed_in.get(address).status_code == 404
    assert b"Ma commande" in supervisor.get(address).getvalue()
    assert "source" in supervisor.get(at("mail", workspace, mail.pk)).content.decode()


def box_values(**fields: Any) -> dict[str, Any]:
    return {
        "address": "Contact@Valbrenne.example", "display_name": "Valbrenne", "is_active": "on",
        "imap_host": "imap.example", "imap_port": 993, "imap_security": "tls", "imap_user": "contact",
        "imap_password": "très-secret", "folder": "INBOX", "smtp_host": "", "smtp_port": 465,
        "smtp_security": "tls", "acknowledge": "never",
    } | fields  # fmt: skip


def test_mailbox_is_made_and_its_secret_never_shown(
    supervisor: StrictClient, workspace: Workspace
) -> None:
    made = supervisor.post(at("mailbox_new", workspace), box_values())
    box = Mailbox.objects.get()
    assert made["Location"] == at("mailbox", workspace, box.pk)
    assert crypto.unseal(bytes(box.imap_secret)).decode() == "très-secret"
    assert "très-secret" not in supervisor.get(made["Location"]).content.decode()

    supervisor.post(made["Location"], box_values(imap_password="", display_name="Autre"))
    box.refresh_from_db()
    assert (box.display_name, bool(box.imap_secret)) == ("Autre", True)

    twice = supervisor.post(
        at("mailbox_new", workspace), box_values(address="contact@valbrenne.example")
    )
    assert twice.status_code == 422
    without = supervisor.post(
        at("mailbox_new", workspace), box_values(address="b@x.example", imap_password="")
    )
    assert "Saisissez le mot de passe" in without.content.decode()


def test_mailbox_is_paused_and_resumed(supervisor: StrictClient, workspace: Workspace) -> None:
    box = make_mail.mailbox(workspace, imap_host="imap.example", last_error="Rien n’écoute")
    assert "Rien n" in supervisor.get(at("mailboxes", workspace)).content.decode()
    for wish, active in (("non", False), ("non", False), ("oui", True)):
        supervisor.post(at("mailbox_pause", workspace, box.pk), {"en_service": wish})
        box.refresh_from_db()
        assert box.is_active is active


def test_trying_a_mailbox_says_what_is_wrong(
    supervisor: StrictClient, workspace: Workspace
) -> None:
    mute = make_mail.mailbox(workspace)
    tried = supervisor.post(at("mailbox_try", workspace, mute.pk), follow=True)
    assert "rien à essayer" in tried.content.decode()
    box = make_mail.mailbox(
        workspace, imap_host="127.0.0.1", imap_port=1, smtp_host="127.0.0.1", smtp_port=1
    )
    said = supervisor.post(at("mailbox_try", workspace, box.pk), follow=True).content.decode()
    said = said.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "Réception : Rien n" in said
    assert "Envoi : Rien n" in said


def test_message_set_aside_is_taken_or_left(supervisor: StrictClient, workspace: Workspace) -> None:
    box = make_mail.mailbox(workspace)
    taken, left, gone = make_mail.aside(box), make_mail.aside(box), make_mail.aside(box, raw=None)

    supervisor.post(at("set_aside", workspace, taken.pk), {"act": "take"})
    supervisor.post(at("set_aside", workspace, left.pk), {"act": "leave"})
    assert supervisor.post(at("set_aside", workspace, gone.pk), {"act": "take"}).status_code == 422

    assert Mail.objects.count() == 1
    assert SetAside.objects.filter(settled_at=None).get() == gone


def test_received_mail_waits_in_the_queue_of_its_mailbox(workspace: Workspace) -> None:
    queue = Queue.objects.create(workspace=workspace, key="sav", name="SAV", channels=["mail"])
    box = make_mail.mailbox(workspace, queue=queue)

    mail = receive_mail(workspace=workspace, mailbox=box, raw=make_mail.eml(), at=timezone.now())

    assert Placement.objects.get(conversation=mail.conversation).queue == queue


def test_api_sends_and_calls_back(workspace: Workspace, adviser: User) -> None:
    headers = {"Authorization": f"Bearer {accounts.token(adviser)}"}
    root = f"/api/v1/workspaces/{workspace.pk}/mails"
    client = StrictClient()
    body = {"to": "odile@boite.example", "subject": "Bonjour", "body": "Un mot"}

    sent = client.post(root, json.dumps(body), content_type="application/json", headers=headers)
    assert (sent.status_code, sent.json()["state"]) == (201, "scheduled")
    one = f"{root}/{sent.json()['id']}"
    assert client.get(one, headers=headers).json()["subject"] == "Bonjour"
    back = client.post(f"{one}/call-back", content_type="application/json", headers=headers)
    assert back.json()["state"] == "draft"
    make_mail.received(None, workspace=workspace)
    assert client.get(root, headers=headers).json()["count"] == 1
    wrong = body | {"to": "personne"}
    refused = client.post(root, json.dumps(wrong), content_type="application/json", headers=headers)
    assert refused.status_code == 422
    assert Mail.objects.count() == 2
