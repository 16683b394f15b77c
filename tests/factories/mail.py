"""Mailboxes and messages, the smallest that are valid."""

import itertools
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation
from acquis.desk.mail.models import Mail, Mailbox, MailFile, SetAside
from acquis.kernel import files
from tests.factories import desk

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
_rank = itertools.count(1)


def mailbox(workspace: Workspace, **fields: Any) -> Mailbox:
    """An address without servers: its mail goes to the outbox folder."""
    values = {
        "address": f"contact{next(_rank)}@valbrenne.example",
        "display_name": "Ateliers Valbrenne",
        "created_at": NOW,
    }
    return Mailbox.objects.create(workspace=workspace, **(values | fields))


def eml(body: str = "Bonjour,\n\nOù est ma commande ?", **headers: str) -> bytes:
    """A message as a customer's program writes it; header names with « _ » for « - »."""
    values = {
        "From": "Odile Lefèvre <odile@boite.example>",
        "To": "contact@valbrenne.example",
        "Subject": "Ma commande",
        "Date": "Fri, 20 Nov 2026 10:00:00 +0100",
        "Message-ID": f"<m{next(_rank)}@boite.example>",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    message = EmailMessage()
    for name, value in values.items():
        if value:
            message[name] = value
    message.set_content(body)
    return message.as_bytes()


def dsn(original: str, recipient: str, status: str = "5.1.1", action: str = "failed") -> bytes:
    """A report of delivery as Postfix writes it (RFC 3464)."""
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: contact@valbrenne.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <dsn{next(_rank)}@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="XX"

--XX
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.

--XX
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <{recipient}>: Recipient address rejected: User unknown

--XX
Content-Type: message/rfc822

From: contact@valbrenne.example
To: {recipient}
Subject: Votre commande
Message-ID: {original}

Bonjour
--XX--
""".replace("\n", "\r\n").encode()


def draft(of: Conversation, by: User, **fields: Any) -> Mail:
    """A draft in an exchange; `conversation=None` makes one written from a record."""
    values = {
        "conversation": of,
        "to": "odile@boite.example",
        "subject": "Re: Ma commande",
        "body": "Elle part demain.",
        "from_address": "contact@valbrenne.example",
        "state": Mail.State.DRAFT,
        "author": by,
        "author_label": by.full_name,
        "at": NOW,
        "saved_at": NOW,
    }
    return Mail.objects.create(workspace_id=of.workspace_id, **(values | fields))


def mail_file(mail: Mail, **fields: Any) -> MailFile:
    kept = files.store(b"Bon", name="bon.txt", media_type="text/plain", by=None, at=NOW)
    values = {"file": kept, "name": "bon.txt"}
    return MailFile.objects.create(workspace_id=mail.workspace_id, mail=mail, **(values | fields))


def aside(of: Mailbox, **fields: Any) -> SetAside:
    raw = files.store(eml(), name="message.eml", media_type="message/rfc822", by=None, at=NOW)
    values = {"reason": "Le message ne se lit pas.", "subject": "Facture", "raw": raw, "at": NOW}
    return SetAside.objects.create(workspace_id=of.workspace_id, mailbox=of, **(values | fields))


def received(conversation: Conversation | None, **fields: Any) -> Mail:
    """A mail that came; with a message of its exchange where it has one."""
    rank = next(_rank)
    values = {
        "state": Mail.State.RECEIVED,
        "identifier": f"<r{rank}@boite.example>",
        "from_name": "Odile Lefèvre",
        "from_address": "odile@boite.example",
        "to": "contact@valbrenne.example",
        "subject": "Ma commande",
        "body": "Où est ma commande ?",
        "at": NOW,
    } | fields
    if conversation is not None:
        values.setdefault("workspace_id", conversation.workspace_id)
        said = desk.message(conversation, body=values["body"], client_key=f"mail:r{rank}")
        values.setdefault("message", said)
    return Mail.objects.create(conversation=conversation, **values)
