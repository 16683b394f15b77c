"""Opening and closing sessions; each open one is listed and can be revoked."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib import auth
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.models import Device

from acquis.accounts import policy
from acquis.accounts.actions.throttle import begin_attempt, forget_failures
from acquis.accounts.models import SignIn, User
from acquis.kernel import trace

BACKEND = "django.contrib.auth.backends.ModelBackend"


def check_password(*, request: HttpRequest, email: str, password: str, at: datetime) -> User | None:
    """The person, when address and password are right.

    The attempt counts as failed until a session opens. Raises SignInLocked or SignInBlocked. An
    unknown address takes as long as a known one.
    """
    begin_attempt(email=email, at=at)
    found = auth.authenticate(request, username=email, password=password)
    return found if isinstance(found, User) else None


@transaction.atomic
def open_session(
    *, request: HttpRequest, person: User, at: datetime, device: Device | None = None
) -> SignIn:
    """Sign the person in under a new session key; `device` is the second factor that spoke."""
    forget_failures(email=person.email)
    auth.login(request, person, backend=BACKEND)
    if device is not None:
        request.session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    label = policy.device_label(request.headers.get("User-Agent", ""))
    address = policy.address_or_none(request.META.get("REMOTE_ADDR"))
    sign_in = SignIn.objects.create(
        user=person,
        session_key=request.session.session_key or "",
        device=label,
        address=address,
        started_at=at,
    )
    trace.record(
        "person.signed_in",
        person,
        by=person,
        at=at,
        personal={"address": address, "device": label},
        second_factor=device is not None,
    )
    return sign_in


@transaction.atomic
def close_session(*, request: HttpRequest, person: User, at: datetime) -> None:
    """Sign out of this device: what it keeps under this sign-in is readable no longer (ADR 0029)."""
    SignIn.objects.filter(session_key=request.session.session_key).update(ended_at=at)
    trace.record("person.signed_out", person, by=person, at=at)
    auth.logout(request)
    rotate_token(request)


@transaction.atomic
def revoke_sign_ins(
    *, person: User, sign_ins: Iterable[SignIn], by: User | None, at: datetime
) -> int:
    """Sign these devices out: their next request finds no session. Returns how many."""
    ended = [one for one in sign_ins if one.user_id == person.pk and one.ended_at is None]
    for one in ended:
        SessionStore(one.session_key).delete()
        one.ended_at = at
        one.save(update_fields=["ended_at"])
    if ended:
        trace.record("person.devices_revoked", person, by=by, at=at, count=len(ended))
    return len(ended)
