"""A draft, from its first word to the moment it has left: what it proposes, keeps and refuses."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from acquis.accounts.enums import Role
from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.errors import ConversationEnded, CustomerOfAnotherDesk, NotAccepted
from acquis.desk.conversations.models import Conversation
from acquis.desk.mail import errors, policy
from acquis.desk.mail.access import draft_for, file_for, mail_for, mailbox_for, set_aside_for
from acquis.desk.mail.actions import write_draft as writing
from acquis.desk.mail.actions.release_mail import new_identifier, release_mail
from acquis.desk.mail.actions.schedule_mail import call_back_mail, retry_mail, schedule_mail
from acquis.desk.mail.actions.settle_sending import settle_attempt, settle_failed
from acquis.desk.mail.models import Mail
from acquis.kernel import files
from tests.factories import accounts
from tests.factories import desk as make
from tests.factories import mail as known

NOW = known.NOW


@pytest.fixture
def exchange(workspace: Workspace, adviser: User) -> Conversation:
    return make.open_conversation(workspace, adviser, channel="mail", contact_address="o@x.example")


@pytest.fixture
def draft(exchange: Conversation, adviser: User) -> Mail:
    return known.draft(exchange, adviser)


def begin(workspace: Workspace, by: User, kind: str, **fields: Any) -> Mail:
    return writing.start_draft(workspace=workspace, kind=kind, by=by, at=NOW, **fields)


# ---- What a draft proposes ----


def test_a_draft_is_of_one_desk(
    workspace: Workspace, adviser: User, exchange: Conversation
) -> None:
    other = accounts.workspace(workspace.organisation)

    with pytest.raises(CustomerOfAnotherDesk):
        begin(other, adviser, "new", conversation=exchange)
    with pytest.raises(CustomerOfAnotherDesk):
        begin(other, adviser, "new", customer=make.customer(workspace))
    assert not Mail.objects.exists()


def test_an_answer_goes_where_the_customer_asked_and_quotes_them(
    workspace: Workspace, adviser: User, exchange: Conversation
) -> None:
    known.mailbox(workspace, signature="Le service clients")
    known.received(
        exchange, reply_to="ailleurs@x.example", cc="paul@y.example", body="Où est-elle ?"
    )

    answer = begin(workspace, adviser, "reply", conversation=exchange)
    assert begin(workspace, adviser, "reply_all", conversation=exchange) == answer
    Mail.objects.filter(pk=answer.pk).delete()
    everybody = begin(workspace, adviser, "reply_all", conversation=exchange)

    assert (answer.to, answer.cc, answer.subject) == ("ailleurs@x.example", "", "Re: Ma commande")
    assert answer.body == "\n\n-- \nLe service clients"
    assert answer.quoted.endswith("> Où est-elle ?")
    assert answer.references
    assert "paul@y.example" in everybody.cc


def test_a_forward_has_no_recipient_and_brings_the_files(
    workspace: Workspace, adviser: User, exchange: Conversation
) -> None:
    received = known.received(exchange)
    assert received.message is not None
    make.attachment(received.message)

    forward = begin(workspace, adviser, "forward", conversation=exchange)

    assert (forward.to, forward.references, forward.subject) == ("", "", "Tr: Ma commande")
    assert [one.name for one in forward.files.all()] == ["bon.txt"]
    assert "Message transféré" in forward.quoted


def test_after_ones_own_mail_the_same_people_are_written_to(
    workspace: Workspace, adviser: User, exchange: Conversation
) -> None:
    known.draft(
        exchange, adviser, state=Mail.State.SENT, cc="paul@y.example",
        message=make.message(exchange, author="adviser"),
    )  # fmt: skip

    alone = begin(workspace, adviser, "reply", conversation=exchange)
    alone.delete()
    both = begin(workspace, adviser, "reply_all", conversation=exchange)

    assert (alone.to, alone.cc) == ("odile@boite.example", "")
    assert both.cc == "paul@y.example"


def test_a_new_mail_goes_to_the_address_that_is_known(
    workspace: Workspace, adviser: User, exchange: Conversation
) -> None:
    odile = make.customer(workspace, email="odile@x.example")
    silent = make.customer(workspace, email="")

    drafts = [
        begin(workspace, adviser, "new", customer=odile),
        begin(workspace, adviser, "new", customer=silent),
        begin(workspace, adviser, "reply", conversation=exchange),
    ]

    assert [one.to for one in drafts] == ["odile@x.example", "", "o@x.example"]
    assert [one.subject for one in drafts] == ["", "", "Re: Ma commande"]


def test_an_exchange_that_is_over_or_a_colleagues_takes_no_draft(
    workspace: Workspace, adviser: User
) -> None:
    over = make.ended_conversation(workspace, adviser)
    theirs = make.open_conversation(workspace, make.adviser(workspace.organisation))

    with pytest.raises(ConversationEnded):
        begin(workspace, adviser, "reply", conversation=over)
    with pytest.raises(NotAccepted):
        begin(workspace, adviser, "reply", conversation=theirs)


# ---- What it keeps ----


def test_a_part_is_kept_by_its_number_and_a_conflict_writes_nothing(
    draft: Mail, adviser: User
) -> None:
    def save(seq: int, text: str, name: str = "body") -> Any:
        return writing.save_draft_part(
            mail=draft, name=name, text=text, seq=seq, by=adviser, at=NOW
        )

    first, same, late = save(1, "Un"), save(1, "Un"), save(1, "Autre")

    draft.refresh_from_db()
    assert (first.seq, same.seq) == (1, 1)
    assert draft.body == "Un"
    assert late != first
    with pytest.raises(errors.PartUnknown):
        save(1, "x", "state")
    with pytest.raises(errors.PartTooLong):
        save(2, "x" * (policy.LONGEST_BODY + 1))


def test_what_a_page_shows_is_what_leaves(draft: Mail, adviser: User) -> None:
    def save(**parts: str) -> Mail:
        return writing.save_draft_parts(mail=draft, parts=parts, by=adviser, at=NOW)

    assert save(body="Vu.", subject=draft.subject).field_seqs == {"body": 1}
    assert save(body="Vu.").field_seqs == {"body": 1}
    with pytest.raises(errors.PartUnknown):
        save(state="sent")
    with pytest.raises(errors.PartTooLong):
        save(subject="x" * (policy.LONGEST_SUBJECT + 1))


def test_files_are_neither_empty_nor_too_large_together(
    draft: Mail, adviser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def attach(content: bytes) -> Any:
        upload = SimpleUploadedFile("bon.txt", content)
        return writing.attach_file(mail=draft, upload=upload, by=adviser, at=NOW)

    monkeypatch.setattr(policy, "LARGEST_FILES", 20)
    joined = attach(b"Bon de livraison")
    with pytest.raises(files.FileEmpty):
        attach(b"")
    with pytest.raises(errors.FilesTooLarge):
        attach(b"Autre")

    writing.remove_file(joined=joined, by=adviser, at=NOW)
    assert not draft.files.exists()
    writing.discard_draft(mail=draft, by=adviser, at=NOW)
    assert not Mail.objects.exists()


# ---- Leaving ----


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"to": ""}, errors.RecipientMissing),
        ({"cc": "paul"}, errors.AddressInvalid),
        ({"bcc": ", ".join(f"p{rank}@x.example" for rank in range(50))}, errors.TooManyRecipients),
        ({"body": " "}, errors.BodyEmpty),
        ({"state": Mail.State.SENT}, errors.NotADraft),
    ],
)
def test_a_draft_that_cannot_leave_stays_a_draft(
    draft: Mail, adviser: User, fields: dict[str, str], refusal: type[Exception]
) -> None:
    Mail.objects.filter(pk=draft.pk).update(**fields)

    with pytest.raises(refusal):
        schedule_mail(mail=draft, by=adviser, at=NOW)


def test_a_mail_is_called_back_until_it_leaves(draft: Mail, adviser: User) -> None:
    schedule_mail(mail=draft, by=adviser, at=NOW)

    assert release_mail(mail=draft, at=NOW).state == Mail.State.SCHEDULED
    assert call_back_mail(mail=draft, by=adviser, at=NOW).state == Mail.State.DRAFT
    assert call_back_mail(mail=draft, by=adviser, at=NOW).state == Mail.State.DRAFT
    assert release_mail(mail=draft, at=NOW + timedelta(minutes=1)).state == Mail.State.DRAFT
    schedule_mail(mail=draft, by=adviser, at=NOW)
    left = release_mail(mail=draft, at=NOW + timedelta(seconds=10))

    assert left.state == Mail.State.SENDING
    assert policy.token_in(left.subject) is not None
    assert new_identifier(left) == left.identifier
    with pytest.raises(errors.AlreadyLeft):
        call_back_mail(mail=draft, by=adviser, at=NOW)
    with pytest.raises(errors.NotFailed):
        retry_mail(mail=draft, by=adviser, at=NOW)


def test_a_mail_of_files_alone_says_their_names_and_begins_its_exchange(
    workspace: Workspace, adviser: User, exchange: Conversation
) -> None:
    odile = make.customer(workspace)
    alone = known.draft(exchange, adviser, conversation=None, body="", customer=odile,
                        subject="Votre bon [réf. 1-0a1b2c3d]")  # fmt: skip
    stranger = known.draft(exchange, adviser, conversation=None, to="Paul <paul@y.example>")
    known.mail_file(alone)
    for one in (alone, stranger):
        schedule_mail(mail=one, by=adviser, at=NOW)
        release_mail(mail=one, at=NOW, early=True)
        one.refresh_from_db()

    assert alone.conversation is not None
    assert stranger.conversation is not None
    assert alone.message is not None
    assert (alone.conversation.customer, alone.message.body) == (odile, "bon.txt")
    assert alone.subject == "Votre bon [réf. 1-0a1b2c3d]"
    assert (stranger.conversation.contact_label, stranger.conversation.contact_address) == (
        "Paul", "paul@y.example",
    )  # fmt: skip


def test_a_desk_sealed_meanwhile_says_that_the_mail_did_not_leave(
    workspace: Workspace, draft: Mail, adviser: User
) -> None:
    schedule_mail(mail=draft, by=adviser, at=NOW)
    accounts.sealed(workspace)

    assert release_mail(mail=draft, at=NOW, early=True).state == Mail.State.FAILED
    with pytest.raises(WorkspaceSealed):
        call_back_mail(mail=draft, by=adviser, at=NOW)
    with pytest.raises(WorkspaceSealed):
        begin(Workspace.objects.get(pk=workspace.pk), adviser, "new")


def test_a_failed_mail_is_sent_again(draft: Mail, adviser: User) -> None:
    schedule_mail(mail=draft, by=adviser, at=NOW)
    release_mail(mail=draft, at=NOW, early=True)
    Mail.objects.update(attempts=policy.LAST_SENDING - 2)

    assert settle_attempt(mail=draft, reason="4.4.1", at=NOW)
    assert not settle_attempt(mail=draft, reason="4.4.1", at=NOW)
    draft.refresh_from_db()
    assert draft.state == Mail.State.FAILED
    assert retry_mail(mail=draft, by=adviser, at=NOW).attempts == 0
    assert settle_attempt(mail=draft, reason="4.4.1", at=NOW)


def test_whoever_wrote_is_told_of_each_failure(draft: Mail, adviser: User) -> None:
    schedule_mail(mail=draft, by=adviser, at=NOW)
    left = release_mail(mail=draft, at=NOW, early=True)
    assert left.conversation is not None

    for minute in (1, 2):
        at = NOW + timedelta(minutes=minute)
        settle_failed(mail=draft, reason="Boîte inconnue", refused={}, at=at)
        retry_mail(mail=draft, by=adviser, at=at)

    told = left.conversation.messages.filter(author="system").values_list("body", flat=True)
    assert [("Boîte inconnue" in body) for body in told] == [True, True]


# ---- Who may ----


def test_drafts_are_their_authors_and_mailboxes_the_supervisors(
    workspace: Workspace, adviser: User, draft: Mail
) -> None:
    colleague = make.adviser(workspace.organisation)
    boss = accounts.user(Role.SUPERVISOR, at=workspace.organisation)
    file = known.mail_file(draft)
    sent = known.draft(draft.conversation, adviser, state=Mail.State.SENT, conversation=None)  # type: ignore[arg-type]
    box = known.mailbox(workspace)
    aside = known.aside(box)

    def at(door: Any, user: User, pk: int) -> Any:
        return door(user, workspace.pk, pk)

    for door, pk in ((mail_for, draft.pk), (draft_for, sent.pk), (file_for, file.pk)):
        with pytest.raises(Http404):
            at(door, colleague, pk)
    for door, pk in ((mailbox_for, box.pk), (set_aside_for, aside.pk)):
        with pytest.raises(Http404):
            at(door, colleague, pk)
        assert at(door, boss, pk)
    assert at(draft_for, adviser, draft.pk)[1] == draft
    assert at(file_for, adviser, file.pk) == file
    assert at(mail_for, colleague, sent.pk)[1] == sent
