from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import SessionCandidate
from acquis.kernel import trace
from acquis.practice.evidence.models import MomentNote


@transaction.atomic
def note_moment(
    *, candidate: SessionCandidate, body: str, criterion: str, by: User, at: datetime
) -> MomentNote:
    """Keep a juror's quick note at the moment it was taken; others see it once grids are closed."""
    note = MomentNote.objects.create(
        candidate=candidate, author=by, body=body.strip(), criterion=criterion, noted_at=at
    )
    trace.record("juror.noted", candidate, by=by, at=at, note=note.pk)
    return note
