"""Keys under which a repeated request gives back its first answer and changes nothing."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal
from acquis.kernel.models import IdempotencyRecord
from acquis.kernel.trace import canonical, plain


class KeyReused(DomainRefusal):
    code = "idempotency.key_reused"
    message = _("Cette clé a déjà servi pour une autre demande.")


class StillRunning(DomainRefusal):
    code = "idempotency.still_running"
    message = _("La même demande est en cours de traitement : réessayez dans un instant.")
    status = 409


def fingerprint(value: Any) -> str:
    return hashlib.sha256(canonical(plain(value)).encode()).hexdigest()


def once(
    scope: str,
    key: str,
    *,
    request: Any,
    at: datetime,
    perform: Callable[[], tuple[int, Any]],
) -> tuple[int, Any]:
    """Perform once for `(scope, key)` and keep the answer; a repetition gets the kept one.

    Both stand in one transaction: a failure leaves the key free. Raises KeyReused when the request
    differs from the first, StillRunning when the first has not ended.
    """
    digest = fingerprint(request)
    known = IdempotencyRecord.objects.filter(scope=scope, key=key).first()
    if known is not None:
        return _answer(known, digest)
    try:
        with transaction.atomic():
            record = IdempotencyRecord.objects.create(
                scope=scope, key=key, fingerprint=digest, created_at=at
            )
            status, body = perform()
            record.status, record.body = status, body
            record.save(update_fields=["status", "body"])
            return status, body
    except IntegrityError:
        known = IdempotencyRecord.objects.filter(scope=scope, key=key).first()
        if known is None:
            raise
        return _answer(known, digest)


def _answer(record: IdempotencyRecord, digest: str) -> tuple[int, Any]:
    if record.fingerprint != digest:
        raise KeyReused
    if record.status is None:
        raise StillRunning
    return record.status, record.body
