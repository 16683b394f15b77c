from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from acquis.accounts.enums import WorkspaceKind
from acquis.accounts.models import User, Workspace
from acquis.desk.mail.errors import AlreadySettled, ServersOfLiveDesks
from acquis.desk.mail.models import Mailbox, SetAside
from acquis.desk.queues.errors import NotOfThisDesk
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import crypto, files, trace

SECRETS = {"imap_password": "imap_secret", "smtp_password": "smtp_secret"}
UNTRACED = {"signature", "acknowledgement"}


@transaction.atomic
def keep_mailbox(
    *,
    workspace: Workspace,
    mailbox: Mailbox | None,
    values: Mapping[str, Any],
    by: User,
    at: datetime,
) -> Mailbox:
    """Create a mailbox or change one; `values` by field, passwords as `imap_password`, `smtp_password`.

    A password is sealed and never shown again; an empty one leaves the one kept, unless its server
    was removed. Another server, user or folder is read from its beginning. Raises
    ServersOfLiveDesks, NotOfThisDesk (its queue) or WorkspaceSealed; nothing is written then.
    """
    refuse_if_sealed(workspace)
    hosts = [values.get("imap_host"), values.get("smtp_host")]
    if any(hosts) and workspace.kind != WorkspaceKind.LIVE:
        raise ServersOfLiveDesks
    queue = values.get("queue")
    if queue is not None and queue.workspace_id != workspace.pk:
        raise NotOfThisDesk
    if mailbox is None:
        row = Mailbox(workspace=workspace, created_at=at)
    else:
        row = Mailbox.objects.select_for_update(of=("self",)).get(pk=mailbox.pk)
    place = (row.imap_host, row.imap_user, row.folder)
    for name, value in values.items():
        if name not in SECRETS:
            setattr(row, name, value)
    row.address = row.address.lower()
    for name, column in SECRETS.items():
        if values.get(name):
            setattr(row, column, crypto.seal(str(values[name]).encode()))
        elif not getattr(row, f"{name[:4]}_host"):
            setattr(row, column, b"")
    if (row.imap_host, row.imap_user, row.folder) != place:
        row.uid_validity, row.last_uid = None, 0
    row.next_fetch_at, row.failures, row.failing_since, row.last_error = at, 0, None, ""
    row.save()
    trace.record(
        "mail.mailbox_created" if mailbox is None else "mail.mailbox_changed",
        row,
        by=by,
        at=at,
        address=row.address,
        active=row.is_active,
        imap=row.imap_host,
        smtp=row.smtp_host,
        passwords=[name for name in SECRETS if values.get(name)],
    )
    return row


@transaction.atomic
def pause_mailbox(*, mailbox: Mailbox, active: bool, by: User, at: datetime) -> Mailbox:
    """Stop reading and writing by a mailbox, or take it up again, at once. Raises WorkspaceSealed."""
    row = (
        Mailbox.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .get(pk=mailbox.pk)
    )
    refuse_if_sealed(row.workspace)
    if row.is_active == active:
        return row
    row.is_active = active
    if active:
        row.next_fetch_at = at
    row.save(update_fields=["is_active", "next_fetch_at"])
    trace.record("mail.mailbox_resumed" if active else "mail.mailbox_paused", row, by=by, at=at)
    return row


@transaction.atomic
def set_message_aside(
    *,
    mailbox: Mailbox,
    uid: int | None,
    raw: bytes | None,
    sender: str,
    subject: str,
    reason: str,
    at: datetime,
) -> SetAside:
    """Keep a message that could not be taken in, with why; once for a message of the server."""
    if uid is not None:
        known = SetAside.objects.filter(
            mailbox=mailbox, uid=uid, subject=subject, settled_at__isnull=True
        ).first()
        if known is not None:
            return known
    kept = None
    if raw:
        kept = files.store(raw, name="message.eml", media_type="message/rfc822", by=None, at=at)
    row = SetAside.objects.create(
        workspace_id=mailbox.workspace_id,
        mailbox=mailbox,
        uid=uid,
        raw=kept,
        sender=sender[:254],
        subject=subject[:400],
        reason=reason[:300],
        at=at,
    )
    trace.record("mail.set_aside", row, by=None, at=at, mailbox_id=mailbox.pk, reason=reason[:300])
    return row


@transaction.atomic
def settle_set_aside(*, row: SetAside, outcome: str, by: User, at: datetime) -> SetAside:
    """Close a message set aside, taken in at last or left. Raises AlreadySettled, WorkspaceSealed."""
    locked = (
        SetAside.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=row.pk)
    )
    refuse_if_sealed(locked.workspace)
    if locked.settled_at is not None:
        raise AlreadySettled
    locked.settled_at = at
    locked.save(update_fields=["settled_at"])
    trace.record("mail.set_aside_settled", locked, by=by, at=at, outcome=outcome)
    return locked
