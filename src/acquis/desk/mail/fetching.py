"""Reading the mailboxes: one worker at a time for each, each message once, none blocks the others."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from imap_tools import BaseMailBox

from acquis.accounts.enums import WorkspaceKind
from acquis.desk.mail import gateway, policy, reading
from acquis.desk.mail.actions.keep_mailbox import set_message_aside
from acquis.desk.mail.actions.receive_mail import receive_mail
from acquis.desk.mail.errors import ConnectionRefused
from acquis.desk.mail.models import Mailbox
from acquis.kernel.errors import DomainRefusal

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)  # renewed at each message
AT_ONCE = 100  # messages of one reading; the rest comes with the next, which follows at once
Clock = Callable[[], datetime]


def fetch_due(now: datetime, clock: Clock = timezone.now) -> int:
    """Read every mailbox whose time has come. Returns how many were read."""
    due = Mailbox.objects.filter(
        Q(next_fetch_at__isnull=True) | Q(next_fetch_at__lte=now),
        Q(leased_until__isnull=True) | Q(leased_until__lt=now),
        is_active=True,
        workspace__kind=WorkspaceKind.LIVE,
        workspace__sealed_at__isnull=True,
    ).exclude(imap_host="")
    read = 0
    for pk in list(due.order_by("next_fetch_at", "pk").values_list("pk", flat=True)):
        mailbox = _leased(pk, clock())
        if mailbox is not None:
            fetch(mailbox, clock)
            read += 1
    return read


@transaction.atomic
def _leased(pk: int, now: datetime) -> Mailbox | None:
    """The mailbox, if no other worker took it meanwhile."""
    free = Mailbox.objects.select_for_update(of=("self",)).filter(
        Q(leased_until__isnull=True) | Q(leased_until__lt=now), pk=pk
    )
    mailbox = free.select_related("workspace").first()
    if mailbox is not None:
        mailbox.leased_until = now + LEASE
        mailbox.save(update_fields=["leased_until"])
    return mailbox


def fetch(mailbox: Mailbox, clock: Clock = timezone.now) -> int:
    """Take in what is new in the folder, oldest first. Returns how many messages were looked at.

    What was reached is written down after each message: a worker that dies goes on from there, and
    a message met again is known by its identifier.
    """
    looked_at, more = 0, False
    try:
        with gateway.reading(mailbox) as box:
            looked_at, more = _take_in(mailbox, box, clock)
    except ConnectionRefused as refusal:
        _settle(mailbox, clock(), error=str(refusal))
    else:
        _settle(mailbox, clock(), error="", more=more)
    return looked_at


def _take_in(mailbox: Mailbox, box: BaseMailBox, clock: Clock) -> tuple[int, bool]:
    validity = gateway.validity(box, mailbox.folder)
    if validity != mailbox.uid_validity:
        # The server numbered its messages anew: look again at all since the mailbox is ours.
        mailbox.uid_validity, mailbox.last_uid = validity, 0
    since = mailbox.created_at.strftime("%d-%b-%Y")
    found = gateway.waiting(box, after=mailbox.last_uid, since=since)
    for one in found[:AT_ONCE]:
        _take_one(mailbox, box, one, clock)
        mailbox.last_uid = one.uid
        mailbox.leased_until = clock() + LEASE
        mailbox.save(update_fields=["uid_validity", "last_uid", "leased_until"])
    mailbox.save(update_fields=["uid_validity", "last_uid"])
    return min(len(found), AT_ONCE), len(found) > AT_ONCE


def _take_one(mailbox: Mailbox, box: BaseMailBox, one: gateway.Waiting, clock: Clock) -> None:
    if one.size > policy.LARGEST_MESSAGE:
        head = gateway.fetched(box, one.uid, head=True)
        reason = _("Le message dépasse %s Mo : il est resté sur le serveur.")
        _aside(mailbox, one.uid, None, head, reason % (policy.LARGEST_MESSAGE // 1024**2), clock())
        return
    raw = gateway.fetched(box, one.uid)
    if raw:
        take_in(mailbox, raw, uid=one.uid, at=clock())


def take_in(mailbox: Mailbox, raw: bytes, *, uid: int | None, at: datetime) -> bool:
    """Receive one message, or keep it aside with why; False for the second.

    A fault of the database is none of the message's: it is raised, and the message comes again.
    """
    try:
        receive_mail(workspace=mailbox.workspace, mailbox=mailbox, raw=raw, at=at)
    except DomainRefusal as refusal:
        _aside(mailbox, uid, raw, raw, str(refusal), at)
        return False
    except DatabaseError:
        raise
    except Exception as fault:
        logger.exception("mailbox %s: message %s is kept aside", mailbox.pk, uid)
        reason = _("Le message ne se lit pas (%s).") % type(fault).__name__
        _aside(mailbox, uid, raw, raw, reason, at)
        return False
    return True


def _aside(
    mailbox: Mailbox, uid: int | None, raw: bytes | None, head: bytes, reason: str, at: datetime
) -> None:
    sender, subject = reading.summary(head)
    set_message_aside(
        mailbox=mailbox, uid=uid, raw=raw, sender=sender, subject=subject, reason=reason, at=at
    )


def _settle(mailbox: Mailbox, now: datetime, *, error: str, more: bool = False) -> None:
    """Give the mailbox back, with how it went and when it is read again."""
    mailbox.leased_until = None
    mailbox.last_error = error[:300]
    if error:
        mailbox.failures += 1
        mailbox.failing_since = mailbox.failing_since or now
    else:
        mailbox.failures, mailbox.failing_since, mailbox.fetched_at = 0, None, now
    delay = timedelta(0) if more else policy.fetch_delay(mailbox.failures)
    mailbox.next_fetch_at = now + delay
    mailbox.save(
        update_fields=[
            "leased_until",
            "last_error",
            "failures",
            "failing_since",
            "fetched_at",
            "next_fetch_at",
        ]
    )
