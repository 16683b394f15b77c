"""What the desk says to itself about an exchange, and how far its holder has read."""

from datetime import datetime

import pytest

from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.actions.mark_read import mark_read
from acquis.desk.conversations.actions.write_note import withdraw_note, write_note
from acquis.desk.conversations.errors import (
    MessageEmpty,
    MessageKeyInvalid,
    MessageTooLong,
    NoteOfSomebodyElse,
)
from acquis.desk.conversations.models import Conversation, ConversationNote
from acquis.kernel import trace
from acquis.kernel.models import OutboxMessage
from tests.factories import accounts
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make.desk()


@pytest.fixture
def adviser(workspace: Workspace) -> User:
    return make.adviser(workspace.organisation)


def verbs(workspace: Workspace) -> list[str]:
    return [line.verb for line in trace.lines(workspace.trace_stream)]


def topics() -> set[str]:
    return {message.payload["topic"] for message in OutboxMessage.objects.all()}


def note(of: Conversation, by: User, at: datetime, **fields: str) -> ConversationNote:
    values = {"body": " Vu avec la logistique. ", "client_key": "n1"}
    return write_note(conversation=of, by=by, at=at, **(values | fields))


@pytest.mark.parametrize("state", ["waiting", "open", "ended"])
def test_a_note_is_written_once_whatever_the_state_and_tells_no_customer(
    workspace: Workspace, adviser: User, now: datetime, state: str
) -> None:
    chat = make.conversation(workspace, state=state)
    make.message(chat)

    first, again = note(chat, adviser, now), note(chat, adviser, now)

    assert first == again
    assert (first.body, first.after_position) == ("Vu avec la logistique.", 1)
    assert chat.messages.count() == 1
    assert verbs(workspace) == ["conversation.note_written"]
    assert topics() == {f"conversation:{chat.pk}"}


def test_who_holds_the_exchange_is_told_of_a_note(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    held = make.open_conversation(workspace, adviser)

    note(held, make.adviser(workspace.organisation), now)

    assert topics() == {f"conversation:{held.pk}", f"user:{adviser.pk}"}


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"body": "  "}, MessageEmpty),
        ({"body": "x" * 4001}, MessageTooLong),
        ({"client_key": ""}, MessageKeyInvalid),
    ],
)
def test_a_note_that_says_nothing_or_too_much_is_refused(
    workspace: Workspace, adviser: User, now: datetime, fields: dict[str, str], refusal: type
) -> None:
    chat = make.open_conversation(workspace, adviser)

    with pytest.raises(refusal):
        note(chat, adviser, now, **fields)

    assert not ConversationNote.objects.exists()


def test_a_sealed_desk_keeps_its_notes_as_they_are(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    kept = make.exchange_note(make.open_conversation(workspace, adviser), adviser)
    accounts.sealed(workspace)
    kept.refresh_from_db()

    with pytest.raises(WorkspaceSealed):
        note(kept.conversation, adviser, now)
    with pytest.raises(WorkspaceSealed):
        withdraw_note(note=kept, withdrawn=True, by=adviser, at=now)
    with pytest.raises(WorkspaceSealed):
        mark_read(conversation=kept.conversation, position=1, by=adviser)


def test_a_note_is_withdrawn_and_put_back_and_never_lost(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    kept = make.exchange_note(make.conversation(workspace), adviser)

    for withdrawn in (True, True, False):
        kept = withdraw_note(note=kept, withdrawn=withdrawn, by=adviser, at=now)
    with pytest.raises(NoteOfSomebodyElse):
        withdraw_note(note=kept, withdrawn=True, by=make.adviser(workspace.organisation), at=now)

    assert kept.withdrawn_at is None
    assert verbs(workspace) == ["conversation.note_withdrawn", "conversation.note_put_back"]


def test_what_was_read_stays_read_and_only_for_who_holds_the_exchange(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    chat = make.open_conversation(workspace, adviser)
    for _ in range(3):
        make.message(chat)
    last = make.exchange_note(chat, make.adviser(workspace.organisation))

    def told(position: int, note: int = 0, by: User = adviser) -> tuple[bool, int, int]:
        advanced = mark_read(conversation=chat, position=position, note=note, by=by)
        chat.refresh_from_db()
        return advanced, chat.read_position, chat.read_note

    assert told(9, by=make.adviser(workspace.organisation)) == (False, 0, 0)
    assert told(2) == (True, 2, 0)
    assert told(1) == (False, 2, 0)
    assert told(1, last.pk + 50) == (True, 2, last.pk)
    assert told(99) == (True, 3, last.pk)
    assert told(99, last.pk) == (False, 3, last.pk)
