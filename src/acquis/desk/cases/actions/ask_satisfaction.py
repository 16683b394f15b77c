"""The customer is asked by a link how their case was handled, and answers by it."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.cases.access import link_of
from acquis.desk.cases.actions._case import locked, record, tell
from acquis.desk.cases.actions.follow_case import close_case, reopen_case
from acquis.desk.cases.actions.write_to_customer import Channel, write_to_customer
from acquis.desk.cases.errors import SatisfactionLinkClosed, SatisfactionNotAsked, SurveyOff
from acquis.desk.cases.models import Case, Opinion
from acquis.desk.cases.policy import deadlines, satisfaction
from acquis.desk.cases.queries import exchange_of
from acquis.desk.cases.rules import rules_of
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.shell import PARIS
from acquis.kernel import outbox
from acquis.kernel.errors import DomainRefusal

ASK = "cases.ask_satisfaction"  # of the outbox: a question whose hour has come
LABEL_CHARS = 160
STANDARD_TEXT = (
    "Votre demande est close. Dites-nous en une minute si vous en êtes satisfait, et si votre "
    "problème est résolu :"
)
ANSWERED = ["score", "solved", "comment", "answered_at", "changed_at", "answers"]


@transaction.atomic
def ask_satisfaction(*, case: Case, origin: str, by: User, at: datetime) -> Opinion:
    """Send the customer of a closed case the link to the question, as they spoke with us.

    In the chat in which the case was opened, while the same adviser still holds it; by SMS when it
    came by SMS; else by e-mail, or SMS without an address. `origin` is that of the link. It is
    about their own case, not prospecting: a refusal of prospecting does not forbid it; STOP to our
    messages does. Raises SatisfactionNotAsked, SurveyOff, ContactAddressMissing, what
    sending refuses, or WorkspaceSealed; nothing is written then.
    """
    row = locked(case)
    if row.state != Case.State.CLOSED or row.merged_into_id is not None:
        raise SatisfactionNotAsked
    rules = rules_of(row.workspace)
    if not rules.survey_on:
        raise SurveyOff
    talk = exchange_of(row)
    channel = _channel(row, talk, by)
    made = Opinion.objects.create(
        workspace=row.workspace,
        case=row,
        channel=channel,
        sent_at=at,
        sent_by_label=by.full_name[:LABEL_CHARS],
        expires_at=at + timedelta(days=rules.survey_days),
    )
    text = f"{rules.survey_text or STANDARD_TEXT}\n{link_of(made, origin)}"
    key = f"satisfaction-{made.pk}"
    if channel == Channel.CHAT and talk is not None:
        send_message(
            conversation=talk,
            author=Message.Author.ADVISER,
            body=text,
            author_label=by.full_name,
            client_key=key,
            by=by,
            at=at,
        )
    else:
        write_to_customer(
            customer=row.customer,
            channel=channel,
            subject=f"{row.number} : êtes-vous satisfait ?",
            body=f"Bonjour,\n\n{text}",
            client_key=key,
            by=by,
            at=at,
        )
    row.satisfaction_asked_at = at
    row.save(update_fields=["satisfaction_asked_at"])
    tell(row, "★ Question de satisfaction envoyée", by=by, at=at)
    record("case.satisfaction_sent", row, by=by, at=at, request=made.pk, channel=channel)
    return made


@transaction.atomic
def close_and_ask(
    *, case: Case, resolution: str, asked: bool, origin: str, by: User, at: datetime
) -> Case:
    """Close a case and, when asked, send its customer the question, after the delay of the desk.

    Where it cannot be sent (no address, STOP, switched off), the case is closed all the same and
    the question left to be put by voice. Raises what closing refuses.
    """
    closed = close_case(case=case, resolution=resolution, ask_satisfaction=asked, by=by, at=at)
    rules = rules_of(closed.workspace)
    if asked and rules.survey_on and rules.survey_delay:
        due = at + rules.survey_delay
        payload = {"case": closed.pk, "closed": at.isoformat(), "origin": origin, "by": by.pk}
        outbox.put(ASK, payload, at=at, due=due)
        tell(
            closed,
            f"★ Question de satisfaction prévue à {due.astimezone(PARIS):%d/%m %H:%M}",
            by=by,
            at=at,
        )
    elif asked:
        with suppress(DomainRefusal):
            ask_satisfaction(case=closed, origin=origin, by=by, at=at)
    return closed


@transaction.atomic
def ask_when_due(*, case: Case, closed_at: datetime, origin: str, by: User, at: datetime) -> None:
    """Send the question of a case that is still closed as it was then, once.

    One that was reopened since, or whose question somebody sent meanwhile, is left alone; what
    sending refuses leaves the question to be put by voice.
    """
    if case.closed_at != closed_at or case.opinions.filter(sent_at__gte=closed_at).exists():
        return
    with suppress(DomainRefusal):
        ask_satisfaction(case=case, origin=origin, by=by, at=at)


def _channel(case: Case, talk: Conversation | None, by: User) -> Channel:
    """By what the customer is asked: what they used, as long as it can still reach them."""
    own = talk.channel if talk is not None else ""
    if own == Channel.CHAT and talk is not None and _holds(talk, by):
        return Channel.CHAT
    if not case.customer.email or (own == Channel.SMS and case.customer.phone):
        return Channel.SMS
    return Channel.MAIL


def _holds(talk: Conversation, by: User) -> bool:
    return talk.state == Conversation.State.OPEN and talk.adviser_id == by.pk


@transaction.atomic
def answer_satisfaction(
    *, asked: Opinion, score: int, solved: bool, comment: str = "", at: datetime
) -> Opinion:
    """Keep what the customer says, from 1 to 5; « not solved » reopens the case while it may be.

    Raises SatisfactionLinkClosed, SatisfactionNotAsked (no such score) or WorkspaceSealed.
    """
    row = locked(asked.case)
    made = Opinion.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if made.door(at) not in {satisfaction.Door.OPEN, satisfaction.Door.CHANGEABLE}:
        raise SatisfactionLinkClosed
    if not satisfaction.WORST <= score <= satisfaction.BEST:
        raise SatisfactionNotAsked
    made.score, made.solved, made.comment = score, solved, comment.strip()
    made.answered_at, made.changed_at = made.answered_at or at, at
    made.answers += 1
    made.save(update_fields=ANSWERED)
    row.satisfaction, row.satisfaction_comment = score, made.comment
    row.satisfaction_by = Case.SaidBy.CUSTOMER
    row.save(update_fields=["satisfaction", "satisfaction_comment", "satisfaction_by"])
    said = f"★ {score}/{satisfaction.BEST} : {'résolu' if solved else 'non résolu'}"
    tell(row, f"{said}, dit par le client\n{made.comment}".strip(), by=None, at=at)
    record("case.satisfaction_answered", row, by=None, at=at, request=made.pk, score=score,
           solved=solved)  # fmt: skip
    if not solved and may_reopen(row, at):
        reopen_case(case=row, body="Le client dit que son problème n’est pas résolu.", at=at)
    return made


def may_reopen(case: Case, at: datetime) -> bool:
    """Within the delay of the desk; beyond, its history alone tells whoever follows the case."""
    return (
        case.state == Case.State.CLOSED
        and case.closed_at is not None
        and case.merged_into_id is None
        and deadlines.may_reopen(case.closed_at, at, rules_of(case.workspace).reopen_days)
    )
