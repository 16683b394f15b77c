from datetime import datetime
from typing import Any

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.certification.papers.actions.open_content import Purpose, open_content
from acquis.certification.papers.models import Subject
from acquis.certification.sittings.models import Phase, Sitting
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.models import Conversation, Message
from acquis.kernel import trace
from acquis.practice.rooms.errors import ExchangesNotOpen, NoSubjectDrawn, UnknownExchange
from acquis.practice.rooms.subjects import played_conversation
from acquis.practice.scenarios.actions.begin_exchange import begin_exchange


@transaction.atomic
def open_role_sheet(*, sitting: Sitting, by: User, at: datetime) -> dict[str, Any]:
    """The role sheets of the drawn exchanges, for a juror of the session; the opening is recorded."""
    draw = sitting.candidate.draws.filter(kind=Subject.Kind.EXCHANGES).first()
    if draw is None:
        raise NoSubjectDrawn
    return open_content(draw=draw, by=by, at=at, purpose=Purpose.PLAY)


@transaction.atomic
def ring(*, sitting: Sitting, key: str, by: User, at: datetime) -> Conversation:
    """Begin one exchange as the customer: it waits on the candidate's desk with its opening line.

    Rung twice, it rings once. Raises ExchangesNotOpen, NoSubjectDrawn or ExchangeUnknown.
    """
    workspace = open_workspace(sitting)
    content = open_role_sheet(sitting=sitting, by=by, at=at)
    conversation = begin_exchange(workspace=workspace, content=content, key=key, by=None, at=at)
    trace.record("exchange.rung", sitting, by=by, at=at, key=key, conversation=conversation.pk)
    return conversation


@transaction.atomic
def say(
    *, sitting: Sitting, key: str, body: str, client_key: str, by: User, at: datetime
) -> Message:
    """Write one message as the customer. Raises ExchangesNotOpen and what `send_message` raises."""
    open_workspace(sitting)
    conversation = played_conversation(sitting, key)
    if conversation is None:
        raise UnknownExchange
    message = send_message(
        conversation=conversation,
        author=Message.Author.CUSTOMER,
        body=body,
        author_label=conversation.contact_label,
        client_key=client_key,
        by=None,
        at=at,
    )
    trace.record("exchange.said", sitting, by=by, at=at, key=key, message=message.pk)
    return message


def open_workspace(sitting: Sitting) -> Workspace:
    """The candidate's private copy while they conduct exchanges. Raises ExchangesNotOpen."""
    running = sitting.phases.filter(state=Phase.State.RUNNING, kind=Phase.Kind.EXCHANGES).exists()
    if not running or sitting.workspace is None:
        raise ExchangesNotOpen
    return sitting.workspace
