"""A new sitting owed to a candidate: granted once, used once."""

from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.registrations.actions.record_outcome import annul_result
from acquis.certification.registrations.errors import RetakeRightUsed
from acquis.certification.registrations.models import Enrolment, RetakeRight
from acquis.kernel import trace


@transaction.atomic
def grant_retake(
    *, enrolment: Enrolment, source: str, reference: str, by: User, at: datetime
) -> RetakeRight:
    """Owe a new sitting to this candidate; granted again for the same cause, it is the same right.

    The result that the enrolment has, if any, is annulled: the new sitting is no further attempt.
    """
    right, new = RetakeRight.objects.get_or_create(
        enrolment=enrolment,
        source=source,
        reference=reference,
        defaults={"granted_at": at, "granted_by": by},
    )
    if new:
        trace.record(
            "candidate.retake_granted",
            right,
            by=by,
            at=at,
            enrolment=enrolment.pk,
            source=source,
            reference=reference,
        )
        result = enrolment.results.filter(annulled_at__isnull=True).first()
        if result is not None:
            reason = f"{right.get_source_display()} : {reference}"
            annul_result(result=result, reason=reason, by=by, at=at)
    return right


@transaction.atomic
def use_retake(*, right: RetakeRight, session: str, by: User, at: datetime) -> RetakeRight:
    """Write down in which session the candidate comes again. Raises RetakeRightUsed."""
    right = (
        RetakeRight.objects.select_for_update(of=("self",))
        .select_related("enrolment")
        .get(pk=right.pk)
    )
    if right.used_in:
        raise RetakeRightUsed(session=right.used_in)
    right.used_in, right.used_at = session, at
    right.save(update_fields=["used_in", "used_at"])
    trace.record("candidate.retake_used", right, by=by, at=at, reference=session)
    return right
