from collections.abc import Iterator
from pathlib import Path

import pytest

from acquis.accounts.models import Workspace
from acquis.desk.mail.models import Mailbox
from acquis.kernel import crypto
from tests.desk.mail.servers import Imap, Smtp, dovecot, smtp_server
from tests.factories import mail as make_mail


@pytest.fixture(scope="session")
def imap_server() -> Iterator[Imap]:
    with dovecot() as server:
        yield server


@pytest.fixture
def imap(imap_server: Imap) -> Imap:
    """The server with an empty folder."""
    imap_server.empty()
    return imap_server


@pytest.fixture
def smtp() -> Iterator[Smtp]:
    with smtp_server() as server:
        yield server


@pytest.fixture
def served(workspace: Workspace, imap: Imap, smtp: Smtp) -> Mailbox:
    """A mailbox of a real desk, with both servers."""
    sealed = crypto.seal(b"secret")
    return make_mail.mailbox(
        workspace,
        address="contact@valbrenne.example",
        imap_host="127.0.0.1",
        imap_port=imap.port,
        imap_security=Mailbox.Security.NONE,
        imap_user="contact",
        imap_secret=sealed,
        smtp_host="127.0.0.1",
        smtp_port=smtp.port,
        smtp_security=Mailbox.Security.NONE,
        smtp_user="contact",
        smtp_secret=sealed,
    )


@pytest.fixture(autouse=True)
def _outbox_folder(settings, tmp_path: Path) -> None:
    settings.EMAIL_FILE_PATH = str(tmp_path / "outbox")
