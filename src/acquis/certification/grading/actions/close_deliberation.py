from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import translation

from acquis.accounts.models import User
from acquis.certification.grading import policy
from acquis.certification.grading.errors import (
    CriteriaUndecided,
    DeliberationClosed,
    DepartureReasonMissing,
    JuryNotIndependent,
    NotInTheJury,
    OutcomeAgainstBlocks,
    OutcomeAgainstRule,
    OutcomeMissing,
    OutcomeReasonsMissing,
    QuorumNotMet,
)
from acquis.certification.grading.models import Deliberation, UnitDecision, Verdict
from acquis.certification.grading.queries import is_present_juror, jury_faults
from acquis.certification.grading.units import (
    Unit,
    blocks_of,
    is_over_blocks,
    proposed_outcome,
    units_of,
)
from acquis.certification.juries.presentation import sentence
from acquis.kernel import realtime, trace

Outcome = Deliberation.Outcome


@transaction.atomic
def close_deliberation(
    *,
    deliberation: Deliberation,
    outcome: str,
    reasons: str,
    present: Sequence[int],
    by: User,
    at: datetime,
    departure: str = "",
) -> Deliberation:
    """Fix the jury's outcome for one candidate; `present` are the jurors who deliberated.

    What the rule proposed, its calculation and the decision are kept for each competency and block.
    `departure` says why a sovereign jury leaves what was proposed. Raises DeliberationClosed,
    CriteriaUndecided, QuorumNotMet, JuryNotIndependent, OutcomeMissing, OutcomeReasonsMissing,
    OutcomeAgainstRule, OutcomeAgainstBlocks or DepartureReasonMissing; nothing is written then.
    Source: X-02, X-03, X-05, X-09.
    """
    deliberation = (
        Deliberation.objects.select_for_update(of=("self",))
        .select_related("candidate__session__version__framework", "candidate__enrolment__candidate")
        .get(pk=deliberation.pk)
    )
    if not is_present_juror(by, deliberation.candidate.session_id):
        raise NotInTheJury
    if deliberation.closed_at is not None:
        raise DeliberationClosed
    ticked = _refuse_jury(deliberation, present)
    _refuse_unfinished(deliberation, outcome, reasons)
    with translation.override("fr"):  # as the minutes print it
        units = units_of(deliberation)
    decided = _decided(deliberation, units, outcome, departure.strip())
    _keep_units(deliberation, units, decided, departure.strip(), by, at)
    deliberation.closed_at, deliberation.closed_by = at, by
    deliberation.outcome, deliberation.reasons = outcome, reasons.strip()
    deliberation.present, deliberation.departure = ticked, departure.strip()
    deliberation.save(
        update_fields=["closed_at", "closed_by", "outcome", "reasons", "present", "departure"]
    )
    trace.record(
        "deliberation.closed",
        deliberation,
        by=by,
        at=at,
        personal={"reasons": deliberation.reasons, "departure": deliberation.departure},
        candidate=deliberation.candidate_id,
        outcome=outcome,
        present=ticked,
        blocks={one.code: decided[one.kind, one.code] for one in blocks_of(units)},
    )
    session_id = deliberation.candidate.session_id
    realtime.publish(f"session:{session_id}", at=at, what="deliberation.closed")
    return deliberation


def _refuse_jury(deliberation: Deliberation, present: Sequence[int]) -> list[int]:
    """Quorum and independence as they stand now, not as they stood when the session opened."""
    session = deliberation.candidate.session
    members = list(session.jurors.filter(present=True, pk__in=present).select_related("juror"))
    required = policy.members_required(session.version.content)
    if not policy.quorum_met(len(members), required):
        raise QuorumNotMet(required=required, present=len(members))
    faults = jury_faults(members, deliberation.candidate)
    if faults:
        raise JuryNotIndependent(reasons=" ".join(sentence(fault) for fault in faults))
    return sorted(member.pk for member in members)


def _refuse_unfinished(deliberation: Deliberation, outcome: str, reasons: str) -> None:
    undecided = policy.missing_marks(deliberation.decisions.values_list("criterion", "verdict"))
    if undecided:
        raise CriteriaUndecided(count=len(undecided), criteria=", ".join(undecided))
    if outcome not in Outcome.values:
        raise OutcomeMissing
    if not reasons.strip():
        raise OutcomeReasonsMissing


def _decided(
    deliberation: Deliberation, units: Sequence[Unit], outcome: str, departure: str
) -> dict[tuple[str, str], bool]:
    """What is decided of each unit; refuses what the rule, the blocks or a missing reason forbid."""
    sovereign = policy.pass_rule(deliberation.candidate.session.version.content).sovereign
    decided = {(one.kind, one.code): one.acquired for one in units}
    blocks = blocks_of(units)
    if len(blocks) == 1:
        only = blocks[0]
        if outcome == Outcome.PARTIAL:
            raise OutcomeAgainstBlocks(outcome=Outcome(proposed_outcome(units)).label)
        decided[only.kind, only.code] = outcome == Outcome.PASSED
    elif outcome != proposed_outcome(units):
        # The blocks stay; a sovereign jury may still keep the title itself back.
        kept_back = outcome == Outcome.PARTIAL and proposed_outcome(units) == Outcome.PASSED
        if not (kept_back and sovereign and is_over_blocks(deliberation.candidate)):
            raise OutcomeAgainstBlocks(outcome=Outcome(proposed_outcome(units)).label)
        if not departure:
            raise DepartureReasonMissing
    for one in units:
        if decided[one.kind, one.code] == one.proposed:
            continue
        if not sovereign:
            raise OutcomeAgainstRule(calculation=one.calculation)
        if not ((one.row and one.row.reason) or departure):
            raise DepartureReasonMissing
    return decided


def _keep_units(
    deliberation: Deliberation,
    units: Sequence[Unit],
    decided: dict[tuple[str, str], bool],
    departure: str,
    by: User,
    at: datetime,
) -> None:
    for position, one in enumerate(units, start=1):
        acquired = decided[one.kind, one.code]
        row = one.row or UnitDecision(
            deliberation=deliberation,
            kind=one.kind,
            code=one.code,
            title=one.title,
            decided_at=at,
            decided_by=by,
        )
        row.position, row.calculation = position, one.calculation
        row.proposed = Verdict.ACQUIRED if one.proposed else Verdict.NOT_ACQUIRED
        row.verdict = Verdict.ACQUIRED if acquired else Verdict.NOT_ACQUIRED
        if acquired != one.proposed:
            row.reason = row.reason or departure
        row.save()
