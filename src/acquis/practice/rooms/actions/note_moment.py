from datetime import datetime, timedelta

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import SessionCandidate
from acquis.kernel import idempotency, trace
from acquis.practice.evidence.models import MomentNote

LATEST = timedelta(
    hours=12
)  # a note that waited longer for a server bears the moment of its arrival
NOW = timedelta(0)


@transaction.atomic
def note_moment(
    *,
    candidate: SessionCandidate,
    body: str,
    criterion: str,
    by: User,
    at: datetime,
    ago: timedelta = NOW,
    key: str = "",
) -> None:
    """Keep a juror's quick note at the moment it was taken; others see it once grids are closed.

    `ago` is how long before `at` it was taken, when it waited on the juror's device meanwhile (up to
    12 hours). The same `key` keeps one note of this juror, however often it is sent.
    """
    noted_at = at - ago if ago <= LATEST else at

    def keep() -> tuple[int, int]:
        note = MomentNote.objects.create(
            candidate=candidate,
            author=by,
            body=body.strip(),
            criterion=criterion,
            noted_at=noted_at,
        )
        trace.record("juror.noted", candidate, by=by, at=at, note=note.pk, noted_at=noted_at)
        return 200, note.pk

    if key:
        scope = f"note:{candidate.pk}:{by.pk}"
        idempotency.once(scope, key, request=[body, criterion], at=at, perform=keep)
    else:
        keep()
