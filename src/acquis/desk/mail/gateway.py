"""The servers of mail: reading by IMAP, sending by SMTP. Errors are told in the words of people."""

import imaplib
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.utils.translation import gettext as _
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from acquis.desk.mail.errors import ConnectionRefused
from acquis.desk.mail.models import Mailbox
from acquis.kernel import crypto

SECONDS = 20  # that a server may take to answer
FAULTS = (OSError, imaplib.IMAP4.error, ImapToolsError, smtplib.SMTPException, EOFError)


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


def words_for(error: Exception, host: str, port: int) -> str:
    """What happened and what to check."""
    place = f"{host}:{port}"
    for kinds, sentence in _sentences():
        if isinstance(error, kinds):
            return sentence % {"host": host, "place": place}
    if _is_login(error):
        return _("%s refuse l’identifiant ou le mot de passe.") % place
    said = str(error).strip()[:160] or type(error).__name__
    return _("%(place)s a répondu : %(said)s") % {"place": place, "said": said}


def _sentences() -> tuple[tuple[type[Exception], str], ...]:
    """The first kind that fits says it."""
    return (
        (
            crypto.Unsealable,
            _("Le mot de passe gardé ne se lit plus : saisissez-le de nouveau."),
        ),
        (
            socket.gaierror,
            _("Le serveur « %(host)s » n’existe pas : vérifiez son nom."),
        ),
        (
            TimeoutError,
            _("Le serveur %(place)s ne répond pas : vérifiez son nom, le port et le pare-feu."),
        ),
        (
            ConnectionRefusedError,
            _("Rien n’écoute sur %(place)s : vérifiez le port."),
        ),
        (
            ssl.SSLCertVerificationError,
            _("Le certificat de %(place)s n’est pas valable : la connexion n’est pas sûre."),
        ),
        (
            ssl.SSLError,
            _("%(place)s ne parle pas TLS ainsi : essayez l’autre protection, ou l’autre port."),
        ),
        (
            smtplib.SMTPNotSupportedError,
            _("%(place)s n’offre pas la protection ou l’identification demandée."),
        ),
    )


def _is_login(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return True
    said = str(error).upper()
    return "AUTHENTICATIONFAILED" in said or "LOGIN FAILED" in said


@contextmanager
def reading(mailbox: Mailbox) -> Iterator[BaseMailBox]:
    """The folder of the mailbox, open. Raises ConnectionRefused."""
    host, port = mailbox.imap_host, mailbox.imap_port
    try:
        box = _open(mailbox)
    except (*FAULTS, crypto.Unsealable) as error:
        raise ConnectionRefused(reason=words_for(error, host, port)) from error
    try:
        yield box
    except FAULTS as error:
        raise ConnectionRefused(reason=words_for(error, host, port)) from error
    finally:
        with suppress(*FAULTS):
            box.logout()


def _open(mailbox: Mailbox) -> BaseMailBox:
    host, port = mailbox.imap_host, mailbox.imap_port
    login = Sealed(mailbox.imap_user, bytes(mailbox.imap_secret))
    password = login.password
    box: BaseMailBox
    if mailbox.imap_security == Mailbox.Security.TLS:
        box = MailBox(host, port, timeout=SECONDS)
    elif mailbox.imap_security == Mailbox.Security.STARTTLS:
        box = MailBoxStartTls(host, port, timeout=SECONDS, ssl_context=ssl.create_default_context())
    else:
        box = MailBoxUnencrypted(host, port, timeout=SECONDS)
    try:
        box.login(login.user, password, initial_folder=None)
        _refuse_unknown_folder(box, mailbox.folder)
        box.folder.set(mailbox.folder, readonly=True)
    except BaseException:
        with suppress(*FAULTS):
            box.client.shutdown()
        raise
    return box


def _refuse_unknown_folder(box: BaseMailBox, folder: str) -> None:
    if not box.folder.exists(folder):
        raise ConnectionRefused(
            reason=_("Le dossier « %s » n’existe pas dans cette boîte.") % folder
        )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message on the server, not yet fetched."""

    uid: int
    size: int


def validity(box: BaseMailBox, folder: str) -> int:
    return int(box.folder.status(folder, ["UIDVALIDITY"])["UIDVALIDITY"])


def waiting(box: BaseMailBox, *, after: int, since: str) -> list[Waiting]:
    """Messages whose UID follows `after`, or those since a day (« 20-Nov-2026 ») when it is 0."""
    criteria = f"UID {after + 1}:*" if after else f"SINCE {since}"
    uids = [int(uid) for uid in box.uids(criteria)]
    # « 8:* » names the last message even when its UID is below 8 (RFC 3501 §6.4.8).
    wanted = sorted(uid for uid in uids if uid > after)
    found: list[Waiting] = []
    for start in range(0, len(wanted), 200):
        chunk = ",".join(map(str, wanted[start : start + 200]))
        _status, lines = box.client.uid("FETCH", chunk, "(RFC822.SIZE)")
        for line in lines:
            words = line.decode("ascii", "replace").replace("(", " ").replace(")", " ").split()
            if "UID" in words and "RFC822.SIZE" in words:
                uid, size = words[words.index("UID") + 1], words[words.index("RFC822.SIZE") + 1]
                found.append(Waiting(int(uid), int(size)))
    return sorted(found, key=lambda one: one.uid)


def fetched(box: BaseMailBox, uid: int, *, head: bool = False) -> bytes:
    """The bytes of one message, left unread on the server; b"" if it went meanwhile."""
    what = "(BODY.PEEK[HEADER])" if head else "(BODY.PEEK[])"
    _status, lines = box.client.uid("FETCH", str(uid), what)
    return next((line[1] for line in lines if isinstance(line, tuple)), b"")


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
