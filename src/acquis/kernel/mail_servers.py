"""The servers of mail: a folder read by IMAP, and faults told in the words of people."""

import imaplib
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from acquis.kernel import crypto

SECONDS = 20  # that a server may take to answer
FAULTS = (OSError, imaplib.IMAP4.error, ImapToolsError, smtplib.SMTPException, EOFError)


@dataclass(frozen=True, slots=True)
class Account:
    """A folder on a server; `security` is `tls`, `starttls` or anything else for none."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"


class FolderMissing(Exception):  # noqa: N818  what the server said
    """The mailbox has no such folder."""

    @property
    def words(self) -> str:
        return _("Le dossier « %s » n’existe pas dans cette boîte.") % str(self.args[0])


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
def opened(account: Account) -> Iterator[BaseMailBox]:
    """The folder, open for reading only. Raises FolderMissing or one of FAULTS."""
    box = _open(account)
    try:
        yield box
    finally:
        with suppress(*FAULTS):
            box.logout()


def _open(account: Account) -> BaseMailBox:
    box: BaseMailBox
    if account.security == "tls":
        box = MailBox(account.host, account.port, timeout=SECONDS)
    elif account.security == "starttls":
        secure = ssl.create_default_context()
        box = MailBoxStartTls(account.host, account.port, timeout=SECONDS, ssl_context=secure)
    else:
        box = MailBoxUnencrypted(account.host, account.port, timeout=SECONDS)
    try:
        box.login(account.user, account.password, initial_folder=None)
        _refuse_unknown(box, account.folder)
        box.folder.set(account.folder, readonly=True)
    except BaseException:
        with suppress(*FAULTS):
            box.client.shutdown()
        raise
    return box


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message on the server, not yet fetched."""

    uid: int
    size: int


def _refuse_unknown(box: BaseMailBox, folder: str) -> None:
    if not box.folder.exists(folder):
        raise FolderMissing(folder)


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
