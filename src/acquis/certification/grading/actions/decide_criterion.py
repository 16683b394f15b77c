from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.grading.errors import (
    AssessedHere,
    DecisionChanged,
    DeliberationClosed,
    NotInTheJury,
    ReasonRequired,
    UnknownCriterion,
    VerdictMissing,
)
from acquis.certification.grading.models import CriterionDecision, Deliberation, Verdict
from acquis.certification.grading.queries import is_present_juror
from acquis.kernel import realtime, trace


@transaction.atomic
def decide_criterion(
    *,
    deliberation: Deliberation,
    criterion: str,
    verdict: str,
    reason: str,
    by: User,
    at: datetime,
    revision: int | None = None,
) -> CriterionDecision:
    """Write the jury's decision on one criterion.

    The reason is required where the grids differed, or where the jury leaves their agreement.
    « Non évalué » is for what another exam covers. `revision` is the one the page showed: when it
    has moved, DecisionChanged, nothing is written.
    """
    deliberation = (
        Deliberation.objects.select_for_update(of=("self",))
        .select_related("candidate")
        .get(pk=deliberation.pk)
    )
    if not is_present_juror(by, deliberation.candidate.session_id):
        raise NotInTheJury
    if deliberation.closed_at is not None:
        raise DeliberationClosed
    decision = deliberation.decisions.filter(criterion=criterion).first()
    if decision is None:
        raise UnknownCriterion(criterion=criterion)
    if revision is not None and revision != decision.revision:
        raise DecisionChanged
    if verdict not in Verdict.values:
        raise VerdictMissing
    if verdict == Verdict.NOT_ASSESSED and not decision.elsewhere:
        raise AssessedHere(criterion=criterion)
    if verdict != decision.agreed and not reason.strip():
        raise ReasonRequired(criterion=criterion)
    before = {"verdict": decision.verdict, "reason": decision.reason}
    decision.verdict, decision.reason = verdict, reason.strip()
    decision.decided_at, decision.decided_by = at, by
    decision.revision += 1
    decision.save(update_fields=["verdict", "reason", "decided_at", "decided_by", "revision"])
    trace.record(
        "criterion.decided",
        decision,
        by=by,
        at=at,
        stream=deliberation.trace_stream,
        personal={"before": before["reason"], "after": decision.reason},
        candidate=deliberation.candidate_id,
        criterion=criterion,
        before=before["verdict"],
        after=verdict,
    )
    topic = f"deliberation:{deliberation.pk}"
    realtime.publish(topic, at=at, what="criterion.decided", criterion=criterion)
    return decision
