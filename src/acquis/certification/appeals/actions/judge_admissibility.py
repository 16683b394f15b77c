from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.appeals import dossier, policy, queries
from acquis.certification.appeals.actions.holding import release
from acquis.certification.appeals.actions.locking import lock
from acquis.certification.appeals.actions.write_letter import write_letter
from acquis.certification.appeals.errors import OwnCase, ReasonMissing
from acquis.certification.appeals.models import Appeal, AppealLetter
from acquis.kernel import trace

State = Appeal.State


@transaction.atomic
def judge_admissibility(
    *,
    appeal: Appeal,
    admissible: bool,
    standing: bool,
    form: bool,
    reason: str,
    by: User,
    at: datetime,
) -> Appeal:
    """Say whether an appeal is examined: in time, from the candidate, in form.

    Admissible, its file is assembled; not, the candidate is told why. The session's manager and its
    jurors do not judge their own case. Raises StateRefused, OwnCase or ReasonMissing.
    """
    appeal = lock(appeal.pk, {State.LODGED})
    if by.pk == appeal.seat.session.manager_id or queries.bar_of(appeal, by):
        raise OwnCase
    conditions = policy.Admissibility(
        in_time=not policy.is_late(appeal.received_on, appeal.last_day),
        standing=standing,
        form=form,
    )
    if policy.reason_needed(conditions, admissible=admissible) and not reason.strip():
        raise ReasonMissing
    appeal.state = State.ADMISSIBLE if admissible else State.INADMISSIBLE
    appeal.standing, appeal.form = standing, form
    appeal.judged_at, appeal.judged_by = at, by
    appeal.judgement_reason = reason.strip()
    if admissible:
        appeal.dossier = dossier.pieces(appeal)
        appeal.dossier_sha256 = dossier.digest(appeal.dossier)
        appeal.assembled_at = at
    appeal.save()
    trace.record(
        "appeal.admissible" if admissible else "appeal.inadmissible",
        appeal,
        by=by,
        at=at,
        number=appeal.number,
        faults=list(conditions.faults),
        dossier=appeal.dossier_sha256,
        personal={"reason": appeal.judgement_reason} if appeal.judgement_reason else None,
    )
    if not admissible:
        release(appeal, by=by, at=at)
        write_letter(appeal=appeal, kind=AppealLetter.Kind.INADMISSIBLE, by=by, at=at)
    return appeal
