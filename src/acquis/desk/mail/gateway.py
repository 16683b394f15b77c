"""The servers of mail: reading by IMAP, sending by SMTP. Errors are told in the words of people."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.utils.translation import gettext as _
from imap_tools import BaseMailBox

from acquis.desk.mail.errors import ConnectionRefused
from acquis.desk.mail.models import Mailbox
from acquis.kernel import crypto
from acquis.kernel.mail_servers import (
    FAULTS,
    SECONDS,
    Account,
    FolderMissing,
    Waiting,
    fetched,
    opened,
    validity,
    waiting,
    words_for,
)

__all__ = [
    "RefusedForGood",
    "Waiting",
    "fetched",
    "hand_over",
    "reading",
    "try_reading",
    "try_sending",
    "validity",
    "waiting",
]


class RefusedForGood(Exception):  # noqa: N818  what the server did
    """The server will never take this message."""

    def __init__(self, reason: str, recipients: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.recipients = recipients or {}


@dataclass(frozen=True, slots=True)
class Sealed:
    """A login; its password is opened only here."""

    user: str
    secret: bytes

    @property
    def password(self) -> str:
        return crypto.unseal(self.secret).decode() if self.secret else ""


@contextmanager
def reading(mailbox: Mailbox) -> Iterator[BaseMailBox]:
    """The folder of the mailbox, open. Raises ConnectionRefused."""
    host, port = mailbox.imap_host, mailbox.imap_port
    try:
        login = Sealed(mailbox.imap_user, bytes(mailbox.imap_secret))
        account = Account(
            host=host,
            port=port,
            security=mailbox.imap_security,
            user=login.user,
            password=login.password,
            folder=mailbox.folder,
        )
        with opened(account) as box:
            yield box
    except FolderMissing as error:
        raise ConnectionRefused(reason=error.words) from error
    except (*FAULTS, crypto.Unsealable) as error:
        raise ConnectionRefused(reason=words_for(error, host, port)) from error


@contextmanager
def _sending(mailbox: Mailbox) -> Iterator[smtplib.SMTP]:
    host, port = mailbox.smtp_host, mailbox.smtp_port
    login = Sealed(mailbox.smtp_user, bytes(mailbox.smtp_secret))
    password = login.password
    server: smtplib.SMTP
    if mailbox.smtp_security == Mailbox.Security.TLS:
        server = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS)
    try:
        if mailbox.smtp_security == Mailbox.Security.STARTTLS:
            server.starttls(context=ssl.create_default_context())
        if login.user:
            server.login(login.user, password)
        yield server
    finally:
        with suppress(*FAULTS):
            server.quit()


def hand_over(mailbox: Mailbox, raw: bytes, recipients: list[str]) -> dict[str, str]:
    """Give a message to the SMTP server; the addresses that it refused, with why.

    Raises RefusedForGood when it will never take it, ConnectionRefused when it may later.
    """
    host, port = mailbox.smtp_host, mailbox.smtp_port
    try:
        with _sending(mailbox) as server:
            refused = server.sendmail(mailbox.address, recipients, raw)
    except smtplib.SMTPRecipientsRefused as error:
        if all(code >= 500 for code, _said in error.recipients.values()):
            raise RefusedForGood(
                _("Le serveur refuse tous les destinataires."), _reasons(error.recipients)
            ) from error
        raise ConnectionRefused(reason=words_for(error, host, port)) from error
    except smtplib.SMTPResponseException as error:
        # A refused login may be mended by the supervisor: the mail waits.
        if error.smtp_code >= 500 and not isinstance(error, smtplib.SMTPAuthenticationError):
            raise RefusedForGood(words_for(error, host, port)) from error
        raise ConnectionRefused(reason=words_for(error, host, port)) from error
    except (*FAULTS, crypto.Unsealable) as error:
        raise ConnectionRefused(reason=words_for(error, host, port)) from error
    return _reasons(refused)


def _reasons(refused: dict[str, tuple[int, bytes]]) -> dict[str, str]:
    return {
        address: f"{code} {said.decode('utf-8', 'replace')}"[:300]
        for address, (code, said) in refused.items()
    }


def try_reading(mailbox: Mailbox) -> int:
    """How many messages the folder holds. Raises ConnectionRefused."""
    with reading(mailbox) as box:
        return int(box.folder.status(mailbox.folder, ["MESSAGES"])["MESSAGES"])


def try_sending(mailbox: Mailbox) -> None:
    """Sign in and leave, sending nothing. Raises ConnectionRefused."""
    try:
        with _sending(mailbox) as server:
            server.noop()
    except (*FAULTS, crypto.Unsealable) as error:
        raise ConnectionRefused(
            reason=words_for(error, mailbox.smtp_host, mailbox.smtp_port)
        ) from error
