"""The personal link of a summons and its return address."""

from django.conf import settings
from django.urls import reverse

from acquis.certification.exam_sessions.models import Summons
from acquis.kernel.mail_links import MailLinks

_LETTERS = MailLinks(name="convocation", salt="acquis.summons")


def token_of(summons: Summons) -> str:
    return _LETTERS.token_of(summons.pk)


def key_of(token: str) -> int | None:
    """The summons that a link names; None for what we did not sign."""
    return _LETTERS.key_of(token)


def address_of(summons: Summons) -> str:
    path = reverse("summons:page", args=[token_of(summons)])
    return settings.PUBLIC_ADDRESS.rstrip("/") + path


def return_address(summons: Summons) -> str:
    """Where servers send what they could not deliver."""
    return _LETTERS.return_address(summons.pk)


def returned(address: str) -> int | None:
    """The summons that a return address names; None for any other address."""
    return _LETTERS.returned(address)


def message_id(summons: Summons) -> str:
    return _LETTERS.message_id(summons.pk)
