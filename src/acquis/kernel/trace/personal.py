"""The personal particulars of a line, which lie apart and may be erased."""

import hashlib
import hmac
import secrets
from typing import Any

from django.conf import settings

from acquis.kernel import crypto
from acquis.kernel.models import TracePersonalPart
from acquis.kernel.trace.chain import canonical, plain

SALT_BYTES = 16


def sealed(personal: dict[str, Any] | None) -> tuple[str, bytes]:
    """The digest that the line keeps and the sealed part beside it.

    The salt is sealed with the particulars and goes with them: once they are erased, not even the
    holder of the key can guess them from the digest.
    """
    if not personal:
        return "", b""
    salt = secrets.token_bytes(SALT_BYTES)
    text = canonical(plain(personal)).encode()
    return _digest(salt, text), crypto.seal(salt + text)


def opened(part: TracePersonalPart) -> tuple[bytes, bytes]:
    content = crypto.unseal(bytes(part.sealed))
    return content[:SALT_BYTES], content[SALT_BYTES:]


def matches(part: TracePersonalPart, digest: str) -> bool:
    try:
        return hmac.compare_digest(_digest(*opened(part)), digest)
    except crypto.Unsealable:
        return False


def _digest(salt: bytes, text: bytes) -> str:
    return hmac.new(settings.SEALING_KEY.encode(), salt + text, hashlib.sha256).hexdigest()
