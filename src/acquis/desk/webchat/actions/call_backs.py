"""A call asked for by a customer, from its slot to its result."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.conversations import policy as conversations
from acquis.desk.conversations.actions.start_conversation import start_conversation
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.policy import e164
from acquis.desk.shell import day_in_paris, refuse_if_sealed
from acquis.desk.webchat import policy, queries
from acquis.desk.webchat.errors import (
    CallBackInvalid,
    CallBackNotTaken,
    CallBackOver,
    CallBacksClosed,
    CallBackTaken,
    PhoneInvalid,
    SlotNotOffered,
    TooManyCalls,
)
from acquis.desk.webchat.models import CallAttempt, CallBack, Site
from acquis.desk.webchat.news import announce_call_back
from acquis.kernel import crypto, outbox, trace

NAME_CHARS = 120
SUBJECT_CHARS = 200
NOTE_CHARS = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """What a customer asks: `proof` holds the words shown to them, where and when."""

    name: str
    phone: str
    subject: str
    slot_start: datetime
    client_key: str
    proof: Mapping[str, Any]
    language: str = "fr"


@transaction.atomic
def request_call_back(*, site: Site, asked: Asked, by: User | None, at: datetime) -> CallBack:
    """Promise a call in a free slot; the same `client_key` gives the promise already made.

    The customer's own request: it needs no consent to canvassing (P-01 forbids calling who did not
    ask), and the request is kept as its proof. Raises CallBacksClosed, CallBackInvalid,
    PhoneInvalid, SlotNotOffered, TooManyCalls or WorkspaceSealed; nothing is written then.
    """
    name, subject, phone = asked.name.strip(), asked.subject.strip(), e164(asked.phone)
    if not name or not subject or not 0 < len(asked.client_key) <= conversations.LONGEST_KEY:
        raise CallBackInvalid
    if phone is None:
        raise PhoneInvalid(phone=asked.phone.strip()[:30])
    # One promise at a time: two people cannot be given the last place of a slot.
    site = Site.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=site.pk)
    refuse_if_sealed(site.workspace)
    known = site.call_backs.filter(client_key=asked.client_key).first()
    if known is not None:
        return known
    if not site.calls_open:
        raise CallBacksClosed
    promised = site.call_backs.filter(phone=phone, state__in=queries.PROMISED).count()
    if promised >= policy.MOST_CALLS:
        raise TooManyCalls
    free = {slot.start: slot for slot in queries.free_slots(site, now=at)}
    slot = free.get(asked.slot_start)
    if slot is None:
        raise SlotNotOffered
    call_back = CallBack.objects.create(
        workspace=site.workspace,
        site=site,
        reference=f"RAP-{crypto.draw(crypto.LETTERS + crypto.DIGITS, 7)}",
        client_key=asked.client_key,
        name=name[:NAME_CHARS],
        phone=phone,
        subject=subject[:SUBJECT_CHARS],
        language=asked.language,
        customer=queries.customer_of_phone(site.workspace, phone, today=day_in_paris(at)),
        slot_start=slot.start,
        slot_end=slot.end,
        due_at=slot.start,
        requested_at=at,
        proof=dict(asked.proof),
    )
    _announce_later(call_back)
    trace.record(
        "call_back.requested",
        call_back,
        by=by,
        at=at,
        reference=call_back.reference,
        slot=slot.start,
        proof=call_back.proof,
        personal={"name": call_back.name, "phone": phone},
    )
    announce_call_back(call_back, what="call_back_requested", at=at)
    return call_back


@transaction.atomic
def cancel_call_back(*, call_back: CallBack, by: User | None, at: datetime) -> CallBack:
    """The customer needs no call any more; cancelling twice changes nothing.

    Raises CallBackOver once the call is under way or done, or WorkspaceSealed.
    """
    row = _locked(call_back)
    if row.state == CallBack.State.CANCELLED:
        return row
    if row.state != CallBack.State.PLANNED:
        raise CallBackOver
    row.state = CallBack.State.CANCELLED
    row.save(update_fields=["state"])
    trace.record("call_back.cancelled", row, by=by, at=at, reference=row.reference)
    announce_call_back(row, what="call_back_cancelled", at=at)
    return row


@transaction.atomic
def take_call_back(*, call_back: CallBack, by: User, at: datetime) -> Conversation:
    """Make the call: an outgoing contact opens in the adviser's name; again, it is the same one.

    Raises CallBackTaken (by somebody else), CallBackOver or WorkspaceSealed.
    """
    row = _locked(call_back)
    if row.state == CallBack.State.CALLING and row.conversation is not None:
        if row.adviser_id != by.pk:
            raise CallBackTaken(adviser=row.adviser_label)
        return row.conversation
    if row.state != CallBack.State.PLANNED:
        raise CallBackOver
    row.conversation = start_conversation(
        workspace=row.workspace,
        channel=Conversation.Channel.PHONE,
        direction=Conversation.Direction.OUT,
        contact_label=row.name,
        contact_address=row.phone,
        subject=row.subject,
        customer=row.customer,
        by=by,
        at=at,
    )
    row.state = CallBack.State.CALLING
    row.adviser, row.adviser_label = by, by.full_name
    row.save(update_fields=["state", "adviser", "adviser_label", "conversation"])
    trace.record(
        "call_back.taken", row, by=by, at=at, reference=row.reference,
        late_seconds=max(0, int((at - row.slot_end).total_seconds())),
    )  # fmt: skip
    announce_call_back(row, what="call_back_taken", at=at)
    return row.conversation


@transaction.atomic
def record_attempt(
    *,
    call_back: CallBack,
    result: str,
    note: str,
    again_in: timedelta,
    by: User,
    at: datetime,
) -> CallBack:
    """Write down what came of the call: reached ends it, else it is due again in `again_in`.

    After the last attempt that the site allows, who was not reached stays so.
    Raises CallBackNotTaken, CallBackTaken (by somebody else) or WorkspaceSealed.
    """
    row = _locked(call_back)
    if row.state != CallBack.State.CALLING:
        raise CallBackNotTaken
    if row.adviser_id != by.pk:
        raise CallBackTaken(adviser=row.adviser_label)
    made = row.attempts.count() + 1
    attempt = CallAttempt.objects.create(
        workspace_id=row.workspace_id,
        call_back=row,
        position=made,
        at=at,
        by_label=by.full_name,
        result=CallAttempt.Result(result),
        note=note.strip()[:NOTE_CHARS],
    )
    if attempt.result == CallAttempt.Result.REACHED:
        row.state = CallBack.State.REACHED
    elif made >= row.site.most_attempts:
        row.state = CallBack.State.UNREACHED
    else:
        row.state = CallBack.State.PLANNED
        row.due_at = at + again_in
        row.adviser, row.adviser_label, row.conversation = None, "", None
        _announce_later(row)
    row.save(update_fields=["state", "due_at", "adviser", "adviser_label", "conversation"])
    trace.record(
        "call_back.attempted",
        row,
        by=by,
        at=at,
        reference=row.reference,
        attempt=made,
        result=attempt.result,
        state=row.state,
    )
    announce_call_back(row, what="call_back_attempted", at=at)
    return row


def _locked(call_back: CallBack) -> CallBack:
    row = (
        CallBack.objects.select_for_update(of=("self",))
        .select_related("workspace", "site", "customer", "conversation")
        .get(pk=call_back.pk)
    )
    refuse_if_sealed(row.workspace)
    return row


def _announce_later(call_back: CallBack) -> None:
    """Tell the desk five minutes before, and when it is due: messages that wait for their hour."""
    due = call_back.due_at
    for what, when in (("soon", due - policy.REMINDER), ("due", due)):
        outbox.put(
            "webchat.call_back",
            {"call_back": call_back.pk, "what": what, "due": due.isoformat()},
            at=when,
        )
