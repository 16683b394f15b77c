"""An exchange is identified, qualified, ended and opened again."""

from datetime import datetime, timedelta

import pytest

from acquis.accounts.errors import WorkspaceSealed
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations import queries
from acquis.desk.conversations.actions.end_conversation import end_conversation
from acquis.desk.conversations.actions.identify_customer import identify_customer
from acquis.desk.conversations.actions.qualify_conversation import qualify_conversation
from acquis.desk.conversations.actions.record_contact import record_contact
from acquis.desk.conversations.actions.reopen_conversation import reopen_conversation
from acquis.desk.conversations.errors import (
    CodeOfAnotherDesk,
    CodeOfAnotherQueue,
    ContactInFuture,
    ConversationNotEnded,
    CustomerOfAnotherDesk,
    DetailUnknown,
    QualificationIncomplete,
)
from acquis.desk.conversations.models import ContactCode, Conversation
from acquis.kernel.models import OutboxMessage
from tests.desk.conversations.exchanges import last_line, verbs
from tests.factories import accounts, queues
from tests.factories import desk as make

pytestmark = pytest.mark.django_db


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
