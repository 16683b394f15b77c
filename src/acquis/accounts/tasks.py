"""Letters that leave after commit."""

from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from acquis.accounts.models import User
from acquis.kernel import outbox
from acquis.kernel.mail_leaving import leave


def password_link(person: User) -> str:
    """The address where the person chooses a password; void once a password is chosen."""
    path = reverse(
        "accounts:choose_password",
        args=[
            urlsafe_base64_encode(force_bytes(person.pk)),
            default_token_generator.make_token(person),
        ],
    )
    return settings.PUBLIC_ADDRESS.rstrip("/") + path


@outbox.handler("accounts.password_link")
def send_password_link(payload: dict[str, Any]) -> None:
    """The link is made on the way out, so that no table keeps it."""
    person = User.objects.filter(pk=payload["user"], is_active=True).first()
    if person is None:
        return
    invited = bool(payload.get("invited"))
    with translation.override(person.language or settings.LANGUAGE_CODE):
        text = render_to_string(
            "accounts/password_letter.txt",
            {
                "person": person,
                "address": password_link(person),
                "invited": invited,
                "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
            },
        )
        subject, _blank, body = text.lstrip().partition("\n")
    leave(EmailMessage(subject.strip(), body.lstrip(), to=[person.email]))
