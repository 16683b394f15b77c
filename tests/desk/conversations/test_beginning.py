"""An exchange begins, waits, and is given to one adviser."""

from datetime import datetime, timedelta

import pytest

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations import queries
from acquis.desk.conversations.actions.accept_conversation import accept_conversation
from acquis.desk.conversations.actions.start_conversation import start_conversation
from acquis.desk.conversations.errors import (
    AlreadyAccepted,
    ConversationEnded,
    CustomerOfAnotherDesk,
    WrapUpPending,
)
from acquis.desk.conversations.models import Conversation
from acquis.kernel.models import OutboxMessage
from tests.desk.conversations.exchanges import last_line, say, verbs
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


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
