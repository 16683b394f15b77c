"""The mailbox of returns read by IMAP: one worker at a time, each message once, left unread."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone
from imap_tools import BaseMailBox

from acquis.certification.exam_sessions import actions
from acquis.certification.exam_sessions.models import ReturnsReading
from acquis.kernel import crypto, mail_servers
from acquis.kernel.delivery_reports import LONGEST
from acquis.kernel.mail_servers import Account

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)  # renewed at each message
AT_ONCE = 100  # messages of one reading; the rest comes with the next
DELAYS = tuple(timedelta(seconds=one) for one in (60, 120, 300, 600, 1800))  # by failures in a row
Clock = Callable[[], datetime]


def account() -> Account | None:
    """The mailbox that the installation names; None when returns are not read."""
    told: dict[str, Any] = settings.EMAIL_RETURN_IMAP
    return Account(**told) if told["host"] else None


def status() -> ReturnsReading | None:
    """How the reading goes; None when nothing is read or nothing was yet."""
    named = account()
    return ReturnsReading.objects.filter(account=_name(named)).first() if named else None


def read_due(now: datetime, clock: Clock = timezone.now) -> int:
    """Read the mailbox if its time has come. Returns how many messages were looked at."""
    named = account()
    if named is None:
        return 0
    ReturnsReading.objects.get_or_create(account=_name(named), defaults={"since": now})
    state = _leased(_name(named), now)
    if state is None:
        return 0
    looked_at = 0
    try:
        with mail_servers.opened(named) as box:
            looked_at = _take_in(state, named, box, clock)
    except mail_servers.FolderMissing as fault:
        _settle(state, clock(), error=fault.words)
    except (*mail_servers.FAULTS, crypto.Unsealable) as fault:
        _settle(state, clock(), error=mail_servers.words_for(fault, named.host, named.port))
    else:
        _settle(state, clock(), error="")
    return looked_at


def _name(named: Account) -> str:
    return f"{named.user}@{named.host}/{named.folder}"[:300]


@transaction.atomic
def _leased(name: str, now: datetime) -> ReturnsReading | None:
    """The row, if it is due and no other worker is at it."""
    state = (
        ReturnsReading.objects.select_for_update()
        .filter(
            Q(next_at__isnull=True) | Q(next_at__lte=now),
            Q(leased_until__isnull=True) | Q(leased_until__lt=now),
            account=name,
        )
        .first()
    )
    if state is not None:
        state.leased_until = now + LEASE
        state.save(update_fields=["leased_until"])
    return state


def _take_in(state: ReturnsReading, named: Account, box: BaseMailBox, clock: Clock) -> int:
    validity = mail_servers.validity(box, named.folder)
    if validity != state.uid_validity:
        # The server numbered its messages anew: what was followed already changes nothing.
        state.uid_validity, state.last_uid = validity, 0
    since = state.since.strftime("%d-%b-%Y")
    found = mail_servers.waiting(box, after=state.last_uid, since=since)[:AT_ONCE]
    for one in found:
        if one.size <= LONGEST:
            _take_one(mail_servers.fetched(box, one.uid), one.uid, clock())
        state.last_uid, state.leased_until = one.uid, clock() + LEASE
        state.save(update_fields=["uid_validity", "last_uid", "leased_until"])
    return len(found)


def _take_one(raw: bytes, uid: int, at: datetime) -> None:
    """A message that breaks blocks no other; a fault of the database is raised, it comes again."""
    try:
        actions.take_return(raw=raw, at=at)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("returns: message %s is left out", uid)


def _settle(state: ReturnsReading, now: datetime, *, error: str) -> None:
    state.leased_until, state.last_error = None, error[:300]
    if error:
        state.failures += 1
        state.failing_since = state.failing_since or now
    else:
        state.failures, state.failing_since, state.read_at = 0, None, now
    state.next_at = now + DELAYS[min(state.failures, len(DELAYS) - 1)]
    state.save()
