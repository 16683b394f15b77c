"""What leaves after commit, and the mailboxes read again and again."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from acquis.accounts.enums import WorkspaceKind
from acquis.desk.mail import composing, fetching, gateway, policy
from acquis.desk.mail.actions.release_mail import SEND, release_mail
from acquis.desk.mail.actions.schedule_mail import LEAVE
from acquis.desk.mail.actions.settle_sending import settle_attempt, settle_failed, settle_sent
from acquis.desk.mail.errors import ConnectionRefused
from acquis.desk.mail.models import Mail
from acquis.kernel import files, outbox, rounds

LOOK_EVERY = 5.0  # seconds between two looks at which mailbox is due


@outbox.handler(LEAVE)
def leave(payload: dict[str, Any]) -> None:
    """The time to call a mail back is over."""
    mail = Mail.objects.filter(pk=payload["mail"]).first()
    if mail is not None:
        release_mail(mail=mail, at=timezone.now())


@outbox.handler(SEND, slow=True)
def send(payload: dict[str, Any]) -> None:
    """Hand a mail to its server; what may pass later is tried again by the outbox."""
    mail = (
        Mail.objects.filter(pk=payload["mail"], state=Mail.State.SENDING)
        .select_related("mailbox", "workspace")
        .first()
    )
    if mail is None:
        return
    raw = composed(mail)
    try:
        refused = _handed_over(mail, raw)
    except gateway.RefusedForGood as refusal:
        settle_failed(
            mail=mail, reason=refusal.reason, refused=refusal.recipients, at=timezone.now()
        )
        return
    except ConnectionRefused as refusal:
        if settle_attempt(mail=mail, reason=str(refusal), at=timezone.now()):
            raise
        return
    settle_sent(mail=mail, raw=raw, refused=refused, at=timezone.now())


def _handed_over(mail: Mail, raw: bytes) -> dict[str, str]:
    box = mail.mailbox
    if box is None or not box.smtp_host or mail.workspace.kind != WorkspaceKind.LIVE:
        write_to_folder(mail, raw)
        return {}
    lines = (mail.to, mail.cc, mail.bcc)
    recipients = [address for line in lines for _name, address in policy.addresses(line)]
    return gateway.hand_over(box, raw, list(dict.fromkeys(recipients)))


def write_to_folder(mail: Mail, raw: bytes) -> Path:
    """Where mail goes that no server carries; the same mail is the same file."""
    folder = Path(settings.EMAIL_FILE_PATH)
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(mail.identifier.encode()).hexdigest()[:12]
    path = folder / f"courriel-{mail.pk}-{digest}.eml"
    path.write_bytes(raw)
    return path


def composed(mail: Mail) -> bytes:
    """The bytes that leave: the same at every attempt, but for the marks between parts."""
    parts = [mail.body.strip(), mail.quoted.strip()]
    return composing.compose(
        composing.Outgoing(
            message_id=mail.identifier,
            sender=(mail.from_name, mail.from_address),
            to=mail.to,
            cc=mail.cc,
            subject=mail.subject,
            body="\n\n".join(part for part in parts if part),
            at=mail.at,
            references=mail.references,
            automatic=mail.kind == Mail.Kind.AUTOMATIC,
            files=[
                (one.name, one.file.media_type, files.read(one.file))
                for one in mail.files.select_related("file")
            ],
        )
    )


@rounds.every(LOOK_EVERY, "mail.fetch")
def fetch(now: datetime) -> None:
    fetching.fetch_due(now)
