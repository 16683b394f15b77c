"""The protocol of an abusive contact, from its mark to its end. Source: K-07."""

from datetime import datetime
from typing import Any

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conduct import policy, queries
from acquis.desk.conduct.access import refuse_unless_supervisor
from acquis.desk.conduct.errors import (
    AlreadyMarked,
    EndTooSoon,
    FactsMissing,
    NothingSaidYet,
    NotYourExchange,
    ProtocolOver,
    ReasonMissing,
    StepNotNext,
)
from acquis.desk.conduct.models import AbusiveContact, ContactMeasure, ProtocolStep
from acquis.desk.conversations.actions.end_conversation import end_conversation
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.directory.models import Customer
from acquis.desk.shell import day_in_paris, refuse_if_sealed, supervises
from acquis.kernel import realtime, trace

Channel = Conversation.Channel
WRITTEN = frozenset({Channel.CHAT, Channel.SMS, Channel.WHATSAPP, Channel.SOCIAL})
OVER = ["outcome", "over_at"]


@transaction.atomic
def mark_abuse(
    *, conversation: Conversation, nature: str, facts: str, by: User, at: datetime
) -> AbusiveContact:
    """Mark an exchange as abusive: the protocol begins, and the supervisor is told.

    Of an exchange already over, the event alone is written down. Raises FactsMissing,
    AlreadyMarked, NothingSaidYet, NotYourExchange or WorkspaceSealed; nothing is written then.
    """
    row = (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("workspace__organisation")
        .get(pk=conversation.pk)
    )
    refuse_if_sealed(row.workspace)
    facts = facts.strip()
    if not facts:
        raise FactsMissing
    if AbusiveContact.objects.filter(conversation=row).exists():
        raise AlreadyMarked
    if row.state == Conversation.State.WAITING:
        raise NothingSaidYet
    if row.adviser_id != by.pk and not supervises(by, row.workspace):
        raise NotYourExchange
    over = row.state == Conversation.State.ENDED
    contact = AbusiveContact.objects.create(
        workspace=row.workspace,
        conversation=row,
        nature=nature,
        facts=facts,
        adviser=by,
        adviser_label=by.full_name[:160],
        marked_at=at,
        outcome=AbusiveContact.Outcome.LEFT if over else "",
        over_at=at if over else None,
        keep_until=policy.kept_until(day_in_paris(at)),
    )
    _record("conduct.marked", contact, by=by, at=at, nature=nature, conversation=row.pk)
    _propose_if_repeated(contact, at=at)
    return contact


@transaction.atomic
def say_step(
    *, contact: AbusiveContact, step: str, words: str = "", send: bool = False, by: User,
    at: datetime,
) -> ProtocolStep:  # fmt: skip
    """Write down that the words of a step were said; with `send`, write them in the exchange.

    `send` counts only where one writes (chat, SMS, networks). Raises ProtocolOver, StepNotNext,
    what sending raises, or WorkspaceSealed; nothing is written then.
    """
    row = _going_on(contact)
    if not policy.may_say(step, _done(row)):
        raise StepNotNext
    return _say(row, policy.Step(step), words, send=send, by=by, at=at)


@transaction.atomic
def end_contact(
    *, contact: AbusiveContact, send: bool = False, by: User, at: datetime
) -> AbusiveContact:
    """End the exchange. Raises ProtocolOver, EndTooSoon or WorkspaceSealed; nothing is written then."""
    row = _going_on(contact)
    if not policy.may_end(queries.warnings_of(row, at), threat=row.is_threat):
        raise EndTooSoon
    _say(row, policy.Step.END, "", send=send, by=by, at=at)
    end_conversation(conversation=row.conversation, by=by, at=at)
    row.outcome, row.over_at = AbusiveContact.Outcome.ENDED, at
    row.save(update_fields=OVER)
    _record("conduct.ended", row, by=by, at=at, threat=row.is_threat)
    _propose_if_repeated(row, at=at)
    return row


@transaction.atomic
def resume_contact(*, contact: AbusiveContact, by: User, at: datetime) -> AbusiveContact:
    """Say that the exchange goes on calmly; the event stays. Raises ProtocolOver, WorkspaceSealed."""
    row = _going_on(contact)
    row.outcome, row.over_at = AbusiveContact.Outcome.CALMED, at
    row.save(update_fields=OVER)
    _record("conduct.calmed", row, by=by, at=at)
    return row


