"""The personal link of a summons and its return address: signed, so that none can be guessed."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from acquis.certification.exam_sessions.models import Summons

_LINK = signing.Signer(salt="acquis.summons.link")
_RETURN = signing.Signer(salt="acquis.summons.return")
_SEAL = 16  # signs of the signature in a return address: 96 bits


def token_of(summons: Summons) -> str:
    return _LINK.sign(str(summons.pk))


def key_of(token: str) -> int | None:
    """The summons that a link names; None for what we did not sign."""
    try:
        return int(_LINK.unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def address_of(summons: Summons) -> str:
    path = reverse("summons:page", args=[token_of(summons)])
    return settings.PUBLIC_ADDRESS.rstrip("/") + path


def return_address(summons: Summons) -> str:
    """Where servers send what they could not deliver: it names the letter (VERP).

    The sender's own address when the installation has no mailbox for returns.
    """
    local, _at, domain = settings.EMAIL_RETURN_ADDRESS.partition("@")
    if not domain:
        return settings.DEFAULT_FROM_EMAIL
    return f"{local}+{summons.pk}-{_seal(summons.pk)}@{domain}"


def returned(address: str) -> int | None:
    """The summons that a return address names; None for any other address."""
    _local, plus, tag = address.partition("@")[0].partition("+")
    number, _dash, seal = tag.partition("-")
    if not plus or not number.isdecimal() or len(number) > 18:
        return None
    # Servers may change the case of an address.
    return int(number) if seal.lower() == _seal(int(number)) else None


def _seal(number: int) -> str:
    letters = (sign for sign in _RETURN.signature(str(number)).lower() if sign.isalnum())
    return "".join(letters)[:_SEAL]


def message_id(summons: Summons) -> str:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">") or "acquis.invalid"
    return f"<convocation-{summons.pk}-{_seal(summons.pk)}@{domain}>"
