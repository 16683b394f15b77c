"""What became of a letter: taken by the server, refused, opened by the candidate, posted."""

from datetime import date, datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.appeals.errors import PostedAlready, TrackingMissing
from acquis.certification.appeals.models import AppealLetter
from acquis.kernel import trace

_WORDS = 300


def _locked(letter: AppealLetter) -> AppealLetter:
    return AppealLetter.objects.select_for_update(of=("self",)).get(pk=letter.pk)


@transaction.atomic
def settle_sent(*, letter: AppealLetter, message_id: str, at: datetime) -> AppealLetter:
    letter = _locked(letter)
    letter.sent_at, letter.message_id = at, message_id
    letter.save(update_fields=["sent_at", "message_id"])
    trace.record("appeal.letter_sent", letter, by=None, at=at, letter=letter.pk)
    return letter


@transaction.atomic
def settle_refused(*, letter: AppealLetter, reason: str, at: datetime) -> AppealLetter:
    """The server will never take it: it must be posted."""
    letter = _locked(letter)
    letter.refused_at, letter.refusal = at, reason[:_WORDS]
    letter.save(update_fields=["refused_at", "refusal"])
    trace.record(
        "appeal.letter_refused",
        letter,
        by=None,
        at=at,
        letter=letter.pk,
        personal={"reason": letter.refusal},
    )
    return letter


@transaction.atomic
def note_opening(*, letter: AppealLetter, by: User, at: datetime) -> AppealLetter:
    """The candidate opened it on their page: proof that it came; the first time counts."""
    letter = _locked(letter)
    if letter.opened_at is None:
        letter.opened_at = at
        letter.save(update_fields=["opened_at"])
        trace.record("appeal.letter_opened", letter, by=by, at=at, letter=letter.pk)
    return letter


@transaction.atomic
def post_letter(
    *, letter: AppealLetter, posted_on: date, tracking: str, by: User, at: datetime
) -> AppealLetter:
    """Note that it left by registered post, once. Raises PostedAlready or TrackingMissing."""
    letter = _locked(letter)
    if letter.posted_on is not None:
        raise PostedAlready
    if not tracking.strip():
        raise TrackingMissing
    letter.posted_on, letter.tracking = posted_on, tracking.strip()
    letter.save(update_fields=["posted_on", "tracking"])
    trace.record(
        "appeal.letter_posted",
        letter,
        by=by,
        at=at,
        letter=letter.pk,
        posted_on=posted_on,
        tracking=letter.tracking,
    )
    return letter
