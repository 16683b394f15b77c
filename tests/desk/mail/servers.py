"""Real servers of mail on this machine: Dovecot for IMAP, aiosmtpd for SMTP."""

import getpass
import grp
import imaplib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

DOVECOT = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
INSTALL = "sudo apt-get install --no-install-recommends dovecot-imapd"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Imap:
    port: int
    user: str
    password: str

    def open(self) -> imaplib.IMAP4:
        box = imaplib.IMAP4("127.0.0.1", self.port)
        try:
            box.login(self.user, self.password)
        except imaplib.IMAP4.error:
            box.shutdown()
            raise
        return box

    def append(self, *messages: bytes, folder: str = "INBOX") -> None:
        box = self.open()
        for message in messages:
            status, said = box.append(folder, None, None, message)
            assert status == "OK", said
        box.logout()

    def empty(self) -> None:
        box = self.open()
        box.select("INBOX")
        box.uid("STORE", "1:*", "+FLAGS", "(\\Deleted)")
        box.expunge()
        box.logout()

    def seen_flags(self) -> list[bytes]:
        box = self.open()
        box.select("INBOX", readonly=True)
        _status, lines = box.uid("FETCH", "1:*", "(FLAGS)")
        box.logout()
        return [line for line in lines if isinstance(line, bytes)]

    def renumber(self) -> None:
        """Make the folder anew: other numbers for what it holds, as after a restored backup."""
        box = self.open()
        box.create("Autre")
        box.select("INBOX")
        box.uid("MOVE", "1:*", "Autre")
        box.logout()


@contextmanager
def dovecot() -> Iterator[Imap]:
    """A Dovecot of one's own, without privileges, on 127.0.0.1."""
    if DOVECOT is None:
        if os.environ.get("CI"):
            pytest.fail(f"Dovecot is absent: {INSTALL}")
        pytest.skip(f"Dovecot is absent: {INSTALL}")
    # Not in pytest's folders: they are closed to others, and too long for a Unix socket.
    run = Path(tempfile.mkdtemp(prefix="acquis-imap-", dir="/tmp"))
    port, user = free_port(), getpass.getuser()
    group = grp.getgrgid(os.getgid()).gr_name
    login = "dovenull" if user == "root" else user
    internal = "dovecot" if user == "root" else user
    # Dovecot keeps no mail as root.
    owner = (65534, 65534) if user == "root" else (os.getuid(), os.getgid())
    folder = run / "home"
    folder.mkdir()
    os.chown(folder, *owner)
    run.chmod(0o755)
    (run / "dovecot.conf").write_text(f"""
protocols = imap
listen = 127.0.0.1
base_dir = {run}/run
state_dir = {run}/state
log_path = {run}/log
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {group if user != "root" else "dovecot"}
default_login_user = {login}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{folder}/mail
passdb {{
  driver = static
  args = user=contact password=secret
}}
userdb {{
  driver = static
  args = uid={owner[0]} gid={owner[1]} home={folder}
}}
auth_failure_delay = 0
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
  # Nobody is made to wait after a wrong password.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
""")
    process = subprocess.Popen(
        [DOVECOT, "-F", "-c", str(run / "dovecot.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        server = Imap(port, "contact", "secret")
        end = time.monotonic() + 20
        while True:
            try:
                server.open().logout()
                break
            except (OSError, imaplib.IMAP4.error):
                log = (run / "log").read_text() if (run / "log").exists() else "no log"
                assert process.poll() is None, log
                assert time.monotonic() < end, log
                time.sleep(0.05)
        yield server
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(run, ignore_errors=True)


@dataclass
class Smtp:
    """What the server took, and how it answers."""

    port: int = 0
    taken: list[Envelope] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)  # address → answer
    answer: str = ""  # to the content; "" takes it

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.answer:
            return self.answer
        self.taken.append(envelope)
        return "250 OK"


def _check(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
) -> AuthResult:
    known = data.login == b"contact" and data.password == b"secret"
    # Not handled: aiosmtpd answers 535 itself, where the client would else wait until it gives up.
    return AuthResult(success=known, handled=False)


@contextmanager
def smtp_server() -> Iterator[Smtp]:
    kept = Smtp()
    controller = Controller(
        kept,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=_check,
        auth_require_tls=False,
    )
    controller.start()
    kept.port = int(controller.port)
    try:
        yield kept
    finally:
        controller.stop()


Servers = Callable[[], Any]
