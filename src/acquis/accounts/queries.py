import hashlib
import hmac
from datetime import datetime

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Prefetch, Q, QuerySet
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from acquis.accounts import policy
from acquis.accounts.access import members_of
from acquis.accounts.enums import Role
from acquis.accounts.models import LoginFailure, Membership, Organisation, SignIn, User


def email_digest(email: str) -> str:
    """Keyed, so that the table tells nobody who tried to sign in."""
    text = email.strip().lower().encode()
    return hmac.new(settings.SECRET_KEY.encode(), text, hashlib.sha256).hexdigest()


def second_factor(person: User) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=person, confirmed=True).first()


def enrolment_under_way(person: User) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=person, confirmed=False).first()


def recovery_codes_left(person: User) -> int:
    return int(StaticToken.objects.filter(device__user=person).count())


def open_sign_ins(person: User, now: datetime) -> QuerySet[SignIn]:
    """The devices on which the person is signed in, sessions that ran out left aside."""
    alive = Session.objects.filter(expire_date__gt=now).values("session_key")
    return person.sign_ins.filter(ended_at__isnull=True, session_key__in=alive)


def people(
    organisation: Organisation, *, words: str = "", role: str = "", state: str = ""
) -> QuerySet[User]:
    """The organisation's people with their roles there, in `local_roles`."""
    rows = members_of(organisation, [Role(role)] if role in Role.values else None)
    for word in words.split():
        rows = rows.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word)
        )
    if state in {"active", "inactive"}:
        rows = rows.filter(is_active=state == "active")
    if state == "blocked":
        rows = rows.filter(pk__in=blocked_people(organisation))
    local = Membership.objects.filter(organisation=organisation).order_by("role")
    return rows.prefetch_related(Prefetch("memberships", queryset=local, to_attr="local_roles"))


def failures(person: User) -> LoginFailure | None:
    """Failed sign-ins of late, when there are any."""
    return LoginFailure.objects.filter(email_digest=email_digest(person.email)).first()


def blocked_people(organisation: Organisation) -> list[int]:
    """Keys of the people whose address is blocked until somebody lifts it."""
    blocked = LoginFailure.objects.filter(count__gte=policy.BLOCKING_COUNT)
    digests = set(blocked.values_list("email_digest", flat=True))
    if not digests:
        return []
    addresses = members_of(organisation).values_list("pk", "email")
    return [key for key, email in addresses if email_digest(email) in digests]
