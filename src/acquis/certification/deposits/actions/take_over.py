from collections.abc import Sequence

from django.db import transaction

from acquis.certification.deposits import queries
from acquis.certification.deposits.models import EarlyDeposit
from acquis.certification.exam_sessions.models import SessionCandidate


@transaction.atomic
def take_over(*, seat: SessionCandidate) -> Sequence[EarlyDeposit]:
    """Bind what a candidate handed in before the day to the exam that opens, oldest version first."""
    given = queries.deposits_of([seat])[seat.pk]
    rows = [row for versions in given.values() for row in reversed(versions)]
    EarlyDeposit.objects.filter(pk__in=[row.pk for row in rows]).update(taken_over_by=seat)
    return rows
