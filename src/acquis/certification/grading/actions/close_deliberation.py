from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.grading import policy
from acquis.certification.grading.errors import (
    CriteriaUndecided,
    DeliberationClosed,
    NotInTheJury,
    OutcomeAgainstRule,
    OutcomeMissing,
    OutcomeReasonsMissing,
    QuorumNotMet,
)
from acquis.certification.grading.models import Deliberation, Verdict
from acquis.certification.grading.queries import is_present_juror
from acquis.kernel import realtime, trace


@transaction.atomic
def close_deliberation(
    *,
    deliberation: Deliberation,
    outcome: str,
    reasons: str,
    present: Sequence[int],
    by: User,
    at: datetime,
) -> Deliberation:
    """Fix the jury's outcome for one candidate; `present` are the jurors who deliberated.

    Raises DeliberationClosed, CriteriaUndecided, QuorumNotMet, OutcomeMissing,
    OutcomeReasonsMissing or OutcomeAgainstRule; nothing is written then. Source: X-03, X-05, X-09.
    """
    deliberation = (
        Deliberation.objects.select_for_update(of=("self",))
        .select_related("candidate__session__version")
        .get(pk=deliberation.pk)
    )
    if not is_present_juror(by, deliberation.candidate.session_id):
        raise NotInTheJury
    if deliberation.closed_at is not None:
        raise DeliberationClosed
    ticked = _refuse_without_quorum(deliberation, present)
    _refuse_outcome(deliberation, outcome, reasons)
    deliberation.closed_at, deliberation.closed_by = at, by
    deliberation.outcome, deliberation.reasons = outcome, reasons.strip()
    deliberation.present = ticked
    deliberation.save(update_fields=["closed_at", "closed_by", "outcome", "reasons", "present"])
    trace.record(
        "deliberation.closed",
        deliberation,
        by=by,
        at=at,
        personal={"reasons": deliberation.reasons},
        candidate=deliberation.candidate_id,
        outcome=outcome,
        present=ticked,
    )
    session_id = deliberation.candidate.session_id
    realtime.publish(f"session:{session_id}", at=at, what="deliberation.closed")
    return deliberation


def _refuse_without_quorum(deliberation: Deliberation, present: Sequence[int]) -> list[int]:
    session = deliberation.candidate.session
    members = session.jurors.filter(present=True, pk__in=present).values_list("pk", flat=True)
    ticked = sorted(members)
    required = policy.members_required(session.version.content)
    if not policy.quorum_met(len(ticked), required):
        raise QuorumNotMet(required=required, present=len(ticked))
    return ticked


def _refuse_outcome(deliberation: Deliberation, outcome: str, reasons: str) -> None:
    decisions = list(deliberation.decisions.values_list("criterion", "verdict"))
    undecided = policy.missing_marks(decisions)
    if undecided:
        raise CriteriaUndecided(count=len(undecided), criteria=", ".join(undecided))
    if outcome not in Deliberation.Outcome.values:
        raise OutcomeMissing
    if not reasons.strip():
        raise OutcomeReasonsMissing
    rule = policy.pass_rule(deliberation.candidate.session.version.content)
    acquired = sum(verdict == Verdict.ACQUIRED for _, verdict in decisions)
    passed = outcome == Deliberation.Outcome.PASSED
    if not policy.outcome_allowed(rule, passed=passed, acquired=acquired, total=len(decisions)):
        least = policy.least_acquired(len(decisions), rule.ratio or "0")
        raise OutcomeAgainstRule(least=least, total=len(decisions), acquired=acquired)
