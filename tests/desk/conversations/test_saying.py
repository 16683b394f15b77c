"""What is said in an exchange: once, with its files, and only where it may."""

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations import queries
from acquis.desk.conversations.actions.send_file import send_file
from acquis.desk.conversations.errors import (
    ConversationEnded,
    FileMissing,
    MessageEmpty,
    MessageKeyInvalid,
    MessageTooLong,
    NoFilesHere,
    NotAccepted,
)
from acquis.desk.conversations.models import Conversation, Message
from acquis.kernel.files import FileKindRefused
from acquis.kernel.models import StoredFile
from tests.desk.conversations.exchanges import last_line, say, verbs
from tests.factories import accounts
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


def test_the_first_message_of_the_adviser_answers_the_contact(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    chat = make.open_conversation(workspace, adviser)
    say(chat, "Où est ma commande ?", now, author="customer")
    at = now + timedelta(seconds=40)

    sent = say(chat, "Bonjour, je regarde.", at, by=adviser)
    say(chat, "Elle part demain.", at + timedelta(seconds=60), by=adviser)

    chat.refresh_from_db()
    assert chat.answered_at == at
    assert sent.position == 2
    assert queries.response_times(chat).first_seconds == 40
    assert last_line(workspace)["chars"] == len("Elle part demain.")


def test_the_same_key_sends_once(workspace: Workspace, adviser: User, now: datetime) -> None:
    chat = make.open_conversation(workspace, adviser)

    first = say(chat, "Bonjour", now, client_key="k1")
    again = say(chat, "Bonjour", now, client_key="k1")

    assert first == again
    assert chat.messages.count() == 1
    assert verbs(workspace) == ["conversation.message_sent"]


@pytest.mark.parametrize(("body", "refusal"), [("   ", MessageEmpty), ("x" * 4001, MessageTooLong)])
def test_a_message_without_words_or_too_long_is_not_sent(
    workspace: Workspace, adviser: User, now: datetime, body: str, refusal: type[Exception]
) -> None:
    chat = make.open_conversation(workspace, adviser)

    with pytest.raises(refusal):
        say(chat, body, now, client_key="k")

    assert not chat.messages.exists()


def test_a_customer_may_write_while_waiting_and_the_adviser_not(
    workspace: Workspace, now: datetime
) -> None:
    waiting = make.conversation(workspace)

    say(waiting, "Il y a quelqu’un ?", now, author="customer")

    with pytest.raises(NotAccepted):
        say(waiting, "Bonjour", now)


def test_nobody_writes_in_an_ended_conversation(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    ended = make.ended_conversation(workspace, adviser)

    for author in ("adviser", "customer"):
        with pytest.raises(ConversationEnded):
            say(ended, "Encore un mot", now, author=author)


@pytest.mark.parametrize("key", ["", "k" * 81])
def test_a_message_needs_a_key_that_can_be_kept(
    workspace: Workspace, adviser: User, now: datetime, key: str
) -> None:
    chat = make.open_conversation(workspace, adviser)

    with pytest.raises(MessageKeyInvalid):
        say(chat, "Bonjour", now, client_key=key)

    assert not chat.messages.exists()


def test_what_was_on_its_way_when_the_exchange_ended_is_kept(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    ended = make.ended_conversation(workspace, adviser)

    kept = say(ended, "Parti avant la fin", now, leaving=True)

    assert list(ended.messages.all()) == [kept]
    ended.refresh_from_db()
    assert ended.state == Conversation.State.ENDED


@pytest.mark.parametrize("state", ["waiting", "open", "ended"])
def test_the_system_may_say_what_happened_in_any_state(
    workspace: Workspace, now: datetime, state: str
) -> None:
    chat = make.conversation(workspace, state=state)

    said = say(chat, "Le courriel n’est pas parti.", now, author="system")

    chat.refresh_from_db()
    assert (said.author, chat.state, chat.answered_at) == ("system", state, None)


def upload(content: bytes = b"%PDF-1.4", name: str = "bon.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_file_leaves_once_under_its_name(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    chat = make.open_conversation(workspace, adviser)
    fields = {"conversation": chat, "client_key": "f", "by": adviser, "at": now}

    sent = send_file(file=upload(), **fields)
    again = send_file(file=upload(), **fields)

    assert (sent, sent.body) == (again, "bon.pdf")
    (attached,) = sent.attachments.all()
    assert (attached.name, attached.file.media_type) == ("bon.pdf", "application/pdf")
    assert verbs(workspace) == ["conversation.message_sent"]


def test_no_file_leaves_by_a_channel_that_carries_none_nor_when_there_is_none(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    sms = make.open_conversation(workspace, adviser, channel=Conversation.Channel.SMS)
    chat = make.open_conversation(workspace, adviser)
    fields = {"client_key": "f", "by": adviser, "at": now}

    with pytest.raises(NoFilesHere, match="SMS"):
        send_file(conversation=sms, file=upload(), **fields)
    with pytest.raises(FileMissing):
        send_file(conversation=chat, file=None, **fields)
    with pytest.raises(FileKindRefused):
        send_file(conversation=chat, file=upload(b"MZ\x00\x01"), **fields)

    assert not Message.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_sealed_workspace_takes_no_message(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    chat = make.open_conversation(workspace, adviser)
    accounts.sealed(workspace)

    with pytest.raises(WorkspaceSealed):
        say(chat, "Bonjour", now)

    assert not chat.messages.exists()
