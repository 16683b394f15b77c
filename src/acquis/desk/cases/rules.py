"""How a desk handles its cases, as the policies take it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from acquis.accounts.models import Workspace
from acquis.desk.agenda.policy import OFFICE, Hours, hours_of
from acquis.desk.cases.models import AuthorityRule, Case, CaseRules
from acquis.desk.cases.policy import deadlines
from acquis.desk.cases.policy.authority import Authority, Ceiling


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
    survey_on: bool
    survey_days: int
    survey_text: str
    survey_delay: timedelta  # after closing

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
        survey_on=row.survey_on,
        survey_days=row.survey_days,
        survey_text=row.survey_text,
        survey_delay=timedelta(minutes=row.survey_delay_minutes),
    )


Gesture = AuthorityRule.Gesture
# Adviser's amount and per cent, then the supervisor's; None is no limit.
STANDARD: Mapping[str, tuple[str | None, str | None, str | None, str | None]] = {
    Gesture.GOODWILL: ("20", "10", "80", "20"),
    Gesture.CREDIT_NOTE: ("100", None, "500", None),
    Gesture.SHIPPING: (None, None, None, None),
    Gesture.RESHIPMENT: ("150", None, None, None),
    Gesture.OTHER: ("0", None, "0", None),
}


def authority_rows(workspace: Workspace) -> list[AuthorityRule]:
    """The authority matrix of a desk, one row a gesture, the standard where it says nothing."""
    kept = {row.gesture: row for row in AuthorityRule.objects.filter(workspace=workspace)}
    return [kept.get(gesture) or _standard(workspace, gesture) for gesture in Gesture.values]


def ceilings_of(row: AuthorityRule) -> list[Ceiling]:
    return [
        Ceiling(Authority.ADVISER, row.adviser_amount, row.adviser_percent),
        Ceiling(Authority.SUPERVISOR, row.supervisor_amount, row.supervisor_percent),
    ]


def _standard(workspace: Workspace, gesture: str) -> AuthorityRule:
    one, two, three, four = (
        None if value is None else Decimal(value) for value in STANDARD[gesture]
    )
    return AuthorityRule(
        workspace=workspace,
        gesture=gesture,
        adviser_amount=one,
        adviser_percent=two,
        supervisor_amount=three,
        supervisor_percent=four,
    )
