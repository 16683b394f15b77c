"""A visitor's exchange, from the first question to the mark."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.actions.accept_conversation import accept_conversation
from acquis.desk.conversations.actions.end_conversation import end_conversation
from acquis.desk.conversations.actions.send_file import send_file
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.errors import (
    ConversationEnded,
    MessageEmpty,
    MessageKeyInvalid,
    MessageTooLong,
    NotAccepted,
)
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.knowledge.models import Article
from acquis.desk.queues.errors import NotOfThisDesk
from acquis.desk.webchat import policy
from acquis.desk.webchat.access import chat_at, digest
from acquis.desk.webchat.actions.end_chat import (
    ask_transcript,
    end_chat,
    mark_read,
    rate_chat,
    reach,
)
from acquis.desk.webchat.actions.hand_over import hand_over
from acquis.desk.webchat.actions.keep_site import change_site, create_site, renew_key
from acquis.desk.webchat.actions.open_chat import Opening, open_chat
from acquis.desk.webchat.actions.speak import attach, say
from acquis.desk.webchat.errors import (
    ChatInvalid,
    ChatNotOver,
    ChatOver,
    EmailNeeded,
    OriginInvalid,
    ScoreInvalid,
    TokenInvalid,
    TooFast,
    TooManyChats,
)
from acquis.desk.webchat.models import Chat, ChatLine, Site, Visitor
from acquis.kernel import files, outbox, realtime
from acquis.kernel.errors import DomainRefusal
from acquis.kernel.models import TraceLine
from tests.factories import accounts, webchat
from tests.factories import desk as make
from tests.factories.queues import queue as make_queue

pytestmark = pytest.mark.django_db
NIGHT = webchat.NIGHT
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def site(workspace: Workspace) -> Site:
    return webchat.site(workspace)


@pytest.fixture
def robot(workspace: Workspace) -> Site:
    """A site where the automatic answer speaks first."""
    return webchat.site(workspace, name="Robot", automatic=True)


def begin(site: Site, at: datetime, **fields: Any) -> Chat:
    token = fields.pop("token", webchat.token())
    return open_chat(
        site=site,
        said=fields.pop("said", None) or webchat.opening(**fields),
        token=token,
        token_digest=digest(token),
        address_digest=digest("203.0.113.7"),
        at=at,
    )


def bodies(chat: Chat) -> list[tuple[str, str]]:
    assert chat.conversation is not None
    return list(chat.conversation.messages.order_by("position").values_list("author", "body"))


def verbs(workspace: Workspace) -> list[str]:
    lines = TraceLine.objects.filter(stream=workspace.trace_stream).order_by("position")
    return list(lines.values_list("verb", flat=True))


def test_open_chat_asks_for_an_adviser_at_once(site: Site, now: datetime) -> None:
    chat = begin(site, now, page_url="https://boutique.example/p?x=1", page_title="Robots")

    assert chat.conversation is not None
    assert chat.conversation.state == Conversation.State.WAITING
    assert chat.conversation.contact_label == "Odile"
    assert chat.conversation.contact_address == "odile@client.example"
    assert bodies(chat) == [("customer", "Où est mon colis ?")]
    assert (chat.page_url, chat.page_title) == ("https://boutique.example/p", "Robots")
    assert not chat.left_message
    assert verbs(site.workspace) == [
        "webchat.begun",
        "conversation.started",
        "conversation.message_sent",
        "webchat.handed_over",
    ]


def test_open_chat_knows_the_one_customer_of_an_address(site: Site, now: datetime) -> None:
    known = make.customer(site.workspace, email="Odile@client.example")
    make.customer(make.desk(), email="odile@client.example")

    chat = begin(site, now)
    assert chat.conversation is not None
    assert chat.conversation.customer == known

    make.customer(site.workspace, email="odile@client.example")
    chat = begin(site, now)
    assert chat.conversation is not None
    assert chat.conversation.customer is None


def test_open_chat_twice_begins_once(site: Site, now: datetime) -> None:
    token, said = webchat.token(), webchat.opening()

    first = begin(site, now, token=token, said=said)
    again = begin(site, now, token=token, said=said)
    other = begin(site, now, token=token)

    assert first == again
    assert other != first
    assert Visitor.objects.count() == 1
    assert Conversation.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"token": "court"}, TokenInvalid),
        ({"name": "  "}, ChatInvalid),
        ({"question": ""}, ChatInvalid),
        ({"client_key": ""}, ChatInvalid),
        ({"client_key": "k" * 81}, ChatInvalid),
        ({"email": "odile@"}, EmailNeeded),
        ({"said": webchat.opening(question="é" * 4001)}, MessageTooLong),
    ],
)
def test_open_chat_refuses_and_writes_nothing(
    site: Site, now: datetime, fields: dict[str, Any], refusal: type[DomainRefusal]
) -> None:
    with pytest.raises(refusal):
        begin(site, now, **fields)

    assert not Visitor.objects.exists()
    assert verbs(site.workspace) == []


def test_open_chat_refuses_a_crowd_from_one_address(site: Site, now: datetime) -> None:
    visitor = webchat.visitor(site)
    for _ in range(policy.MOST_CHATS):
        webchat.chat(visitor, begun_at=now)

    with pytest.raises(TooManyChats):
        begin(site, now)
    begin(site, now + policy.CHATS_WINDOW)


def test_open_chat_refuses_a_sealed_desk(site: Site, now: datetime) -> None:
    accounts.sealed(site.workspace)

    with pytest.raises(WorkspaceSealed):
        begin(site, now)


def test_a_chat_of_the_night_is_a_message_left(site: Site, adviser: User) -> None:
    chat = begin(site, NIGHT, language="en")
    assert chat.left_message
    assert chat.conversation is not None

    accept_conversation(conversation=chat.conversation, by=adviser, at=NIGHT)
    send_message(
        conversation=chat.conversation,
        author=Message.Author.ADVISER,
        body="Votre colis arrive demain.",
        author_label="Camille",
        client_key="a1",
        by=adviser,
        at=NIGHT,
    )
    outbox.deliver(now=NIGHT)

    (letter,) = mail.outbox
    assert letter.to == ["odile@client.example"]
    assert letter.reply_to == ["service.clients@valbrenne.example"]
    assert "Votre colis arrive demain." in letter.body
    assert "Answer to your message" in letter.subject


def test_the_answer_of_an_exchange_held_at_once_is_not_mailed(
    site: Site, adviser: User, now: datetime
) -> None:
    chat = begin(site, now)
    assert chat.conversation is not None
    accept_conversation(conversation=chat.conversation, by=adviser, at=now)
    send_message(conversation=chat.conversation, author="adviser", body="Oui.", author_label="C",
                 client_key="a", by=adviser, at=now)  # fmt: skip
    outbox.deliver(now=now)

    assert mail.outbox == []


def test_a_message_left_needs_an_address(site: Site) -> None:
    with pytest.raises(EmailNeeded):
        begin(site, NIGHT, email="")

    assert not Chat.objects.exists()


# The automatic answer


def article(robot: Site, **fields: Any) -> Article:
    return make.article(robot.workspace, **({"kind": Article.Kind.FAQ} | fields))


def test_the_automatic_answer_says_what_it_is_and_proposes(robot: Site, now: datetime) -> None:
    found = article(robot, title="Suivre mon colis")
    article(robot, title="Garantie", body="Deux ans.")
    article(robot, title="Colis perdus", kind=Article.Kind.PROCEDURE)
    article(robot, title="Colis de 2020", valid_until=webchat.NOW.date() - timedelta(days=1))

    chat = begin(robot, now)

    assert chat.conversation is None
    question, answer = chat.lines.order_by("position")
    assert (question.author, question.body) == ("visitor", "Où est mon colis ?")
    assert answer.author == ChatLine.Author.AUTOMATIC
    assert answer.body.startswith("Réponse automatique")
    assert [one["slug"] for one in answer.articles] == [found.slug]
    assert verbs(robot.workspace) == ["webchat.begun", "webchat.answered_automatically"]


def test_the_automatic_answer_says_that_it_found_nothing(robot: Site, now: datetime) -> None:
    chat = begin(robot, now, question="Bonjour", language="en")

    answer = chat.lines.last()
    assert answer is not None
    assert answer.articles == []
    assert answer.body.startswith("Automatic answer")


def test_say_is_answered_automatically_once(robot: Site, now: datetime) -> None:
    chat = begin(robot, now)

    say(chat=chat, body=" Et la garantie ? ", client_key="s1", at=now)
    say(chat=chat, body=" Et la garantie ? ", client_key="s1", at=now)

    lines = chat.lines.order_by("position").values_list("position", "author", "body")
    assert [line[:2] for line in lines] == [
        (1, "visitor"), (2, "automatic"), (3, "visitor"), (4, "automatic"),
    ]  # fmt: skip
    assert lines[2][2] == "Et la garantie ?"


@pytest.mark.parametrize(
    ("body", "key", "refusal"),
    [
        ("  ", "k", MessageEmpty),
        ("x" * 4001, "k", MessageTooLong),
        ("x", "", MessageKeyInvalid),
        ("x", "k" * 81, MessageKeyInvalid),
    ],
)
def test_say_refuses_and_writes_nothing(
    robot: Site, now: datetime, body: str, key: str, refusal: type[DomainRefusal]
) -> None:
    chat = begin(robot, now)

    with pytest.raises(refusal):
        say(chat=chat, body=body, client_key=key, at=now)

    assert chat.lines.count() == 2


def test_hand_over_tells_the_adviser_what_was_said(robot: Site, now: datetime) -> None:
    article(robot, title="Suivre mon colis")
    chat = begin(robot, now)
    say(chat=chat, body="Mon colis est perdu", client_key="s1", at=now)

    handed = hand_over(chat=chat, at=now)
    again = hand_over(chat=chat, at=now)

    assert handed.conversation == again.conversation
    before, asked = bodies(handed)
    assert before[0] == "system"
    assert before[1].startswith("Avant l’échange")
    assert "10:00 · Odile : Où est mon colis ?" in before[1]
    assert "[Suivre mon colis]" in before[1]
    assert asked == ("customer", "Mon colis est perdu")
    assert Conversation.objects.count() == 1


def test_hand_over_takes_the_address_that_was_missing(robot: Site) -> None:
    chat = begin(robot, NIGHT, email="")

    with pytest.raises(EmailNeeded):
        hand_over(chat=chat, at=NIGHT)
    with pytest.raises(EmailNeeded):
        hand_over(chat=chat, email="odile@", at=NIGHT)
    handed = hand_over(chat=chat, email=" odile@client.example ", at=NIGHT)

    assert handed.left_message
    assert handed.conversation is not None
    assert handed.conversation.contact_address == "odile@client.example"


def test_a_chat_closed_with_the_automatic_answer_is_over(robot: Site, now: datetime) -> None:
    chat = begin(robot, now)

    end_chat(chat=chat, at=now)
    end_chat(chat=chat, at=now + timedelta(minutes=1))

    chat.refresh_from_db()
    assert chat.closed_at == now
    assert verbs(robot.workspace).count("webchat.closed") == 1
    for act in (
        lambda: hand_over(chat=chat, at=now),
        lambda: say(chat=chat, body="x", client_key="k", at=now),
    ):
        with pytest.raises(ChatOver):
            act()
    assert not Conversation.objects.exists()


# The exchange


def test_say_reaches_the_conversation_once(site: Site, adviser: User, now: datetime) -> None:
    chat = begin(site, now)

    say(chat=chat, body="Bonjour", client_key="s1", at=now)
    say(chat=chat, body="Bonjour", client_key="s1", at=now)

    assert bodies(chat)[1:] == [("customer", "Bonjour")]


def test_say_refuses_a_flood(site: Site, now: datetime) -> None:
    chat = begin(site, now)
    for rank in range(policy.MOST_MESSAGES - 1):  # the question was the first
        say(chat=chat, body="x", client_key=f"s{rank}", at=now)

    with pytest.raises(TooFast):
        say(chat=chat, body="x", client_key="trop", at=now)
    with pytest.raises(TooFast):
        attach(chat=chat, file=upload(), client_key="trop", at=now)
    say(chat=chat, body="x", client_key="après", at=now + policy.MESSAGES_WINDOW)


def test_say_refuses_once_ended(site: Site, adviser: User, now: datetime) -> None:
    chat = begin(site, now)
    assert chat.conversation is not None
    end_conversation(conversation=chat.conversation, by=adviser, at=now)

    with pytest.raises(ConversationEnded):
        say(chat=chat, body="x", client_key="k", at=now)


def test_the_visitor_ends_the_exchange(site: Site, now: datetime) -> None:
    chat = begin(site, now)

    end_chat(chat=chat, at=now)

    chat.refresh_from_db()
    assert chat.conversation is not None
    assert chat.conversation.state == Conversation.State.ENDED
    line = TraceLine.objects.get(verb="conversation.ended")
    assert line.data["ended_by"] == "customer"


def upload(content: bytes = PNG, name: str = "photo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_attach_keeps_the_file_once_and_asks_for_an_adviser(robot: Site, now: datetime) -> None:
    chat = begin(robot, now)

    chat = attach(chat=chat, file=upload(), client_key="f1", at=now)
    attach(chat=chat, file=upload(), client_key="f1", at=now)

    assert chat.conversation is not None
    message = chat.conversation.messages.get(client_key="f1")
    (kept,) = message.attachments.all()
    assert (kept.name, kept.file.media_type) == ("photo.png", "image/png")
    assert message.body == "photo.png"


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"MZ\x00\x01", "photo.png"), (b"<html><script>", "page.png"), (b"PK\x03\x04x", "a.pdf")],
)
def test_attach_judges_a_file_by_what_it_is(
    site: Site, now: datetime, content: bytes, name: str
) -> None:
    chat = begin(site, now)

    with pytest.raises(files.FileKindRefused):
        attach(chat=chat, file=upload(content, name), client_key="f", at=now)

    assert len(bodies(chat)) == 1


def test_an_adviser_sends_a_file_once(site: Site, adviser: User, now: datetime) -> None:
    chat = begin(site, now)
    conversation = chat.conversation
    assert conversation is not None
    fields: dict[str, Any] = {"conversation": conversation, "client_key": "f", "by": adviser}

    with pytest.raises(NotAccepted):
        send_file(file=upload(), at=now, **fields)
    accept_conversation(conversation=conversation, by=adviser, at=now)
    send_file(file=upload(b"%PDF-1.4", "bon.pdf"), at=now, **fields)
    message = send_file(file=upload(b"%PDF-1.4", "bon.pdf"), at=now, **fields)

    assert message.attachments.count() == 1
    assert message.body == "bon.pdf"


# The end


def test_rate_keeps_the_last_mark(site: Site, adviser: User, now: datetime) -> None:
    chat = webchat.ended_chat(site, adviser)

    rate_chat(chat=chat, score=2, comment="", at=now)
    rated = rate_chat(chat=chat, score=5, comment=" Merci ! ", at=now)

    assert (rated.score, rated.comment, rated.rated_at) == (5, "Merci !", now)
    assert verbs(site.workspace) == ["webchat.rated"] * 2


@pytest.mark.parametrize("score", [0, 6, -1])
def test_rate_refuses_what_is_no_mark(site: Site, adviser: User, now: datetime, score: int) -> None:
    with pytest.raises(ScoreInvalid):
        rate_chat(chat=webchat.ended_chat(site, adviser), score=score, comment="", at=now)


def test_rate_refuses_a_comment_too_long_to_keep_whole(
    site: Site, adviser: User, now: datetime
) -> None:
    chat = webchat.ended_chat(site, adviser)

    with pytest.raises(MessageTooLong):
        rate_chat(chat=chat, score=4, comment="é" * 2001, at=now)

    assert verbs(site.workspace) == []


def test_a_running_exchange_is_neither_rated_nor_mailed(
    site: Site, adviser: User, now: datetime
) -> None:
    chat = webchat.open_chat(site, adviser)

    with pytest.raises(ChatNotOver):
        rate_chat(chat=chat, score=5, comment="", at=now)
    with pytest.raises(ChatNotOver):
        ask_transcript(chat=chat, email="odile@client.example", at=now)


def test_the_transcript_leaves_once_for_an_address(
    robot: Site, adviser: User, now: datetime
) -> None:
    chat = hand_over(chat=begin(robot, now), at=now)
    assert chat.conversation is not None
    accept_conversation(conversation=chat.conversation, by=adviser, at=now)
    send_message(conversation=chat.conversation, author="adviser", body="Il arrive demain.",
                 author_label="Camille", client_key="a", by=adviser, at=now)  # fmt: skip
    end_chat(chat=chat, at=now)

    ask_transcript(chat=chat, email=" odile@client.example ", at=now)
    ask_transcript(chat=chat, email="odile@client.example", at=now)
    outbox.deliver(now=now)

    (letter,) = mail.outbox
    assert letter.to == ["odile@client.example"]
    assert "10:00 · Odile : Où est mon colis ?" in letter.body
    assert "Réponse automatique : " in letter.body
    assert "10:00 · Camille : Il arrive demain." in letter.body
    assert "Avant l’échange" not in letter.body
    with pytest.raises(EmailNeeded):
        ask_transcript(chat=chat, email="odile", at=now)


def test_the_transcript_of_a_chat_without_adviser(robot: Site, now: datetime) -> None:
    robot.workspace.identity = {}
    robot.workspace.save()
    chat = end_chat(chat=begin(robot, now), at=now)

    ask_transcript(chat=chat, email="odile@client.example", at=now)
    outbox.deliver(now=now)

    (letter,) = mail.outbox
    assert letter.reply_to == []
    assert robot.workspace.name in letter.subject


def test_letters_about_what_is_gone_are_dropped(now: datetime) -> None:
    for topic, payload in (
        ("webchat.transcript", {"chat": 0, "to": "x@client.example"}),
        ("webchat.answer", {"message": 0}),
        ("webchat.call_back", {"call_back": 0, "what": "due", "due": now.isoformat()}),
    ):
        outbox.put(topic, payload, at=now)

    assert outbox.deliver(now=now) == 3
    assert mail.outbox == []


def test_an_answer_without_an_address_stays_here(site: Site, adviser: User, now: datetime) -> None:
    chat = webchat.open_chat(site, adviser, left_message=True)
    assert chat.conversation is not None
    for conversation in (chat.conversation, make.open_conversation(site.workspace, adviser)):
        message = make.message(conversation, author="adviser")
        outbox.put("webchat.answer", {"message": message.pk}, at=now)
    outbox.deliver(now=now)

    assert mail.outbox == []


def test_reading_goes_forward_only(site: Site, adviser: User) -> None:
    chat = webchat.open_chat(site, adviser)
    assert chat.conversation is not None
    make.message(chat.conversation)
    make.message(chat.conversation)

    reach({chat.conversation_id: 1}, side="adviser")
    mark_read(chat=chat, position=99)
    mark_read(chat=chat, position=1)

    chat.refresh_from_db()
    assert (chat.read_by_adviser, chat.read_by_visitor) == (1, 2)
    alone = webchat.chat(webchat.visitor(site))
    mark_read(chat=alone, position=3)
    alone.refresh_from_db()
    assert alone.read_by_visitor == 0
    accounts.sealed(site.workspace)
    chat.workspace.refresh_from_db()
    with pytest.raises(WorkspaceSealed):
        mark_read(chat=chat, position=2)


# Sites

VALUES = {"name": "Boutique", "origins": ["https://A.example", "https://a.example"]}


def test_create_change_and_renew_a_site(workspace: Workspace, adviser: User, now: datetime) -> None:
    site = create_site(workspace=workspace, values=VALUES, by=adviser, at=now)
    assert site.origins == ["https://a.example"]
    assert site.is_public
    key = site.key

    change_site(site=site, values=VALUES | {"is_active": False}, by=adviser, at=now)
    renew_key(site=site, by=adviser, at=now)

    site.refresh_from_db()
    assert not site.is_active
    assert site.key != key
    assert verbs(workspace) == [
        "webchat.site_created",
        "webchat.site_changed",
        "webchat.key_renewed",
    ]


def test_a_site_refuses_an_origin_that_is_none(
    workspace: Workspace, adviser: User, now: datetime
) -> None:
    with pytest.raises(OriginInvalid):
        create_site(workspace=workspace, values=VALUES | {"origins": ["x"]}, by=adviser, at=now)

    assert not Site.objects.exists()


def test_a_site_never_waits_in_the_queue_of_another_desk(
    site: Site, adviser: User, now: datetime
) -> None:
    strange = VALUES | {"queue": make_queue(make.desk())}

    for act in (
        lambda: create_site(workspace=site.workspace, values=strange, by=adviser, at=now),
        lambda: change_site(site=site, values=strange, by=adviser, at=now),
    ):
        with pytest.raises(NotOfThisDesk):
            act()

    site.refresh_from_db()
    assert site.queue is None
    assert Site.objects.count() == 1
    assert verbs(site.workspace) == []


def test_a_sealed_desk_keeps_its_sites_as_they_are(
    site: Site, adviser: User, now: datetime
) -> None:
    accounts.sealed(site.workspace)

    for act in (
        lambda: create_site(workspace=site.workspace, values=VALUES, by=adviser, at=now),
        lambda: change_site(site=site, values=VALUES, by=adviser, at=now),
        lambda: renew_key(site=site, by=adviser, at=now),
    ):
        with pytest.raises(WorkspaceSealed):
            act()


def test_an_opening_is_what_it_says() -> None:
    assert Opening("a", "", "q", "k").language == "fr"


# What each act asks of the database: a desk of hundreds does them a hundred times a second

TRACED = {"postgresql": 1, "sqlite": 3}  # statements of a line


def test_what_a_visitor_says_is_a_few_statements(
    site: Site, adviser: User, now: datetime, django_assert_num_queries: Any
) -> None:
    token = webchat.token()
    chat = webchat.chat(
        webchat.visitor(site, token_digest=digest(token)),
        conversation=make.open_conversation(site.workspace, adviser),
    )
    say(chat=chat, body="Bonjour", client_key="k1", at=now)
    # The door, the exchange held, what is there, the lines before, the message, the news; two of a savepoint.
    with django_assert_num_queries(6 + TRACED[connection.vendor] + 2):
        say(chat=chat_at(site.key, token), body="Où est-il ?", client_key="k2", at=now)
    with django_assert_num_queries(1):
        assert chat_at(site.key, token).conversation == chat.conversation
    with django_assert_num_queries(1):
        mark_read(chat=chat_at(site.key, token), position=0)
    with django_assert_num_queries(2):
        mark_read(chat=chat_at(site.key, token), position=2)


def test_what_is_said_while_the_chat_is_handed_over_goes_to_the_adviser(
    site: Site, adviser: User, now: datetime
) -> None:
    chat = webchat.chat(webchat.visitor(site))
    before = Chat.objects.get(pk=chat.pk)  # as the page still knows it
    Chat.objects.filter(pk=chat.pk).update(
        conversation=make.open_conversation(site.workspace, adviser)
    )

    said = say(chat=before, body="Vous êtes là ?", client_key="k1", at=now)

    assert said.conversation is not None
    assert said.conversation.messages.get().body == "Vous êtes là ?"
    assert chat.lines.count() == 1


def test_a_sealed_desk_keeps_nothing_that_is_said(site: Site, adviser: User, now: datetime) -> None:
    chat = webchat.open_chat(site, adviser)
    accounts.sealed(site.workspace)

    with pytest.raises(WorkspaceSealed):
        say(chat=chat, body="Bonjour", client_key="k1", at=now)

    assert chat.conversation is not None
    assert not chat.conversation.messages.exists()


def test_how_far_an_exchange_without_visitor_was_read_is_told_to_nobody(
    site: Site, adviser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(realtime, "tell_each", told.extend)

    reach({make.open_conversation(site.workspace, adviser).pk: 1}, side="adviser")

    assert told == []


def test_a_key_said_to_the_automatic_answer_is_not_said_again_to_the_adviser(
    site: Site, adviser: User, now: datetime
) -> None:
    chat = webchat.open_chat(site, adviser)
    assert chat.conversation is not None
    key = chat.lines.get().client_key
    say(chat=chat, body="Bonjour", client_key=key, at=now)
    assert not chat.conversation.messages.exists()
