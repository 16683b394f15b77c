"""A mail that leaves, or does not, holds no connection afterwards."""

import smtplib

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from acquis.kernel.mail_leaving import leave


class Server(BaseEmailBackend):
    """A backend that counts, and refuses the login when asked to."""

    def __init__(self, *, refuses: bool) -> None:
        super().__init__()
        self.refuses, self.sent, self.closed = refuses, 0, 0

    def send_messages(self, email_messages) -> int:
        if self.refuses:
            raise smtplib.SMTPAuthenticationError(535, b"no")
        self.sent += len(email_messages)
        return self.sent

    def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize("refuses", [False, True])
def test_its_connection_is_closed_whatever_happens(refuses: bool) -> None:
    server = Server(refuses=refuses)
    message = EmailMessage("Objet", "Texte", to=["a@courrier.example"], connection=server)
    if refuses:
        with pytest.raises(smtplib.SMTPAuthenticationError):
            leave(message)
    else:
        leave(message)
    assert (server.sent, server.closed) == (int(not refuses), 1)
