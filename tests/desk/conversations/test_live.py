"""The desk's page over its socket: what it does, and what it is told of messages."""

from typing import Any

import pytest
from django.db import connection
from django.http import Http404

from acquis.accounts.models import Membership, User, Workspace
from acquis.desk.conversations import live as conversations
from acquis.desk.conversations import presentation, queries
from acquis.desk.conversations.errors import ConversationEnded, HeldBySomebodyElse, MessageEmpty
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.messaging.errors import AddressUnknown
from acquis.kernel import live, trace
from acquis.kernel.models import OutboxMessage
from tests.factories import desk as make
from tests.factories import messaging

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make.desk()


@pytest.fixture
def adviser(workspace: Workspace) -> User:
    return make.adviser(workspace.organisation)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    conversations._read.forget()


def act(name: str, by: User, said: dict[str, Any]) -> Any:
    """One act, as those done together are given one alone."""
    (given,) = live.TOGETHER[name].function([live.Asked(by, {}, said)])
    if isinstance(given, Exception):
        raise given
    return given


def of(chat: Conversation, **more: Any) -> dict[str, Any]:
    place = {"workspace": chat.workspace_id, "conversation": chat.pk, "position": 0, "note": 0}
    return place | more


def send(by: User, chat: Conversation, **more: Any) -> str:
    said = {"body": " Je regarde. ", "client_key": "k1", "after": 0}
    gave = act("conversation.send", by, of(chat, **(said | more)))
    return str(gave["lines"])


def test_a_message_is_sent_once_by_the_action_of_the_page(
    workspace: Workspace, adviser: User
) -> None:
    chat = make.open_conversation(workspace, adviser)

    first, again = send(adviser, chat), send(adviser, chat)

    (sent,) = chat.messages.all()
    assert (sent.body, sent.author, sent.author_label) == (
        "Je regarde.",
        "adviser",
        adviser.full_name,
    )
    assert f'id="message-{sent.pk}"' in first
    assert "Je regarde." in again
    assert [line.verb for line in trace.lines(workspace.trace_stream)] == [
        "conversation.message_sent"
    ]


def test_the_answer_brings_what_the_page_has_not_seen(workspace: Workspace, adviser: User) -> None:
    chat = make.open_conversation(workspace, adviser)
    make.message(chat, body="Un mot arrivé entre-temps")
    make.exchange_note(chat, adviser, body="Une note")

    lines = send(adviser, chat)

    assert lines.index("Un mot arrivé entre-temps") < lines.index("Je regarde.")
    assert "Une note" in lines


def test_nobody_sends_what_the_page_would_refuse(workspace: Workspace, adviser: User) -> None:
    held = make.open_conversation(workspace, make.adviser(workspace.organisation))
    ended = make.ended_conversation(workspace, adviser)
    own = make.open_conversation(workspace, adviser)
    elsewhere = make.open_conversation(make.desk(), adviser)

    with pytest.raises(HeldBySomebodyElse):
        send(adviser, held)
    with pytest.raises(ConversationEnded):
        send(adviser, ended)
    with pytest.raises(MessageEmpty):
        send(adviser, own, body=" ")
    with pytest.raises(Http404):
        send(adviser, elsewhere)
    with pytest.raises(Http404):
        send(adviser, own, conversation=elsewhere.pk)
    for wrong in ("", "x", "-1", "9" * 19, None):
        with pytest.raises(ValueError, match="conversation"):
            send(adviser, own, conversation=wrong)
    assert not OutboxMessage.objects.exists()


def test_a_role_withdrawn_meanwhile_closes_the_act(workspace: Workspace, adviser: User) -> None:
    chat = make.open_conversation(workspace, adviser)
    send(adviser, chat)
    Membership.objects.filter(user=adviser).delete()

    with pytest.raises(Http404):
        send(adviser, chat, client_key="k2")
    assert chat.messages.count() == 1


def test_what_was_read_and_whether_anything_changed(workspace: Workspace, adviser: User) -> None:
    chat = make.open_conversation(workspace, adviser)
    make.message(chat)
    note = make.exchange_note(chat, adviser)
    shown = of(chat, position=1, note=note.pk, state=presentation.state_of(chat))

    assert act("conversation.read", adviser, shown) == {}
    chat.refresh_from_db()
    assert (chat.read_position, chat.read_note) == (1, note.pk)
    assert live.ACTS["conversation.look"](adviser, shown) == {"same": True}
    make.message(chat, body="Une suite")
    make.exchange_note(chat, adviser, body="Deuxième note")
    lacking = live.ACTS["conversation.look"](adviser, shown)
    assert (lacking["same"], lacking["state"]) == (False, shown["state"])
    assert "Bonjour, message" not in lacking["lines"], "what it shows already is not given again"
    assert "Une suite" in lacking["lines"]
    assert "Deuxième note" in lacking["lines"]
    assert queries.ends(make.conversation(workspace)) == (0, 0)


