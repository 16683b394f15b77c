"""The life of a conversation, from its first word to its qualification."""

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations import queries
from acquis.desk.conversations.actions.accept_conversation import accept_conversation
from acquis.desk.conversations.actions.end_conversation import end_conversation
from acquis.desk.conversations.actions.identify_customer import identify_customer
from acquis.desk.conversations.actions.qualify_conversation import qualify_conversation
from acquis.desk.conversations.actions.record_contact import record_contact
from acquis.desk.conversations.actions.reopen_conversation import reopen_conversation
from acquis.desk.conversations.actions.send_file import send_file
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.actions.start_conversation import start_conversation
from acquis.desk.conversations.errors import (
    AlreadyAccepted,
    CodeOfAnotherDesk,
    CodeOfAnotherQueue,
    ContactInFuture,
    ConversationEnded,
    ConversationNotEnded,
    CustomerOfAnotherDesk,
    DetailUnknown,
    FileMissing,
    MessageEmpty,
    MessageKeyInvalid,
    MessageTooLong,
    NoFilesHere,
    NotAccepted,
    QualificationIncomplete,
    WrapUpPending,
)
from acquis.desk.conversations.models import ContactCode, Conversation, Message
from acquis.kernel import trace
from acquis.kernel.files import FileKindRefused
from acquis.kernel.models import OutboxMessage, StoredFile
from tests.factories import accounts, queues
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


def last_line(workspace: Workspace) -> dict[str, object]:
    line = trace.lines(workspace.trace_stream).last()
    assert line is not None
    return {"verb": line.verb, **line.data}


def say(conversation: Conversation, body: str, at: datetime, **fields: object) -> Message:
    values = {"author": "adviser", "author_label": "Camille", "client_key": body, "by": None}
    return send_message(conversation=conversation, body=body, at=at, **(values | fields))


def test_an_incoming_contact_waits_and_is_announced(workspace: Workspace, now: datetime) -> None:
    begun = start_conversation(
        workspace=workspace, channel="chat", direction="in", contact_label="Odile",
        subject="Ma commande", by=None, at=now,
    )  # fmt: skip

    assert begun.state == Conversation.State.WAITING
    assert verbs(workspace) == ["conversation.started"]
    topics = {message.payload["topic"] for message in OutboxMessage.objects.all()}
    assert topics == {f"conversation:{begun.pk}", f"workspace:{workspace.pk}"}


