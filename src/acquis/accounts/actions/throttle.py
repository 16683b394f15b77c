"""Counts failed sign-ins by address, whether or not anybody has that address."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from acquis.accounts import policy
from acquis.accounts.errors import SignInBlocked, SignInLocked
from acquis.accounts.models import LoginFailure, User
from acquis.accounts.queries import email_digest
from acquis.kernel import trace


@transaction.atomic
def begin_attempt(*, email: str, at: datetime) -> None:
    """Count an attempt before its password is even looked at; `forget_failures` takes it back.

    Counting first leaves parallel guesses no room. Raises SignInLocked or SignInBlocked, and then
    counts nothing.
    """
    digest = email_digest(email)
    failure = None
    while failure is None:  # a success elsewhere may forget the row between the two
        # Not get_or_create: it fails when the row it collided with is forgotten before it reads it.
        LoginFailure.objects.bulk_create(
            [LoginFailure(email_digest=digest, updated_at=at)], ignore_conflicts=True
        )
        failure = LoginFailure.objects.select_for_update().filter(email_digest=digest).first()
    if policy.is_blocked(failure.count):
        raise SignInBlocked
    if failure.locked_until is not None and at < failure.locked_until:
        raise SignInLocked(time=timezone.localtime(failure.locked_until).strftime("%H:%M"))
    failure.count = policy.count_after(failure.count, failure.updated_at, at)
    lock = policy.lock_after(failure.count)
    failure.locked_until = at + lock if lock else None
    failure.updated_at = at
    failure.save()


def forget_failures(*, email: str) -> None:
    LoginFailure.objects.filter(email_digest=email_digest(email)).delete()


@transaction.atomic
def reset_lock(*, person: User, by: User, at: datetime) -> None:
    """Let a person try again at once."""
    forget_failures(email=person.email)
    trace.record("person.lock_reset", person, by=by, at=at)
