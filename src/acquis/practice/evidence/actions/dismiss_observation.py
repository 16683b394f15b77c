"""A juror sets aside, with a reason, what a unit proposed beside a criterion; and takes it up again."""

from datetime import datetime

from django.db import IntegrityError, transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import SessionCandidate
from acquis.kernel import trace
from acquis.practice.evidence import policy
from acquis.practice.evidence.errors import NotShown, ReasonMissing
from acquis.practice.evidence.models import Dismissal, Observation
from acquis.practice.evidence.queries import line_of, refuse_when_fixed

MOST_REASON = 2_000  # characters


@transaction.atomic
def dismiss_observation(
    *,
    observation: Observation,
    criterion: str,
    reason: str,
    by: User,
    at: datetime,
    moment: int | None = None,
) -> Dismissal:
    """Set an observation aside beside one criterion, or only its `moment` of that number, from 0.

    Nothing is removed: others still see it, and the reason once the grids are closed. Set aside already
    by this juror, what was kept is returned. Raises EvidenceFixed, UnknownLine, ReasonMissing, NotShown.
    """
    candidate = observation.candidate
    refuse_when_fixed(candidate)
    line_of(candidate, criterion)
    reason = reason.strip()[:MOST_REASON]
    if not reason:
        raise ReasonMissing
    fingerprint, shown = _named(observation, criterion, moment)
    mine = Dismissal.objects.filter(
        candidate=candidate, author=by, criterion=criterion, fingerprint=fingerprint
    )
    try:
        with transaction.atomic():
            row = Dismissal.objects.create(
                candidate=candidate,
                author=by,
                criterion=criterion,
                unit=observation.unit,
                fingerprint=fingerprint,
                shown=shown,
                reason=reason,
                dismissed_at=at,
            )
    except IntegrityError:
        return mine.get(restored_at__isnull=True)
    sealed = {"criterion": criterion, "shown": shown, "reason": reason}
    trace.record("evidence.dismissed", candidate, by=by, at=at, personal=sealed, dismissal=row.pk)
    return row


def _named(observation: Observation, criterion: str, moment: int | None) -> tuple[str, str]:
    """The fingerprint of what is set aside, and its words."""
    if criterion not in observation.criteria:
        raise NotShown
    unit, title = observation.unit, observation.title
    if moment is None:
        found = policy.observation_fingerprint(unit, title, observation.statement)
        return found, observation.statement
    if not 0 <= moment < len(observation.moments):
        raise NotShown
    one = observation.moments[moment]
    shown = f"{one['label']} – {one['excerpt']}" if one["excerpt"] else str(one["label"])
    return policy.moment_fingerprint(unit, title, one), shown


@transaction.atomic
def restore_observation(*, dismissal: Dismissal, by: User, at: datetime) -> None:
    """Take up again what one had set aside; its reason is kept. Taken up already, nothing changes."""
    row = Dismissal.objects.select_for_update(of=("self",)).get(pk=dismissal.pk)
    candidate = SessionCandidate.objects.get(pk=row.candidate_id)
    refuse_when_fixed(candidate)
    if row.restored_at is not None:
        return
    row.restored_at = at
    row.save(update_fields=["restored_at"])
    trace.record("evidence.restored", candidate, by=by, at=at, dismissal=row.pk)
