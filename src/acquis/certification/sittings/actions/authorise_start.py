from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.sittings.actions._room import lock_unsealed, tell
from acquis.certification.sittings.errors import IdentityNotChecked, PresenceNotTicked
from acquis.certification.sittings.models import Sitting
from acquis.kernel import trace


@transaction.atomic
def authorise_start(*, sitting: Sitting, by: User, at: datetime) -> Sitting:
    """Let a present and identified candidate begin, or come back after an interruption.

    Raises PresenceNotTicked, IdentityNotChecked or SittingSealed.
    """
    sitting = lock_unsealed(sitting.pk)
    if sitting.authorised_at is not None:
        return sitting
    candidate = sitting.candidate
    name = candidate.enrolment.candidate.full_name
    if not candidate.present:
        raise PresenceNotTicked(name=name)
    if candidate.identity_checked_at is None:
        raise IdentityNotChecked(name=name)
    sitting.authorised_at = at
    sitting.authorised_by = by
    sitting.save(update_fields=["authorised_at", "authorised_by"])
    trace.record("sitting.authorised", sitting, by=by, at=at)
    tell(sitting, "authorised", at=at)
    return sitting


@transaction.atomic
def withdraw_start(*, sitting: Sitting, by: User, at: datetime) -> Sitting:
    """Take the authorisation back: the next phase waits for the invigilator again."""
    sitting = lock_unsealed(sitting.pk)
    if sitting.authorised_at is None:
        return sitting
    sitting.authorised_at = None
    sitting.authorised_by = None
    sitting.save(update_fields=["authorised_at", "authorised_by"])
    trace.record("sitting.authorisation_withdrawn", sitting, by=by, at=at)
    tell(sitting, "authorisation_withdrawn", at=at)
    return sitting