@transaction.atomic
def see_contact(*, contact: AbusiveContact, by: User, at: datetime) -> AbusiveContact:
    """Say that the supervisor has seen it; twice changes nothing.

    Raises SupervisorOnly or WorkspaceSealed.
    """
    row = _locked(contact)
    refuse_unless_supervisor(by, row.workspace)
    if row.seen_at is None:
        row.seen_at, row.seen_by_label = at, by.full_name[:160]
        row.save(update_fields=["seen_at", "seen_by_label"])
        _record("conduct.seen", row, by=by, at=at)
    return row


@transaction.atomic
def keep_reply(*, contact: AbusiveContact, reply: str, by: User, at: datetime) -> AbusiveContact:
    """Write down what the customer answers to the event, beside it: it is their right.

    The supervisor has it to see again. Raises ReasonMissing or WorkspaceSealed.
    """
    row = _locked(contact)
    reply = reply.strip()
    if not reply:
        raise ReasonMissing
    row.reply, row.replied_at, row.seen_at, row.seen_by_label = reply, at, None, ""
    row.save(update_fields=["reply", "replied_at", "seen_at", "seen_by_label"])
    _record("conduct.replied", row, by=by, at=at, chars=len(reply))
    return row


@transaction.atomic
def forget_contact(*, contact: AbusiveContact, at: datetime) -> None:
    """Delete an event whose term is over; that it was deleted stays in the trace."""
    row = _locked(contact)
    trace.record("conduct.forgotten", row, by=None, at=at, keep_until=row.keep_until)
    row.delete()


def _propose_if_repeated(contact: AbusiveContact, *, at: datetime) -> None:
    """Propose a measure to the supervisor; nothing is decided of itself."""
    customer = contact.conversation.customer
    if customer is None:
        return
    grave = list(queries.grave(customer).values_list("marked_at", flat=True))
    if not policy.is_repeated(grave, at):
        return
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)  # one proposal at a time
    of_customer = ContactMeasure.objects.filter(customer=customer)
    today = day_in_paris(at)
    if any(one.decided_at is None or one.in_force(today) for one in of_customer):
        return
    proposed = ContactMeasure.objects.create(
        workspace_id=contact.workspace_id,
        customer=customer,
        reason="",
        proposed_at=at,
        proposed_by_label="Acquis",
    )
    _record("conduct.measure_proposed", proposed, by=None, at=at, events=len(grave))


def _say(
    row: AbusiveContact, step: policy.Step, words: str, *, send: bool, by: User, at: datetime
) -> ProtocolStep:
    words = words.strip() or policy.WORDS[step]
    written = send and row.conversation.channel in WRITTEN
    if written:
        send_message(
            conversation=row.conversation,
            author=Message.Author.ADVISER,
            body=words,
            author_label=by.full_name,
            client_key=f"conduct-{row.pk}-{step}",
            by=by,
            at=at,
        )
    said = ProtocolStep.objects.create(
        workspace_id=row.workspace_id,
        contact=row,
        step=step,
        words=words,
        sent=written,
        at=at,
        by_label=by.full_name[:160],
    )
    _record("conduct.said", row, by=by, at=at, step=str(step), sent=written)
    return said


def _done(contact: AbusiveContact) -> list[str]:
    return list(contact.steps.values_list("step", flat=True))


def _locked(contact: AbusiveContact) -> AbusiveContact:
    row = (
        AbusiveContact.objects.select_for_update(of=("self",))
        .select_related("workspace__organisation", "conversation__customer")
        .get(pk=contact.pk)
    )
    refuse_if_sealed(row.workspace)
    return row


def _going_on(contact: AbusiveContact) -> AbusiveContact:
    row = _locked(contact)
    if row.outcome:
        raise ProtocolOver
    return row


def _record(
    verb: str,
    row: AbusiveContact | ContactMeasure,
    *,
    by: User | None,
    at: datetime,
    **data: Any,
) -> None:
    trace.record(verb, row, by=by, at=at, **data)
    realtime.publish(row.trace_stream, at=at, what="conduct")
