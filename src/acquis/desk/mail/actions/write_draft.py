"""A draft, from its first word to the moment it is asked to leave."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.errors import ConversationEnded, CustomerOfAnotherDesk, NotAccepted
from acquis.desk.conversations.models import Attachment, Conversation
from acquis.desk.directory.models import Customer
from acquis.desk.mail import policy, queries
from acquis.desk.mail.errors import FilesTooLarge, NotADraft, PartTooLong, PartUnknown
from acquis.desk.mail.models import Mail, MailFile
from acquis.desk.shell import PARIS, refuse_if_sealed
from acquis.kernel import files, trace
from acquis.kernel.autosaving import Kept, standing

KINDS = ("reply", "reply_all", "forward", "new")


@transaction.atomic
def start_draft(
    *,
    workspace: Workspace,
    kind: str,
    conversation: Conversation | None = None,
    customer: Customer | None = None,
    by: User,
    at: datetime,
) -> Mail:
    """Begin a mail: an answer to the last one of the exchange, a forward of it, or a new one.

    The person's draft that the exchange (or the customer, for a new one) already has is given
    back. Raises CustomerOfAnotherDesk, WorkspaceSealed, ConversationEnded, or NotAccepted when another
    treats it.
    """
    refuse_if_sealed(workspace)
    _refuse_other_desk(workspace, conversation, customer)
    _refuse_not_mine(conversation, by)
    same = Mail.objects.select_for_update(of=("self",)).filter(
        workspace=workspace,
        conversation=conversation,
        author=by,
        state=Mail.State.DRAFT,
        **({} if conversation else {"customer": customer}),
    )
    held = same.first()
    if held is not None:
        return held
    return begin_draft(
        workspace=workspace, kind=kind, conversation=conversation, customer=customer, by=by, at=at
    )


def _refuse_other_desk(
    workspace: Workspace, conversation: Conversation | None, customer: Customer | None
) -> None:
    if any(
        one is not None and one.workspace_id != workspace.pk for one in (conversation, customer)
    ):
        raise CustomerOfAnotherDesk


def _refuse_not_mine(conversation: Conversation | None, by: User) -> None:
    if conversation is None:
        return
    if conversation.state == Conversation.State.ENDED:
        raise ConversationEnded
    if conversation.adviser_id != by.pk:
        raise NotAccepted


@transaction.atomic
def begin_draft(
    *,
    workspace: Workspace,
    kind: str,
    conversation: Conversation | None,
    customer: Customer | None,
    by: User,
    at: datetime,
) -> Mail:
    """A draft beside those that are held. Raises what `start_draft` does."""
    refuse_if_sealed(workspace)
    _refuse_other_desk(workspace, conversation, customer)
    _refuse_not_mine(conversation, by)
    answered = queries.answerable(conversation) if conversation and kind != "new" else None
    mailbox = (answered.mailbox if answered else None) or queries.default_mailbox(workspace)
    to, cc = _recipients(workspace, kind, conversation, customer, answered)
    mail = Mail.objects.create(
        workspace=workspace,
        mailbox=mailbox,
        conversation=conversation,
        customer=conversation.customer if conversation else customer,
        answers=answered,
        state=Mail.State.DRAFT,
        references=policy.references_of(answered.identifier, answered.references)
        if answered and kind != "forward"
        else "",
        from_name=mailbox.display_name if mailbox else workspace.name[:200],
        from_address=mailbox.address if mailbox else queries.desk_address(workspace),
        to=", ".join(to),
        cc=", ".join(cc),
        subject=_subject(kind, conversation, answered),
        body=f"\n\n-- \n{mailbox.signature}" if mailbox and mailbox.signature else "",
        quoted=_quotation(kind, answered),
        at=at,
        author=by,
        author_label=by.full_name,
        saved_at=at,
    )
    if kind == "forward" and answered is not None and answered.message_id is not None:
        _copy_files(mail, answered)
    trace.record("mail.draft_started", mail, by=by, at=at, kind=kind)
    return mail


def _recipients(
    workspace: Workspace,
    kind: str,
    conversation: Conversation | None,
    customer: Customer | None,
    answered: Mail | None,
) -> tuple[Sequence[str], Sequence[str]]:
    if kind == "forward":
        return (), ()
    if answered is not None and answered.state == Mail.State.RECEIVED:
        sender = answered.reply_to or answered.from_address
        if kind == "reply_all":
            own = queries.own_addresses(workspace)
            return policy.everybody(sender, answered.to, answered.cc, own)
        return ((sender,) if sender else ()), ()
    if answered is not None:
        return (answered.to,), ((answered.cc,) if kind == "reply_all" and answered.cc else ())
    known = conversation.customer if conversation else customer
    address = (conversation.contact_address if conversation else "") or (
        known.email if known else ""
    )
    return ((address,) if policy.is_address(address) else ()), ()


def _subject(kind: str, conversation: Conversation | None, answered: Mail | None) -> str:
    if kind == "new":
        return ""
    subject = answered.subject if answered else (conversation.subject if conversation else "")
    return policy.answer_subject(subject, forward=kind == "forward")


def _quotation(kind: str, answered: Mail | None) -> str:
    if answered is None:
        return ""
    when = date_format(answered.at.astimezone(PARIS), "j F Y à H:i")
    author = answered.from_name or answered.from_address
    if kind == "forward":
        facts = [
            (_("De"), f"{answered.from_name} <{answered.from_address}>".strip()),
            (_("Date"), when),
            (_("Objet"), answered.subject),
            (_("À"), answered.to),
        ]
        return policy.forwarded(facts, f"{answered.body}\n\n{answered.quoted}")
    return policy.quotation(author, when, answered.body)


def _copy_files(mail: Mail, answered: Mail) -> None:
    MailFile.objects.bulk_create(
        MailFile(workspace_id=mail.workspace_id, mail=mail, file_id=one.file_id, name=one.name)
        for one in Attachment.objects.filter(message=answered.message_id)
    )


@transaction.atomic
def save_draft_part(*, mail: Mail, name: str, text: str, seq: int, by: User, at: datetime) -> Kept:
    """Keep one part of a draft as version `seq`, the one after the version kept.

    The same text under the number it already has is acknowledged again and writes nothing; any
    other number is a conflict, which writes nothing either. Raises PartUnknown, PartTooLong,
    NotADraft or WorkspaceSealed.
    """
    row = locked_draft(mail)
    if name not in policy.PARTS:
        raise PartUnknown(name=name)
    if len(text) > policy.PARTS[name]:
        raise PartTooLong(limit=policy.PARTS[name])
    kept, held = int(row.field_seqs.get(name, 0)), str(getattr(row, name))
    stands = standing(seq, text, kept=kept, held=held, saved_at=row.saved_at or row.at)
    if stands is not None:
        return stands
    setattr(row, name, text)
    row.field_seqs = row.field_seqs | {name: seq}
    row.saved_at = at
    row.save(update_fields=[name, "field_seqs", "saved_at"])
    trace.record("mail.draft_saved", row, by=by, at=at, part=name, seq=seq, chars=len(text))
    return Kept(seq, text, at)


@transaction.atomic
def save_draft_parts(*, mail: Mail, parts: Mapping[str, str], by: User, at: datetime) -> Mail:
    """Keep what a page shows, whatever version it came with: what leaves is what was seen.

    Raises PartUnknown, PartTooLong, NotADraft or WorkspaceSealed.
    """
    row = _draft(_lockable().get(pk=mail.pk))
    changed = []
    for name, text in parts.items():
        if name not in policy.PARTS:
            raise PartUnknown(name=name)
        if len(text) > policy.PARTS[name]:
            raise PartTooLong(limit=policy.PARTS[name])
        if text != getattr(row, name):
            setattr(row, name, text)
            row.field_seqs = row.field_seqs | {name: int(row.field_seqs.get(name, 0)) + 1}
            changed.append(name)
    if changed:
        row.saved_at = at
        row.save(update_fields=[*changed, "field_seqs", "saved_at"])
        trace.record("mail.draft_shown_saved", row, by=by, at=at, parts=changed)
    return row


def _lockable() -> QuerySet[Mail]:
    return Mail.objects.select_for_update(of=("self",)).select_related("workspace", "conversation")


def _draft(row: Mail) -> Mail:
    refuse_if_sealed(row.workspace)
    if row.state != Mail.State.DRAFT:
        raise NotADraft
    return row


def locked_draft(mail: Mail) -> Mail:
    """The draft, locked. Raises NotADraft or WorkspaceSealed."""
    return _draft(_lockable().get(pk=mail.pk))


@transaction.atomic
def attach_file(*, mail: Mail, upload: "UploadedFile[bytes]", by: User, at: datetime) -> MailFile:
    """Join a file to a draft.

    Raises FileEmpty, FileTooLarge, FilesTooLarge, NotADraft or WorkspaceSealed.
    """
    row = locked_draft(mail)
    name = (upload.name or "fichier")[-200:]
    if not upload.size:
        raise files.FileEmpty(name=name)
    held = row.files.aggregate(total=Sum("file__size"))["total"] or 0
    if held + upload.size > policy.LARGEST_FILES:
        raise FilesTooLarge(limit=policy.LARGEST_FILES // 1024 // 1024)
    content = upload.read()
    kept = files.store(content, name=name, media_type=files.media_type_of(content), by=by, at=at)
    joined = MailFile.objects.create(workspace_id=row.workspace_id, mail=row, file=kept, name=name)
    trace.record("mail.file_joined", row, by=by, at=at, sha256=kept.sha256, bytes=kept.size)
    return joined


@transaction.atomic
def remove_file(*, joined: MailFile, by: User, at: datetime) -> Mail:
    """Take a file out of a draft. Raises NotADraft or WorkspaceSealed."""
    row = locked_draft(joined.mail)
    trace.record("mail.file_removed", row, by=by, at=at, file_id=joined.file_id)
    joined.delete()
    return row


@transaction.atomic
def discard_draft(*, mail: Mail, by: User, at: datetime) -> None:
    """Throw a draft away. Raises NotADraft or WorkspaceSealed."""
    row = locked_draft(mail)
    trace.record("mail.draft_discarded", row, by=by, at=at, chars=len(row.body))
    row.delete()
