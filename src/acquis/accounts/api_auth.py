"""From an Authorization header to a person, their organisation and what the key allows."""

import hmac
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from acquis.accounts.access import verbs_of
from acquis.accounts.actions.tokens import MARK, digest_of
from acquis.accounts.models import ApiToken, Organisation, User
from acquis.accounts.verbs import Verb

LONGEST_KEY = 200
NOTED_EVERY = timedelta(minutes=1)  # the last use is known to the minute, not at each request


class Caller(NamedTuple):
    user: User
    organisation: Organisation
    scopes: frozenset[Verb]


def authenticate_token(header: str, *, at: datetime) -> Caller | None:
    """The caller of « Bearer acq_… », or None when the key is unknown, revoked or out of date.

    A key allows at most what its person still may do, and nothing without `api.use`.
    """
    scheme, _blank, key = header.partition(" ")
    parts = key.strip().split("_", 2)
    if scheme.lower() != "bearer" or len(header) > LONGEST_KEY or parts[0] != MARK:
        return None
    token = (
        ApiToken.objects.select_related("user", "organisation")
        .filter(prefix=parts[1] if len(parts) == 3 else "")
        .first()
    )
    kept = token.digest if token is not None else "0" * 64
    same = hmac.compare_digest(kept, digest_of(key.strip()))
    if token is None or not same or not _is_valid(token, at):
        return None
    held = verbs_of(token.user, token.organisation)
    if Verb.API_USE not in held:
        return None
    _note_use(token, at)
    scopes = frozenset(verb for verb in held if verb in token.scopes)
    return Caller(token.user, token.organisation, scopes)


def _is_valid(token: ApiToken, at: datetime) -> bool:
    running = token.expires_at is None or at < token.expires_at
    return token.user.is_active and token.revoked_at is None and running


def _note_use(token: ApiToken, at: datetime) -> None:
    ApiToken.objects.filter(
        Q(last_used_at__isnull=True) | Q(last_used_at__lt=at - NOTED_EVERY), pk=token.pk
    ).update(last_used_at=at)
