"""Summons for tests: issued for a session to come, delivered, and what comes back of them."""

import email
import email.policy
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from acquis.certification.exam_sessions import actions, links, presentation
from acquis.certification.exam_sessions.models import Summons
from acquis.kernel import outbox
from tests.factories import certification as make


def coming(**fields):
    """A session in two months, so that the clock of those who read it says so too."""
    start = timezone.now().replace(microsecond=0) + timedelta(days=60)
    return make.session(**{"starts_at": start, "candidates": 1, "jurors": 1, **fields})


def issued(session, person=None) -> Summons:
    return actions.issue_summons(
        recipient=person or session.candidates.get(), by=session.manager, at=timezone.now()
    )


def deliver(now: datetime | None = None) -> None:
    while outbox.deliver_slow(now=now or timezone.now() + timedelta(seconds=1)):
        pass


def state_of(summons: Summons) -> str:
    summons.refresh_from_db()
    return presentation.delivery_of(summons, timezone.now()).value


def event_in(message) -> Calendar:
    part = next(one for one in message.walk() if one.get_content_type() == "text/calendar")
    return Calendar.from_ical(part.get_payload(decode=True))


def parsed(envelope):
    return email.message_from_bytes(envelope.content, policy=email.policy.default)


REPORT = """From: MAILER-DAEMON@relais.example
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not arrive.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relais.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 Mailbox
 unknown

--b
Content-Type: {kind}

Message-ID: {identifier}
Subject: Convocation

--b--
"""


def report(summons: Summons, **changes) -> bytes:
    values = {
        "to": "examens@centre.example",
        "recipient": summons.email,
        "action": "failed",
        "status": "5.1.1",
        "kind": "text/rfc822-headers",
        "identifier": summons.message_id,
    } | changes
    return REPORT.format(**values).encode()


def page_of(summons: Summons, name: str = "page") -> str:
    return reverse(f"summons:{name}", args=[links.token_of(summons)])
