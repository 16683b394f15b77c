from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.mail import policy
from acquis.desk.mail.actions.release_mail import send_later
from acquis.desk.mail.actions.write_draft import locked_draft
from acquis.desk.mail.errors import (
    AddressInvalid,
    AlreadyLeft,
    BodyEmpty,
    NotFailed,
    RecipientMissing,
    TooManyRecipients,
)
from acquis.desk.mail.models import Mail
from acquis.desk.mail.news import announce_mail
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import outbox, trace

LEAVE = "mail.leave"


@transaction.atomic
def schedule_mail(*, mail: Mail, by: User, at: datetime) -> Mail:
    """Ask a draft to leave; for ten seconds it can be called back, whatever restarts meanwhile.

    Raises RecipientMissing, AddressInvalid, TooManyRecipients, BodyEmpty, NotADraft or
    WorkspaceSealed; the draft is kept then.
    """
    row = locked_draft(mail)
    _refuse_recipients(row)
    if not row.body.strip() and not row.files.exists() and not row.quoted:
        raise BodyEmpty
    row.state = Mail.State.SCHEDULED
    row.leaves_at = at + policy.UNDO
    row.last_error = ""
    row.save(update_fields=["state", "leaves_at", "last_error"])
    trace.record("mail.scheduled", row, by=by, at=at, leaves_at=row.leaves_at)
    outbox.put(LEAVE, {"mail": row.pk}, at=at, due=row.leaves_at)
    announce_mail(row, what="scheduled", at=at)
    return row


def _refuse_recipients(mail: Mail) -> None:
    lines = (mail.to, mail.cc, mail.bcc)
    wrong = [one for line in lines for one in policy.wrong_addresses(line)]
    if wrong:
        raise AddressInvalid(addresses=", ".join(wrong)[:200])
    count = sum(len(policy.addresses(line)) for line in lines)
    if count == 0:
        raise RecipientMissing
    if count > policy.MOST_RECIPIENTS:
        raise TooManyRecipients(limit=policy.MOST_RECIPIENTS)


@transaction.atomic
def call_back_mail(*, mail: Mail, by: User, at: datetime) -> Mail:
    """Undo the sending of a mail that has not left: it is a draft again, word for word.

    Undoing twice changes nothing. Raises AlreadyLeft or WorkspaceSealed.
    """
    row = _locked(mail)
    if row.state == Mail.State.DRAFT:
        return row
    if row.state != Mail.State.SCHEDULED:
        raise AlreadyLeft
    row.state, row.leaves_at = Mail.State.DRAFT, None
    row.save(update_fields=["state", "leaves_at"])
    trace.record("mail.called_back", row, by=by, at=at)
    announce_mail(row, what="called-back", at=at)
    return row


@transaction.atomic
def retry_mail(*, mail: Mail, by: User, at: datetime) -> Mail:
    """Send again a mail that did not leave. Raises NotFailed or WorkspaceSealed."""
    row = _locked(mail)
    if row.state != Mail.State.FAILED or row.message_id is None:
        raise NotFailed
    row.state, row.attempts, row.last_error = Mail.State.SENDING, 0, ""
    row.save(update_fields=["state", "attempts", "last_error"])
    trace.record("mail.retried", row, by=by, at=at)
    send_later(row, at=at)
    announce_mail(row, what="retried", at=at)
    return row


def _locked(mail: Mail) -> Mail:
    row = Mail.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=mail.pk)
    refuse_if_sealed(row.workspace)
    return row
