"""Sealing of what must stay secret at rest, and codes that cannot be guessed."""

import base64
import secrets
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# No vowels, so that no word appears, and nothing that is read two ways aloud or on paper.
LETTERS = "BCDFGHJKMPQRTVWXY"
DIGITS = "2346789"


class Unsealable(ValueError):  # noqa: N818  names the content, as the act names it
    """The content was changed, or sealed with another key."""


@cache
def _cipher(secret: str) -> Fernet:
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"acquis sealing").derive(
        secret.encode()
    )
    return Fernet(base64.urlsafe_b64encode(key))


def seal(content: bytes) -> bytes:
    """Encrypt and authenticate with the sealing key of the settings."""
    return _cipher(settings.SEALING_KEY).encrypt(content)


def unseal(sealed: bytes) -> bytes:
    """Raise Unsealable when the content was changed or the key is another."""
    try:
        return _cipher(settings.SEALING_KEY).decrypt(bytes(sealed))
    except InvalidToken as error:
        raise Unsealable from error


def access_code() -> str:
    """Four letters and two digits, from the operating system's generator (22 bits)."""
    return draw(LETTERS, 4) + draw(DIGITS, 2)


def verification_code() -> str:
    """Twelve letters and digits in groups of four (55 bits), for what the public may look up."""
    text = draw(LETTERS + DIGITS, 12)
    return "-".join((text[:4], text[4:8], text[8:]))


def draw(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))
