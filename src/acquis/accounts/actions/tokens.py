"""Keys of the HTTP API: shown once, kept as a digest."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from acquis.accounts.access import verbs_of
from acquis.accounts.errors import ScopeNotHeld, TokenExpiryPast
from acquis.accounts.models import ApiToken, Organisation, User
from acquis.accounts.verbs import Verb
from acquis.kernel import trace

MARK = "acq"  # so that a leaked key is recognised for what it is
PREFIX_BYTES = 4
SECRET_BYTES = 32


@dataclass(frozen=True)
class NewToken:
    token: ApiToken
    secret: str  # the whole key, as the Authorization header wants it; kept nowhere


def digest_of(key: str) -> str:
    """SHA-256 in hex: the key holds 256 bits of chance, so nothing slower is needed."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def create_token(
    *,
    organisation: Organisation,
    name: str,
    scopes: Iterable[Verb],
    expires_at: datetime | None,
    by: User,
    at: datetime,
) -> NewToken:
    """Raises ScopeNotHeld for a verb that the person does not hold there, TokenExpiryPast."""
    asked = sorted(set(scopes))
    lacking = [verb for verb in asked if verb not in verbs_of(by, organisation)]
    if lacking:
        raise ScopeNotHeld(scopes=", ".join(lacking))
    if expires_at is not None and expires_at <= at:
        raise TokenExpiryPast
    prefix = secrets.token_hex(PREFIX_BYTES)
    key = f"{MARK}_{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
    token = ApiToken.objects.create(
        user=by,
        organisation=organisation,
        name=name,
        prefix=prefix,
        digest=digest_of(key),
        scopes=[str(verb) for verb in asked],
        created_at=at,
        expires_at=expires_at,
    )
    trace.record("token.created", by, by=by, at=at, name=name, prefix=prefix, scopes=token.scopes)
    return NewToken(token, key)


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User, at: datetime) -> None:
    """Stop a key at once; revoking it again changes nothing."""
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is not None:
        return
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    trace.record("token.revoked", token.user, by=by, at=at, name=token.name, prefix=token.prefix)
