"""What the acts on a case share: the lock, the turn, the line of its history."""

from datetime import datetime, timedelta
from typing import Any

from acquis.accounts.models import User
from acquis.desk.agenda.policy import open_time
from acquis.desk.cases.errors import CaseClosed, CaseMerged
from acquis.desk.cases.models import Case, CaseEvent
from acquis.desk.cases.rules import Rules, rules_of
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import realtime, trace

TURN = ["state", "answered_at", "paused_at", "paused_seconds", "resolve_due_at"]


def locked(case: Case) -> Case:
    """The case for writing. Raises WorkspaceSealed."""
    row = (
        Case.objects.select_for_update(of=("self",))
        .select_related("workspace", "customer")
        .get(pk=case.pk)
    )
    refuse_if_sealed(row.workspace)
    return row


def living(case: Case) -> Case:
    """The same, refused once it is merged or closed. Raises CaseMerged, CaseClosed."""
    row = locked(case)
    if row.merged_into_id is not None:
        raise CaseMerged(number=row.number, kept=str(row.merged_into and row.merged_into.number))
    if row.state == Case.State.CLOSED:
        raise CaseClosed(number=row.number)
    return row


def turn(case: Case, state: str, *, at: datetime) -> None:
    """Say whose turn it is; the customer's pauses the clock, its end moves what is due.

    The customer's turn is an answer to them. Only sets: the caller saves `TURN`.
    """
    if case.state == Case.State.WAITING_CUSTOMER and state != Case.State.WAITING_CUSTOMER:
        end_pause(case, rules_of(case.workspace), at=at)
    if state == Case.State.WAITING_CUSTOMER:
        case.paused_at = case.paused_at or at
        case.answered_at = case.answered_at or at
    case.state = Case.State(state)


def end_pause(case: Case, rules: Rules, *, at: datetime) -> None:
    if case.paused_at is not None:
        passed = open_time(rules.hours, case.paused_at, at)
        case.paused_seconds += int(passed.total_seconds())
        case.paused_at = None
    set_deadlines(case, rules)


def set_deadlines(case: Case, rules: Rules) -> None:
    """Compute what is due again; a case opened without deadlines keeps none."""
    if case.resolve_due_at is not None:
        case.answer_due_at, case.resolve_due_at = rules.deadlines_of(
            case.priority, case.opened_at, timedelta(seconds=case.paused_seconds)
        )


def tell(case: Case, body: str, state: str = "", *, by: User | None, at: datetime) -> CaseEvent:
    return CaseEvent.objects.create(
        workspace_id=case.workspace_id,
        case=case,
        at=at,
        author_label=by.full_name if by else "Acquis",
        body=body,
        new_state=state,
    )


def record(verb: str, case: Case, *, by: User | None, at: datetime, **data: Any) -> None:
    trace.record(verb, case, by=by, at=at, number=case.number, **data)
    realtime.publish(case.trace_stream, at=at, what="case", case=case.pk)
