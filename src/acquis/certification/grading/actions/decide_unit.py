from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.grading import policy
from acquis.certification.grading.errors import (
    DecisionChanged,
    DeliberationClosed,
    DepartureReasonMissing,
    NotInTheJury,
    OutcomeAgainstRule,
    UnknownUnit,
    VerdictMissing,
)
from acquis.certification.grading.models import Deliberation, UnitDecision, Verdict
from acquis.certification.grading.queries import is_present_juror
from acquis.certification.grading.units import Unit, units_of
from acquis.kernel import realtime, trace

_DECIDES = (Verdict.ACQUIRED, Verdict.NOT_ACQUIRED)


@transaction.atomic
def decide_unit(
    *,
    deliberation: Deliberation,
    kind: str,
    code: str,
    verdict: str,
    reason: str,
    by: User,
    at: datetime,
    revision: int | None = None,
) -> UnitDecision:
    """Write the jury's decision on a competency or a block, beside what the rule proposes.

    A sovereign jury leaves the proposal with a reason, which is printed; any other may not.
    `revision` is the one the page showed, 0 before any decision. Raises NotInTheJury,
    DeliberationClosed, UnknownUnit, DecisionChanged, VerdictMissing, OutcomeAgainstRule or
    DepartureReasonMissing; nothing is written then. Source: X-02, X-05.
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
    unit = next(
        (one for one in units_of(deliberation) if (one.kind, one.code) == (kind, code)), None
    )
    if unit is None or not unit.decidable:
        raise UnknownUnit
    if revision is not None and revision != (unit.row.revision if unit.row else 0):
        raise DecisionChanged
    if verdict not in _DECIDES:
        raise VerdictMissing
    if (verdict == Verdict.ACQUIRED) != unit.proposed:
        if not policy.pass_rule(deliberation.candidate.session.version.content).sovereign:
            raise OutcomeAgainstRule(calculation=unit.calculation)
        if not reason.strip():
            raise DepartureReasonMissing
    return _write(deliberation, unit, verdict, reason.strip(), by, at)


def _write(
    deliberation: Deliberation, unit: Unit, verdict: str, reason: str, by: User, at: datetime
) -> UnitDecision:
    decided = unit.row or UnitDecision(
        deliberation=deliberation, kind=unit.kind, code=unit.code, title=unit.title
    )
    before = {"verdict": decided.verdict, "reason": decided.reason}
    decided.verdict, decided.reason = verdict, reason
    decided.decided_at, decided.decided_by = at, by
    decided.revision += 1
    decided.save()
    trace.record(
        "unit.decided",
        decided,
        by=by,
        at=at,
        stream=deliberation.trace_stream,
        personal={"before": before["reason"], "after": reason},
        candidate=deliberation.candidate_id,
        kind=unit.kind,
        code=unit.code,
        before=before["verdict"],
        after=verdict,
        proposed=unit.proposed,
    )
    topic = f"deliberation:{deliberation.pk}"
    realtime.publish(topic, at=at, what="unit.decided", code=unit.code)
    return decided
