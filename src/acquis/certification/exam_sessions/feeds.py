"""The board of deadlines as a calendar to subscribe to, behind a secret address that can be revoked."""

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from acquis.accounts.access import may
from acquis.accounts.models import Organisation, User
from acquis.certification.exam_sessions import presentation
from acquis.certification.exam_sessions.models import BoardFeed
from acquis.kernel import calendars, trace
from acquis.kernel import deadlines as board
from acquis.kernel.calendars import DayEntry


@transaction.atomic
def open_feed(*, user: User, organisation: Organisation, at: datetime) -> str:
    """A new secret, told once: only its fingerprint is kept. The former address opens nothing more."""
    revoke_feed(user=user, organisation=organisation, at=at)
    token = secrets.token_urlsafe(32)
    BoardFeed.objects.create(
        user=user, organisation=organisation, token_sha256=_print(token), opened_at=at
    )
    trace.record("deadlines.feed_opened", user, by=user, at=at, organisation=organisation.pk)
    return token


@transaction.atomic
def revoke_feed(*, user: User, organisation: Organisation, at: datetime) -> bool:
    """The address opens nothing any more; False when there was none."""
    gone, _rows = BoardFeed.objects.filter(user=user, organisation=organisation).delete()
    if gone:
        trace.record("deadlines.feed_revoked", user, by=user, at=at, organisation=organisation.pk)
    return bool(gone)


def feed_of(user: User, organisation: Organisation) -> BoardFeed | None:
    return BoardFeed.objects.filter(user=user, organisation=organisation).first()


def feed_of_token(token: str) -> BoardFeed | None:
    """The feed that a secret opens, while its person may sign in."""
    return (
        BoardFeed.objects.filter(token_sha256=_print(token), user__is_active=True)
        .select_related("user", "organisation")
        .first()
    )


def calendar_of(feed: BoardFeed, now: datetime) -> bytes:
    """What is due, as the person may see it today: rights are looked at on each reading."""
    user, organisation = feed.user, feed.organisation
    today = timezone.localtime(now).date()
    labels = {kind.code: str(kind.label) for kind in board.kinds()}
    root = settings.PUBLIC_ADDRESS.rstrip("/")
    found = board.board(user, organisation, now, today, lambda verb: may(user, verb, organisation))
    entries = [
        DayEntry(
            uid=f"{hashlib.sha256(f'{one.kind}|{one.title}|{one.url}'.encode()).hexdigest()[:32]}@acquis",
            day=one.due,
            summary=f"{presentation.URGENCIES[one.urgency(today)][0]} : {labels[one.kind]} · {one.title}",
            description=root + one.url,
        )
        for one in found
        if one.due is not None and not one.done
    ]
    return calendars.days_feed(f"{organisation.name} – échéances", entries, stamp=now)


def _print(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
