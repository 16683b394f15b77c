"""How a desk handles its cases, as the policies take it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from acquis.accounts.models import Workspace
from acquis.desk.agenda.policy import OFFICE, Hours, hours_of
from acquis.desk.cases.models import Case, CaseRules
from acquis.desk.cases.policy import deadlines


@dataclass(frozen=True, slots=True)
class Rules:
    """What the row of the desk says, and the standard where it says nothing."""

    hours: Hours
    matrix: Mapping[str, int]
    targets: Mapping[str, Sequence[int]]
    reopen_days: int
    acknowledge_days: int
    answer_days: int
    recurrence_count: int
    recurrence_days: int

    def deadlines_of(
        self, priority: int, opened_at: datetime, paused: timedelta = timedelta()
    ) -> tuple[datetime, datetime]:
        """When the first answer is due, and the resolution."""
        allowed = deadlines.targets_of(priority, self.targets)
        return (
            deadlines.due(self.hours, opened_at, allowed.first, timedelta()),
            deadlines.due(self.hours, opened_at, allowed.resolution, paused),
        )

    def clock_of(self, case: Case, now: datetime) -> deadlines.Clock | None:
        """The clock of a case; None for one that was opened without deadlines."""
        if case.resolve_due_at is None:
            return None
        return deadlines.clock(
            self.hours,
            deadlines.targets_of(case.priority, self.targets),
            opened_at=case.opened_at,
            answered_at=case.answered_at,
            closed_at=case.closed_at,
            paused=case.paused,
            paused_at=case.paused_at,
            second_level=case.state == Case.State.SECOND_LEVEL,
            now=now,
        )


def rules_of(workspace: Workspace) -> Rules:
    row = CaseRules.objects.filter(workspace=workspace).first() or CaseRules(workspace=workspace)
    return Rules(
        hours=hours_of(row.hours or OFFICE),
        matrix=deadlines.MATRIX | row.matrix,
        targets={**deadlines.TARGETS, **row.targets},
        reopen_days=row.reopen_days,
        acknowledge_days=row.acknowledge_days,
        answer_days=row.answer_days,
        recurrence_count=row.recurrence_count,
        recurrence_days=row.recurrence_days,
    )
