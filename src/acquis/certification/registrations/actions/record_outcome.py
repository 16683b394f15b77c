"""What a jury decided of an enrolment, and what an accepted appeal takes away again."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.registrations import following
from acquis.certification.registrations.actions.record_route import revoke_result
from acquis.certification.registrations.errors import AnnulmentReasonMissing, ResultAnnulled
from acquis.certification.registrations.models import Enrolment, Result
from acquis.kernel import trace


@transaction.atomic
def record_outcome(
    *,
    enrolment: Enrolment,
    outcome: str,
    blocks: Sequence[str],
    sat_on: date,
    session_reference: str,
    by: User | None,
    at: datetime,
) -> Result:
    """Keep what the jury of a session decided; told twice, it is kept once (X-05, X-06).

    Where a new sitting is already owed, for an incident that spoilt this one, the result is kept
    annulled: it counts for nothing.
    """
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    known = enrolment.results.filter(session_reference=session_reference).first()
    known = known or enrolment.results.filter(annulled_at__isnull=True).first()
    if known is not None:
        return known
    owed = enrolment.retake_rights.filter(used_in="").first()
    result = Result.objects.create(
        enrolment=enrolment,
        outcome=outcome,
        blocks=list(blocks),
        sat_on=sat_on,
        session_reference=session_reference,
        decided_at=at,
        annulled_at=at if owed else None,
        annulment_reason=f"{owed.get_source_display()} : {owed.reference}" if owed else "",
    )
    trace.record(
        "candidate.result",
        enrolment,
        by=by,
        at=at,
        enrolment=enrolment.pk,
        outcome=outcome,
        blocks=list(blocks),
        session=session_reference,
    )
    return result


@transaction.atomic
def annul_result(*, result: Result, reason: str, by: User, at: datetime) -> Result:
    """An accepted appeal: the result stays written and counts no more (X-09).

    What it granted leaves the livret with it, and stays written there as withdrawn; the rooms above
    follow in the same transaction (`following`). The enrolment may be presented to a new session,
    which is no further attempt. Raises AnnulmentReasonMissing or ResultAnnulled.
    """
    if not reason.strip():
        raise AnnulmentReasonMissing
    result = (
        Result.objects.select_for_update(of=("self",)).select_related("enrolment").get(pk=result.pk)
    )
    if result.annulled_at is not None:
        raise ResultAnnulled
    result.annulled_at, result.annulled_by = at, by
    result.annulment_reason = reason.strip()[:500]
    result.save(update_fields=["annulled_at", "annulled_by", "annulment_reason"])
    trace.record(
        "candidate.result_annulled",
        result.enrolment,
        by=by,
        at=at,
        enrolment=result.enrolment_id,
        session=result.session_reference,
        personal={"reason": result.annulment_reason},
    )
    revoke_result(enrolment=result.enrolment, reason=result.annulment_reason, by=by, at=at)
    following.result_annulled(result, by, at)
    return result