def test_what_became_of_messages_is_given_each_time(workspace: Workspace, adviser: User) -> None:
    sms = messaging.exchange(workspace, adviser)
    sent = make.message(sms, author=Message.Author.ADVISER)
    messaging.delivery(sent, gateway=messaging.gateway(workspace))
    position, note = queries.ends(sms)
    shown = {"workspace": workspace.pk, "conversation": sms.pk, "position": position, "note": note}
    shown["state"] = presentation.state_of(sms)

    told = live.ACTS["conversation.look"](adviser, shown)

    assert told["same"] is False
    assert "<article" not in told["lines"]
    assert "data-mark" in told["lines"]


@pytest.mark.parametrize("chosen", [True, False])
def test_the_left_pane_is_compared_by_its_version(
    workspace: Workspace, adviser: User, chosen: bool
) -> None:
    chat = make.open_conversation(workspace, adviser)
    pk = chat.pk if chosen else None
    version = presentation.queue_version(queries.queue(workspace, adviser), pk)
    asked = {"workspace": workspace.pk, "conversation": pk or 0, "version": version}

    assert live.ACTS["conversation.look_at_queue"](adviser, asked) == {"same": True}
    make.message(chat)
    assert live.ACTS["conversation.look_at_queue"](adviser, asked) == {"same": False}


def news_of(chat: Conversation, **more: Any) -> dict[str, Any]:
    return {"what": "message", "conversation": chat.pk, "position": 1, **more}


def told(kind: str, reader: User, news: dict[str, Any], *topics: str) -> Any:
    news = {"topic": f"{kind}:1", **news}
    followed = frozenset(topics)
    if not live.wanted(reader, news, followed):
        return None
    return live.TELLERS[kind](reader, news, followed)


def line(reader: User, chat: Conversation, **more: Any) -> Any:
    return told("conversation", reader, news_of(chat, **more))


def test_the_thread_is_told_the_line_itself(workspace: Workspace, adviser: User) -> None:
    chat = make.open_conversation(workspace, adviser)
    make.attachment(make.message(chat, body="Où est <mon> colis ?"), name="bon.pdf")
    make.message(chat, body="Une suite")

    lines = line(adviser, chat)["lines"]

    assert "Où est &lt;mon&gt; colis ?" in lines
    assert "bon.pdf" in lines
    assert "Une suite" not in lines


def test_a_line_is_told_to_who_may_read_it_alone(workspace: Workspace, adviser: User) -> None:
    chat = make.open_conversation(workspace, adviser)
    make.message(chat)
    stranger = make.adviser(make.desk().organisation)

    assert line(stranger, chat) is None
    assert line(adviser, chat, by=adviser.pk) is None  # it came with the answer
    assert line(adviser, chat, what="ended") is None
    assert line(adviser, chat, position=None) is None
    assert line(adviser, chat, position=9) == {"lines": ""}
    assert line(adviser, chat, conversation=chat.pk + 1000) is None


