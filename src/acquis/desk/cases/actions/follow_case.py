"""What happens to a case between its opening and its end."""

from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.cases.actions._case import TURN, living, locked, record, tell, turn
from acquis.desk.cases.errors import (
    CaseMerged,
    CaseNotClosed,
    CommentEmpty,
    ReopenTooLate,
    ResolutionMissing,
    SatisfactionNotAsked,
    SecondLevelHasIt,
    StepsLeft,
)
from acquis.desk.cases.models import Case, CaseEvent
from acquis.desk.cases.policy import complaints, deadlines
from acquis.desk.cases.queries import steps_left
from acquis.desk.cases.rules import rules_of

BEST = 5
NOTED = ["satisfaction", "satisfaction_comment", "satisfaction_by", "satisfaction_asked_at"]


@transaction.atomic
def comment_case(
    *,
    case: Case,
    body: str,
    new_state: str = "",
    customer_told: bool = False,
    by: User,
    at: datetime,
) -> CaseEvent:
    """Write down what happened; with `new_state`, the case waits for somebody else from now on.

    `customer_told` is the first answer, if none was given. Going to the second level and closing
    have their own acts. Raises CommentEmpty, CaseClosed, CaseMerged, SecondLevelHasIt or
    WorkspaceSealed.
    """
    row = living(case)
    body = body.strip()
    if not body:
        raise CommentEmpty
    state = new_state if new_state in {Case.State.OPEN, Case.State.WAITING_CUSTOMER} else ""
    before = row.state
    if state == before:
        state = ""
    if state and row.second_level_requests.filter(answered_at__isnull=True).exists():
        raise SecondLevelHasIt
    if state:
        turn(row, state, at=at)
    if customer_told:
        row.answered_at = row.answered_at or at
    row.save(update_fields=TURN)
    event = tell(row, body, state, by=by, at=at)
    record("case.commented", row, by=by, at=at, chars=len(body), before=before, after=row.state)
    return event


@transaction.atomic
def close_case(
    *, case: Case, resolution: str, ask_satisfaction: bool = False, by: User, at: datetime
) -> Case:
    """End the case with how it was resolved; a complaint ends with it.

    A question that the second level has is withdrawn. Raises ResolutionMissing, StepsLeft (of a
    procedure, neither done nor waived), CaseClosed, CaseMerged or WorkspaceSealed.
    """
    row = living(case)
    resolution = resolution.strip()
    if not resolution:
        raise ResolutionMissing
    left = steps_left(row)
    if left:
        raise StepsLeft(steps=", ".join(str(step.position) for step in left))
    before = row.state
    turn(row, Case.State.CLOSED, at=at)
    row.closed_at, row.resolution = at, resolution
    row.answered_at = row.answered_at or at
    row.satisfaction_asked_at = at if ask_satisfaction else None
    row.stage = complaints.CLOSED if row.kind == Case.Kind.COMPLAINT else row.stage
    row.save(update_fields=[*TURN, "closed_at", "resolution", "satisfaction_asked_at", "stage"])
    row.second_level_requests.filter(answered_at__isnull=True).update(
        answered_at=at, answered_by_label=by.full_name
    )
    tell(row, resolution, Case.State.CLOSED, by=by, at=at)
    record(
        "case.closed",
        row,
        by=by,
        at=at,
        before=before,
        chars=len(resolution),
        late=row.resolve_due_at is not None and at > row.resolve_due_at,
    )
    return row


@transaction.atomic
def reopen_case(*, case: Case, body: str, by: User | None = None, at: datetime) -> Case:
    """Take a closed case up again; its resolution stays in its history. `by` None: the customer.

    What was closed waits for nobody: the time between counts as a pause. Raises CommentEmpty,
    CaseNotClosed, CaseMerged, ReopenTooLate (another case then follows it) or WorkspaceSealed.
    """
    row = locked(case)
    body = body.strip()
    if not body:
        raise CommentEmpty
    if row.merged_into_id is not None:
        raise CaseMerged(number=row.number, kept=str(row.merged_into and row.merged_into.number))
    if row.state != Case.State.CLOSED or row.closed_at is None:
        raise CaseNotClosed(number=row.number)
    rules = rules_of(row.workspace)
    if not deadlines.may_reopen(row.closed_at, at, rules.reopen_days):
        raise ReopenTooLate(number=row.number, days=rules.reopen_days)
    # The clock stood still since it was closed, as it does while the customer has the word.
    row.state, row.paused_at = Case.State.WAITING_CUSTOMER, row.closed_at
    turn(row, Case.State.OPEN, at=at)
    row.closed_at, row.resolution, row.satisfaction_asked_at = None, "", None
    row.stage = complaints.IN_PROGRESS if row.kind == Case.Kind.COMPLAINT else row.stage
    row.save(update_fields=[*TURN, "closed_at", "resolution", "satisfaction_asked_at", "stage"])
    tell(row, body, Case.State.OPEN, by=by, at=at)
    record("case.reopened", row, by=by, at=at, chars=len(body))
    return row


@transaction.atomic
def assign_case(*, case: Case, to: User | None, by: User, at: datetime) -> Case:
    """Say who follows the case; None gives it back to the team.

    Raises CaseClosed, CaseMerged or WorkspaceSealed.
    """
    row = living(case)
    before = row.assignee_label
    row.assignee, row.assignee_label = to, to.full_name if to else ""
    row.save(update_fields=["assignee", "assignee_label"])
    tell(row, f"{before or '—'} → {row.assignee_label or '—'}", by=by, at=at)
    record("case.assigned", row, by=by, at=at, before=before, after=row.assignee_label)
    return row


@transaction.atomic
def record_satisfaction(
    *, case: Case, score: int, comment: str = "", by: User, at: datetime
) -> Case:
    """Write down what the customer says of a closed case, from 1 to 5.

    Raises SatisfactionNotAsked or WorkspaceSealed.
    """
    row = locked(case)
    if row.state != Case.State.CLOSED or not 1 <= score <= BEST:
        raise SatisfactionNotAsked
    row.satisfaction, row.satisfaction_comment = score, comment.strip()
    row.satisfaction_by = Case.SaidBy.ADVISER
    row.satisfaction_asked_at = row.satisfaction_asked_at or at
    row.save(update_fields=NOTED)
    said = f"{score}/{BEST}" + (f" : {row.satisfaction_comment}" if comment.strip() else "")
    tell(row, said, by=by, at=at)
    record("case.satisfaction_recorded", row, by=by, at=at, score=score)
    return row
