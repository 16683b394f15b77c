from collections.abc import Iterator

import pytest

from tests.desk.mail.servers import Imap, Smtp, dovecot, smtp_server


@pytest.fixture
def smtp(settings) -> Iterator[Smtp]:
    with smtp_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_RETURN_ADDRESS = "retours@centre.example"
        settings.DEFAULT_FROM_EMAIL = "examens@centre.example"
        yield server


@pytest.fixture(scope="session")
def imap_server() -> Iterator[Imap]:
    with dovecot() as server:
        yield server


@pytest.fixture
def returns(imap_server: Imap, settings) -> Imap:
    """The mailbox of returns on a real server, empty."""
    imap_server.empty()
    settings.EMAIL_RETURN_IMAP = {
        "host": "127.0.0.1",
        "port": imap_server.port,
        "security": "none",
        "user": imap_server.user,
        "password": imap_server.password,
        "folder": "INBOX",
    }
    return imap_server