def test_a_message_is_told_to_who_holds_the_exchange_and_not_to_the_whole_desk(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    held = make.open_conversation(workspace, adviser)
    waiting = make.conversation(workspace)

    say(held, "Bonjour", now)
    heard = {message.payload["topic"] for message in OutboxMessage.objects.all()}
    say(waiting, "Il y a quelqu’un ?", now, author="customer")
    later = {message.payload["topic"] for message in OutboxMessage.objects.all()} - heard

    assert heard == {f"conversation:{held.pk}", f"user:{adviser.pk}"}
    assert later == {f"conversation:{waiting.pk}", f"workspace:{workspace.pk}"}


def test_news_of_a_message_tell_its_place_so_that_who_shows_it_asks_for_nothing(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    held = make.open_conversation(workspace, adviser)

    say(held, "Bonjour", now)
    say(held, "Un instant", now)

    told = [message.payload.get("position") for message in OutboxMessage.objects.order_by("pk")]
    assert told == [1, 1, 2, 2]


def test_the_left_pane_counts_all_and_shows_so_many(workspace: Workspace, adviser: User) -> None:
    colleague = make.adviser(workspace.organisation)
    for _each in range(queries.OTHERS_SHOWN + 2):
        make.open_conversation(workspace, colleague)
    mine = make.open_conversation(workspace, adviser)
    orphan = make.conversation(workspace, state=Conversation.State.OPEN)

    shown = queries.queue(workspace, adviser)

    assert [one.pk for one in shown.mine] == [mine.pk]
    assert len(shown.others) == queries.OTHERS_SHOWN
    assert shown.others_count == queries.OTHERS_SHOWN + 3, orphan
    assert (shown.waiting, shown.waiting_count) == ([], 0)


def test_the_same_exchange_of_a_scenario_begins_once(workspace: Workspace, now: datetime) -> None:
    asked = {
        "workspace": workspace, "channel": "chat", "direction": "in", "contact_label": "Odile",
        "subject": "", "played_key": "scenario-1:E1", "by": None, "at": now,
    }  # fmt: skip

    first, second = start_conversation(**asked), start_conversation(**asked)

    assert first == second
    assert verbs(workspace) == ["conversation.started"]


def test_an_outgoing_contact_is_open_at_once(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    begun = start_conversation(
        workspace=workspace, channel="phone", direction="out", contact_label="Odile", subject="",
        by=adviser, at=now,
    )  # fmt: skip

    assert (begun.state, begun.adviser) == (Conversation.State.OPEN, adviser)


def test_a_contact_cannot_begin_with_the_customer_of_another_desk(
    workspace: Workspace, now: datetime
) -> None:
    stranger = make.customer(make.desk())

    with pytest.raises(CustomerOfAnotherDesk):
        start_conversation(
            workspace=workspace, channel="chat", direction="in", contact_label="", subject="",
            customer=stranger, by=None, at=now,
        )  # fmt: skip

    assert verbs(workspace) == []


def test_accepting_gives_the_conversation_to_one_adviser(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    waiting = make.conversation(workspace)
    later = now + timedelta(seconds=21)

    taken = accept_conversation(conversation=waiting, by=adviser, at=later)
    accept_conversation(conversation=waiting, by=adviser, at=later)

    assert taken.adviser == adviser
    assert verbs(workspace) == ["conversation.accepted"]
    assert last_line(workspace)["waited_seconds"] == 21
    with pytest.raises(AlreadyAccepted):
        accept_conversation(conversation=waiting, by=make.adviser(workspace.organisation), at=later)


def test_accepting_refuses_while_another_conversation_is_to_be_qualified(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    make.ended_conversation(workspace, adviser, contact_label="M. Weber")
    waiting = make.conversation(workspace)

    with pytest.raises(WrapUpPending, match="Weber"):
        accept_conversation(conversation=waiting, by=adviser, at=now)

    waiting.refresh_from_db()
    assert waiting.state == Conversation.State.WAITING


def test_accepting_refuses_an_ended_conversation(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    ended = make.conversation(workspace, state=Conversation.State.ENDED)

    with pytest.raises(ConversationEnded):
        accept_conversation(conversation=ended, by=adviser, at=now)


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


def test_identifying_records_who_it_was_taken_for_before(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    chat = make.open_conversation(workspace, adviser)
    first, second = make.customer(workspace), make.customer(workspace)
    identify_customer(conversation=chat, customer=first, by=adviser, at=now)

    identify_customer(conversation=chat, customer=second, by=adviser, at=now)

    line = last_line(workspace)
    assert (line["customer_before"], line["customer_id"]) == (first.pk, second.pk)


def test_identifying_the_same_customer_again_changes_nothing(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    known = make.customer(workspace)
    chat = make.open_conversation(workspace, adviser, customer=known)

    identify_customer(conversation=chat, customer=known, by=adviser, at=now)

    assert verbs(workspace) == []
    assert not OutboxMessage.objects.exists()


def test_identifying_refuses_a_customer_of_another_desk(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    chat = make.open_conversation(workspace, adviser)

    with pytest.raises(CustomerOfAnotherDesk):
        identify_customer(
            conversation=chat, customer=make.customer(make.desk()), by=adviser, at=now
        )


def test_qualifying_leaves_the_wrap_up_and_traces_its_codes(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    chat = make.open_conversation(workspace, adviser)
    end_conversation(conversation=chat, by=adviser, at=now)
    reason, outcome = make.reason(workspace), make.outcome(workspace)

    qualify_conversation(
        conversation=chat, reason=reason, outcome=outcome, summary=" Colis retrouvé. ",
        by=adviser, at=now,
    )  # fmt: skip

    chat.refresh_from_db()
    assert (chat.reason, chat.outcome, chat.summary) == (reason, outcome, "Colis retrouvé.")
    line = last_line(workspace)
    assert (line["reason"], line["outcome"]) == (reason.code, outcome.code)
    assert not queries.to_qualify(workspace, adviser).exists()


def test_qualifying_again_keeps_the_first_codes_in_the_trace(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    chat = make.ended_conversation(workspace, adviser)
    first, second = make.reason(workspace), make.reason(workspace)
    outcome = make.outcome(workspace)
    for reason in (first, second):
        qualify_conversation(
            conversation=chat, reason=reason, outcome=outcome, summary="Vu.", by=adviser, at=now
        )

    line = last_line(workspace)

    assert (line["reason_before"], line["reason"]) == (first.code, second.code)
    assert line["correction"] is True


def test_qualifying_needs_a_precise_reason_an_outcome_and_an_account(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    chat = make.ended_conversation(workspace, adviser)
    reason, outcome = make.reason(workspace), make.outcome(workspace)
    incomplete = [
        {"reason": reason.parent, "outcome": outcome, "summary": "Vu."},
        {"reason": None, "outcome": outcome, "summary": "Vu."},
        {"reason": reason, "outcome": None, "summary": "Vu."},
        {"reason": reason, "outcome": outcome, "summary": "  "},
    ]

    for fields in incomplete:
        with pytest.raises(QualificationIncomplete):
            qualify_conversation(conversation=chat, **fields, by=adviser, at=now)

    assert verbs(workspace) == []


def test_qualifying_refuses_codes_of_another_desk_and_open_conversations(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    elsewhere = make.desk()
    ended = make.ended_conversation(workspace, adviser)
    fields = {"outcome": make.outcome(workspace), "summary": "Vu.", "by": adviser, "at": now}

    with pytest.raises(CodeOfAnotherDesk):
        qualify_conversation(conversation=ended, reason=make.reason(elsewhere), **fields)
    with pytest.raises(ConversationNotEnded):
        qualify_conversation(
            conversation=make.open_conversation(workspace, adviser),
            reason=make.reason(workspace),
            **fields,
        )


def test_a_contact_is_qualified_by_the_codes_of_its_queue_or_by_the_one_it_bears(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    own, borne, other = (make.reason(workspace) for _each in range(3))
    chat = make.ended_conversation(workspace, adviser, reason=borne)
    queues.placement(
        chat, queue=queues.queue(workspace, codes=[[ContactCode.Kind.REASON, own.code]])
    )
    fields = {
        "conversation": chat, "outcome": make.outcome(workspace), "summary": "Vu.",
        "by": adviser, "at": now,
    }  # fmt: skip

    with pytest.raises(CodeOfAnotherQueue, match=other.label):
        qualify_conversation(reason=other, **fields)
    assert verbs(workspace) == []
    for reason in (borne, own):
        assert qualify_conversation(reason=reason, **fields).reason == reason


def test_a_contact_is_recorded_by_hand_already_qualified(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    fields = {
        "customer": make.customer(workspace), "channel": "phone", "direction": "in",
        "subject": "Retard", "reason": make.reason(workspace),
        "outcome": make.outcome(workspace), "summary": "Appel reçu.", "by": adviser, "at": now,
    }  # fmt: skip

    kept = record_contact(**fields, started_at=now - timedelta(hours=1))

    assert kept.qualified_at == now
    assert verbs(workspace) == ["conversation.recorded"]
    with pytest.raises(ContactInFuture):
        record_contact(**fields, started_at=now + timedelta(minutes=1))


def test_ending_twice_changes_nothing(workspace: Workspace, adviser: User, now: datetime) -> None:
    chat = make.open_conversation(workspace, adviser)

    end_conversation(conversation=chat, by=adviser, at=now)
    end_conversation(conversation=chat, by=adviser, at=now + timedelta(minutes=1))

    chat.refresh_from_db()
    assert chat.ended_at == now
    assert verbs(workspace) == ["conversation.ended"]


def test_what_the_desk_asks_besides_is_kept_and_only_what_it_offers(
    adviser: User, workspace: Workspace, now: datetime
) -> None:
    workspace.identity = {
        "qualification_fields": [{"code": "urgency", "label": "Urgence", "values": ["haute"]}]
    }
    workspace.save()
    chat = make.ended_conversation(workspace, adviser)
    fields = {
        "conversation": chat, "reason": make.reason(workspace),
        "outcome": make.outcome(workspace), "summary": "Vu.", "by": adviser, "at": now,
    }  # fmt: skip

    for wrong in ({"urgency": "énorme"}, {"mood": "haute"}):
        with pytest.raises(DetailUnknown):
            qualify_conversation(**fields, details=wrong)
    qualify_conversation(**fields, details={"urgency": "haute"})

    chat.refresh_from_db()
    assert chat.details == {"urgency": "haute"}
    assert last_line(workspace)["details"] == {"urgency": "haute"}


@pytest.mark.parametrize("held", [True, False])
def test_reopening_gives_the_exchange_back_to_its_adviser_or_to_the_queue(
    workspace: Workspace, adviser: User, now: datetime, held: bool
) -> None:
    who = {"adviser": adviser} if held else {}
    ended = make.conversation(workspace, state=Conversation.State.ENDED, ended_at=now, **who)

    reopened = reopen_conversation(conversation=ended, by=None, at=now + timedelta(hours=1))

    expected = Conversation.State.OPEN if held else Conversation.State.WAITING
    assert (reopened.state, reopened.ended_at) == (expected, None)
    line = last_line(workspace)
    assert line["verb"] == "conversation.reopened"
    assert datetime.fromisoformat(str(line["ended_at_before"])) == now


def test_what_was_qualified_goes_on_and_a_sealed_desk_do_not_reopen(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    counted = make.ended_conversation(workspace, adviser, qualified_at=now)
    under_way = make.open_conversation(workspace, adviser)
    ended = make.ended_conversation(workspace, adviser)

    for same in (counted, under_way):
        reopen_conversation(conversation=same, by=None, at=now)
    accounts.sealed(workspace)
    with pytest.raises(WorkspaceSealed):
        reopen_conversation(conversation=ended, by=None, at=now)

    states = [one.state for one in Conversation.objects.order_by("pk")]
    assert states == ["ended", "open", "ended"]
    assert verbs(workspace) == []
