"""Four eyes: a letter is read by somebody else before it leaves (002-CP3, V-13)."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.documents import policy, presentation
from acquis.desk.documents.actions._freezing import freeze, locked, refuse_incomplete
from acquis.desk.documents.actions.save_letter_part import text_of
from acquis.desk.documents.errors import (
    DifferencesUnexplained,
    FourEyes,
    LetterFinal,
    LetterNotSubmitted,
    LetterSubmitted,
    ReaderNotSupervisor,
    RemarksMissing,
)
from acquis.desk.documents.models import Letter, LetterReview
from acquis.desk.shell import supervises
from acquis.kernel import realtime, trace

Decision = LetterReview.Decision


@transaction.atomic
def submit_letter(*, letter: Letter, by: User, at: datetime) -> LetterReview:
    """Give the letter to read; it does not change until it is decided or taken back.

    Raises LetterIncomplete, LetterUnfilled, LetterDiscarded, LetterFinal, LetterSubmitted or
    WorkspaceSealed.
    """
    row = locked(letter)
    if row.state == Letter.State.FINAL:
        raise LetterFinal
    if row.state == Letter.State.SUBMITTED:
        raise LetterSubmitted
    refuse_incomplete(row)
    review = LetterReview.objects.create(
        workspace_id=row.workspace_id,
        letter=row,
        rank=row.reviews.count() + 1,
        parts={name: text_of(row, name) for name in policy.PARTS},
        submitted_at=at,
        submitted_by=by,
        submitted_by_label=by.full_name,
    )
    row.state, row.needs_release = Letter.State.SUBMITTED, True
    row.save(update_fields=["state", "needs_release"])
    _record("letter.submitted", row, by=by, at=at, rank=review.rank)
    return review


@transaction.atomic
def withdraw_letter(*, letter: Letter, by: User, at: datetime) -> Letter:
    """Take a letter back before it is decided. Raises LetterNotSubmitted or WorkspaceSealed."""
    row, review = _submitted(letter)
    _decide(review, Decision.WITHDRAWN, "", [], by=by, at=at)
    row.state = Letter.State.DRAFT
    row.save(update_fields=["state"])
    _record("letter.withdrawn", row, by=by, at=at, rank=review.rank)
    return row


@transaction.atomic
def return_letter(*, letter: Letter, remarks: str, by: User, at: datetime) -> Letter:
    """Give the letter back to its author with what is to be changed.

    Raises RemarksMissing, FourEyes, ReaderNotSupervisor, LetterNotSubmitted or WorkspaceSealed.
    """
    row, review = _submitted(letter)
    _refuse_reader(row, review, by)
    remarks = remarks.strip()
    if not remarks:
        raise RemarksMissing
    _decide(review, Decision.RETURNED, remarks, _against(row), by=by, at=at)
    row.state = Letter.State.DRAFT
    row.save(update_fields=["state"])
    _record("letter.returned", row, by=by, at=at, rank=review.rank, chars=len(remarks))
    return row


@transaction.atomic
def release_letter(*, letter: Letter, remarks: str = "", by: User, at: datetime) -> Letter:
    """Freeze as a PDF exactly the version that was submitted.

    `remarks` say why it leaves although it differs from what was agreed. Raises
    DifferencesUnexplained, FourEyes, ReaderNotSupervisor, LetterNotSubmitted or WorkspaceSealed.
    """
    row, review = _submitted(letter)
    _refuse_reader(row, review, by)
    remarks, found = remarks.strip(), _against(row)
    if found and not remarks:
        raise DifferencesUnexplained
    _decide(review, Decision.RELEASED, remarks, found, by=by, at=at)
    freeze(row, by=by, at=at)
    row.released_by_label = by.full_name
    row.save(update_fields=["file", "state", "finalised_at", "released_by_label"])
    _record(
        "letter.released",
        row,
        by=by,
        at=at,
        rank=review.rank,
        sha256=row.file.sha256 if row.file else "",
        differences=len(found),
        customer_id=row.customer_id,
    )
    return row


def _submitted(letter: Letter) -> tuple[Letter, LetterReview]:
    row = locked(letter)
    review = row.reviews.filter(decision="").first()
    if row.state != Letter.State.SUBMITTED or review is None:
        raise LetterNotSubmitted
    return row, review


def _refuse_reader(letter: Letter, review: LetterReview, reader: User) -> None:
    if not supervises(reader, letter.workspace):
        raise ReaderNotSupervisor
    if reader.pk in {letter.author_id, review.submitted_by_id}:
        raise FourEyes


def _against(letter: Letter) -> list[dict[str, str]]:
    return [asdict(one) for one in presentation.differences_of(letter)]


def _decide(
    review: LetterReview,
    decision: str,
    remarks: str,
    found: list[dict[str, str]],
    *,
    by: User,
    at: datetime,
) -> None:
    review.decision, review.remarks, review.differences = decision, remarks, found
    review.decided_at, review.decided_by_label = at, by.full_name
    review.save(
        update_fields=["decision", "remarks", "differences", "decided_at", "decided_by_label"]
    )


def _record(verb: str, letter: Letter, *, by: User, at: datetime, **data: Any) -> None:
    trace.record(verb, letter, by=by, at=at, **data)
    realtime.publish(letter.trace_stream, at=at, what="letter", letter=letter.pk)
