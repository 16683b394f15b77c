"""A letter given to the post, and what the post said of it."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.documents import policy
from acquis.desk.documents.actions._freezing import locked
from acquis.desk.documents.errors import (
    AlreadyPosted,
    LetterNotFinal,
    PostingDayInvalid,
    PostingOver,
    TrackingInvalid,
    TrackingMissing,
)
from acquis.desk.documents.models import Letter, LetterPosting
from acquis.desk.shell import day_in_paris
from acquis.kernel import realtime, trace

Method = LetterPosting.Method


@transaction.atomic
def post_letter(
    *, letter: Letter, method: str, tracking: str, on: date, by: User, at: datetime
) -> LetterPosting:
    """Note that the letter left on day `on` (Paris), between the day it was made final and today.

    Every way but the plain one has its tracking number. A letter that came back may leave again.
    Raises LetterNotFinal, AlreadyPosted, TrackingMissing, TrackingInvalid, PostingDayInvalid or
    WorkspaceSealed.
    """
    row = locked(letter)
    if row.state != Letter.State.FINAL or row.finalised_at is None:
        raise LetterNotFinal
    if not day_in_paris(row.finalised_at) <= on <= day_in_paris(at):
        raise PostingDayInvalid
    number = policy.tracking_number(tracking)
    if tracking.strip() and not number:
        raise TrackingInvalid
    if method != Method.PLAIN and not number:
        raise TrackingMissing
    if row.postings.filter(outcome="", cancelled_at__isnull=True).exists():
        raise AlreadyPosted
    posting = LetterPosting.objects.create(
        workspace_id=row.workspace_id,
        letter=row,
        method=Method(method),
        tracking=number,
        posted_on=on,
        recorded_at=at,
        recorded_by_label=by.full_name,
    )
    _record("letter.posted", row, by, at, method=method, tracking=number, on=on.isoformat())
    return posting


@transaction.atomic
def note_outcome(
    *, posting: LetterPosting, outcome: str, on: date, by: User, at: datetime
) -> LetterPosting:
    """Note what became of it on day `on` (Paris), from the day of posting to today.

    Raises PostingOver, PostingDayInvalid or WorkspaceSealed.
    """
    letter, row = _standing(posting)
    if not row.posted_on <= on <= day_in_paris(at):
        raise PostingDayInvalid
    row.outcome = LetterPosting.Outcome(outcome)
    row.outcome_on = on
    row.outcome_by_label = by.full_name
    row.save(update_fields=["outcome", "outcome_on", "outcome_by_label"])
    _record("letter.posting_ended", letter, by, at, outcome=outcome, on=on.isoformat())
    return row


@transaction.atomic
def cancel_posting(*, posting: LetterPosting, by: User, at: datetime) -> LetterPosting:
    """Take back a posting noted by mistake. Raises PostingOver or WorkspaceSealed."""
    letter, row = _standing(posting)
    row.cancelled_at = at
    row.save(update_fields=["cancelled_at"])
    _record("letter.posting_cancelled", letter, by, at, method=row.method)
    return row


def _standing(posting: LetterPosting) -> tuple[Letter, LetterPosting]:
    letter = locked(posting.letter)
    row = LetterPosting.objects.select_for_update(of=("self",)).get(pk=posting.pk)
    if row.outcome or row.cancelled_at:
        raise PostingOver
    return letter, row


def _record(verb: str, letter: Letter, by: User, at: datetime, **data: Any) -> None:
    trace.record(verb, letter, by=by, at=at, customer_id=letter.customer_id, **data)
    realtime.publish(letter.trace_stream, at=at, what="letter", letter=letter.pk)