def test_a_seat_withdrawn_closes_the_lines_within_seconds(
    workspace: Workspace, adviser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = make.open_conversation(workspace, adviser)
    make.message(chat)
    monkeypatch.setattr(conversations._read, "seconds", 0.0)
    assert line(adviser, chat) is not None

    Membership.objects.filter(user=adviser).delete()

    assert line(adviser, chat) is None


def test_the_row_is_told_to_who_holds_the_exchange_and_shows_another(
    workspace: Workspace, adviser: User
) -> None:
    chat = make.open_conversation(workspace, adviser, contact_label="Jean Petit")
    make.message(chat)
    make.message(chat)

    row = told("user", adviser, news_of(chat), "user:1")["row"]

    assert f'data-row="{chat.pk}"' in row
    assert 'figures">2<' in row
    other = make.adviser(workspace.organisation)
    assert told("user", other, news_of(chat)) is None
    assert told("user", adviser, news_of(chat), f"conversation:{chat.pk}") is None
    assert told("user", adviser, news_of(chat, what="presence")) is None


def test_who_holds_an_exchange_of_a_desk_now_closed_to_them_is_told_no_row(
    workspace: Workspace, adviser: User
) -> None:
    chat = make.open_conversation(workspace, adviser)
    Membership.objects.filter(user=adviser).delete()

    assert told("user", adviser, news_of(chat)) is None


def test_a_message_over_the_socket_asks_few_queries(
    workspace: Workspace, adviser: User, count_queries: Any
) -> None:
    chat = make.open_conversation(workspace, adviser)
    send(adviser, chat)

    # The door 4, the lock, the place, the message, the trace 3, the room, the outbox, a savepoint 2.
    assert count_queries(lambda: send(adviser, chat, after=1, client_key="k2")) <= 14
    assert count_queries(lambda: line(adviser, chat)) <= 5
    assert count_queries(lambda: line(adviser, chat)) <= 2  # who may read is held for a moment


# What each act asks of the database: a desk of hundreds does them a hundred times a second

TRACED = {"postgresql": 1, "sqlite": 3}  # statements of a line


def test_a_message_of_the_adviser_is_a_few_statements(
    workspace: Workspace, adviser: User, django_assert_num_queries: Any
) -> None:
    chat = make.open_conversation(workspace, adviser)
    send(adviser, chat, client_key="k0")
    # Three of the door, the row held, what is there, the message, the channel, the news; two of a savepoint.
    with django_assert_num_queries(8 + TRACED[connection.vendor] + 2):
        send(adviser, chat, after=1)


def test_messages_sent_together_are_as_many_statements_as_two(
    workspace: Workspace, django_assert_num_queries: Any
) -> None:
    advisers = [make.adviser(workspace.organisation) for _ in range(5)]
    chats = [make.open_conversation(workspace, one) for one in advisers]
    function = live.TOGETHER["conversation.send"].function

    def asked(key: str) -> list[live.Asked]:
        said = [
            of(chat, body="Bonjour", client_key=key, after=chat.messages.count()) for chat in chats
        ]
        return [live.Asked(by, {}, one) for by, one in zip(advisers, said, strict=True)]

    function(asked("k0"))
    for key, count in (("k1", 2), ("k2", 5)):
        turn = asked(key)[:count]
        with django_assert_num_queries(8 + 3 + 2):
            answers = function(turn)
        assert all("Bonjour" in answer["lines"] for answer in answers)

    assert [chat.messages.count() for chat in chats] == [3, 3, 2, 2, 2]
    assert trace.verify(f"workspace:{workspace.pk}") == []


def test_who_may_not_write_leaves_the_others_kept(workspace: Workspace, adviser: User) -> None:
    mine, theirs = (
        make.open_conversation(workspace, adviser),
        make.open_conversation(workspace, make.adviser(workspace.organisation)),
    )
    said = {"body": "Bonjour", "client_key": "k1", "after": 0}
    stranger = make.adviser(make.desk().organisation)
    function = live.TOGETHER["conversation.send"].function

    answers = function(
        [
            live.Asked(stranger, {}, of(mine, **said)),
            live.Asked(adviser, {}, of(mine, **said)),
            live.Asked(adviser, {}, of(theirs, **said)),
            live.Asked(adviser, {}, {**of(mine, **said), "workspace": "un"}),
            live.Asked(adviser, {}, of(mine, **said)),
            live.Asked(adviser, {}, of(mine, **{**said, "client_key": "k2", "body": " "})),
            live.Asked(adviser, {}, of(mine, **{**said, "client_key": "k3", "body": "Et voilà"})),
        ]
    )

    kinds = [type(one) for one in answers]
    assert kinds == [Http404, dict, HeldBySomebodyElse, ValueError, dict, MessageEmpty, dict]
    assert [one.body for one in mine.messages.order_by("position")] == ["Bonjour", "Et voilà"]
    assert not theirs.messages.exists()


def test_a_channel_that_refuses_a_message_refuses_that_one_alone(
    workspace: Workspace, adviser: User
) -> None:
    chat = make.open_conversation(workspace, adviser)
    sms = make.open_conversation(workspace, adviser, channel="sms", contact_address="")
    messaging.gateway(workspace)
    said = {"body": "Bonjour", "client_key": "k1", "after": 0}

    first, second = live.TOGETHER["conversation.send"].function(
        [live.Asked(adviser, {}, of(one, **said)) for one in (chat, sms)]
    )

    assert "Bonjour" in first["lines"]
    assert isinstance(second, AddressUnknown)
    assert not sms.messages.exists()


def test_reading_and_looking_are_a_few_statements(
    workspace: Workspace, adviser: User, django_assert_num_queries: Any
) -> None:
    chat = make.open_conversation(workspace, adviser)
    make.message(chat)
    shown = of(chat, position=1, state=presentation.state_of(chat))
    with django_assert_num_queries(1):
        assert live.ACTS["conversation.look"](adviser, shown) == {"same": True}
    with django_assert_num_queries(5):  # three of the door, the row, the chat of a site
        act("conversation.read", adviser, of(chat, position=1))
    with django_assert_num_queries(3):  # read already
        act("conversation.read", adviser, of(chat, position=1))


def test_a_line_and_a_row_are_two_queries_each(
    workspace: Workspace, adviser: User, django_assert_num_queries: Any
) -> None:
    chat = make.open_conversation(workspace, adviser)
    make.message(chat)
    news = {"what": "message", "conversation": chat.pk, "position": 1}
    for teller in (conversations.line, conversations.row):
        conversations._read.forget()
        with django_assert_num_queries(2):
            assert teller(adviser, news, frozenset())
