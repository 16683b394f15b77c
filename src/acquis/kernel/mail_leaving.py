"""How a mail leaves by the server of the installation."""

from django.core.mail import EmailMessage


def leave(message: EmailMessage) -> None:
    """Send; raises what the server or the network says.

    The connection is closed whatever happens: Django leaves it open when the login is refused.
    """
    try:
        message.send()
    finally:
        if message.connection is not None:
            message.connection.close()
