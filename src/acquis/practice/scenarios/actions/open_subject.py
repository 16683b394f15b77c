from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from acquis.accounts.enums import WorkspaceKind
from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.directory.models import Customer
from acquis.kernel import realtime, trace
from acquis.practice.enterprises.moments import Clock, reference_day
from acquis.practice.scenarios import library
from acquis.practice.scenarios.errors import CustomerAbsent, NotAPrivateCopy, OtherEnterprise

_LIVE = (Conversation.Channel.CHAT, Conversation.Channel.PHONE)


@transaction.atomic
def open_subject(
    *, workspace: Workspace, content: Mapping[str, Any], by: User | None, at: datetime
) -> Conversation | None:
    """Put what triggers a written subject on the desk: the letter or e-mail waiting for an answer.

    The letter bears its own day, counted from the reference day of the copy, and names the subject
    in `played_key`: opening again gives the same letter. A dossier without one, as it may be written in
    the form, and a set of exchanges before it is played (see `begin_exchange`) bring nothing: None.
    Raises NotAPrivateCopy, OtherEnterprise or CustomerAbsent; nothing is written then.
    """
    workspace = playable(workspace, content)
    if content["kind"] != "written" or "trigger" not in content:
        return None
    key = content["code"]
    kept = Conversation.objects.filter(workspace=workspace, played_key=key).first()
    if kept is not None:
        return kept
    reference = reference_day(workspace.identity)
    trigger = library.dated(dict(content), reference)["trigger"]
    customer = customer_of(workspace, content["customer"])
    arrived = Clock(reference).at(trigger["d"], trigger["t"])
    letter = Conversation.objects.create(
        workspace=workspace,
        customer=customer,
        channel=trigger["channel"],
        direction=Conversation.Direction.IN,
        state=Conversation.State.WAITING,
        subject=trigger["subject"],
        contact_label=customer.display_name,
        started_at=arrived,
        played_key=key,
    )
    Message.objects.create(
        workspace=workspace,
        conversation=letter,
        position=1,
        author=Message.Author.CUSTOMER,
        author_label=f"{customer.first_name} {customer.last_name}".strip(),
        body=trigger["body"],
        sent_at=arrived,
        client_key=f"subject-{key}",
    )
    trace.record(
        "subject.put_on_desk",
        letter,
        by=by,
        at=at,
        subject=key,
        customer=customer.reference,
        channel=letter.channel,
        reference_on=reference,
    )
    realtime.publish(workspace.trace_stream, at=at, what="started", conversation=letter.pk)
    return letter


@transaction.atomic
def put_letters_away(*, workspace: Workspace, by: User | None, at: datetime) -> int:
    """Take what triggered a written subject off the queue once that work is over; returns how many.

    Nobody dealt with it on the desk, so it bears no end: only customers who wait are offered next.
    """
    waiting = (
        Conversation.objects.filter(workspace=workspace, state=Conversation.State.WAITING)
        .exclude(played_key="")
        .exclude(channel__in=_LIVE)
    )
    count = 0
    for letter in waiting:
        letter.state = Conversation.State.ENDED
        letter.save(update_fields=["state"])
        trace.record("subject.put_away", letter, by=by, at=at, subject=letter.played_key)
        realtime.publish(workspace.trace_stream, at=at, what="ended", conversation=letter.pk)
        count += 1
    return count


def playable(workspace: Workspace, content: Mapping[str, Any]) -> Workspace:
    """Lock a private copy in which this subject may be played.

    Raises NotAPrivateCopy or OtherEnterprise.
    """
    locked = Workspace.objects.select_for_update(of=("self",)).get(pk=workspace.pk)
    if locked.kind != WorkspaceKind.COPY or locked.sealed_at is not None:
        raise NotAPrivateCopy
    if locked.pack != content["enterprise"]:
        raise OtherEnterprise(pack=content["enterprise"])
    return locked


def customer_of(workspace: Workspace, reference: str) -> Customer:
    """Find the customer of a subject in a copy. Raises CustomerAbsent."""
    customer = Customer.objects.filter(workspace=workspace, reference=reference).first()
    if customer is None:
        raise CustomerAbsent(reference=reference)
    return customer
