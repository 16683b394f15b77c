"""What happens to a case between its opening and its end."""

from datetime import datetime
from typing import Any

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.cases.errors import CaseClosed, CaseNotClosed, CommentEmpty, ResolutionMissing
from acquis.desk.cases.models import Case, CaseEvent
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import realtime, trace


@transaction.atomic
def comment_case(
    *, case: Case, body: str, new_state: str = "", by: User, at: datetime
) -> CaseEvent:
    """Write down what happened; with `new_state`, the case waits for somebody else from now on.

    Closing has its own act. Raises CommentEmpty, CaseClosed or WorkspaceSealed.
    """
    row = _locked(case)
    body = body.strip()
    if not body:
        raise CommentEmpty
    if row.state == Case.State.CLOSED:
        raise CaseClosed(number=row.number)
    state = Case.State(new_state) if new_state else None
    if state in {Case.State.CLOSED, row.state}:
        state = None
    before = row.state
    if state is not None:
        row.state = state
        row.save(update_fields=["state"])
    event = _tell(row, body, state, by=by, at=at)
    _record("case.commented", row, by=by, at=at, chars=len(body), before=before, after=row.state)
    return event


@transaction.atomic
def close_case(*, case: Case, resolution: str, by: User, at: datetime) -> Case:
    """End the case with how it was resolved.

    Raises ResolutionMissing, CaseClosed or WorkspaceSealed.
    """
    row = _locked(case)
    resolution = resolution.strip()
    if not resolution:
        raise ResolutionMissing
    if row.state == Case.State.CLOSED:
        raise CaseClosed(number=row.number)
    before = row.state
    row.state, row.closed_at, row.resolution = Case.State.CLOSED, at, resolution
    row.save(update_fields=["state", "closed_at", "resolution"])
    _tell(row, resolution, Case.State.CLOSED, by=by, at=at)
    _record("case.closed", row, by=by, at=at, before=before, chars=len(resolution))
    return row


@transaction.atomic
def reopen_case(*, case: Case, body: str, by: User, at: datetime) -> Case:
    """Take a closed case up again; its resolution stays in its history.

    Raises CommentEmpty, CaseNotClosed or WorkspaceSealed.
    """
    row = _locked(case)
    body = body.strip()
    if not body:
        raise CommentEmpty
    if row.state != Case.State.CLOSED:
        raise CaseNotClosed(number=row.number)
    row.state, row.closed_at, row.resolution = Case.State.OPEN, None, ""
    row.save(update_fields=["state", "closed_at", "resolution"])
    _tell(row, body, Case.State.OPEN, by=by, at=at)
    _record("case.reopened", row, by=by, at=at, chars=len(body))
    return row


def _locked(case: Case) -> Case:
    row = Case.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=case.pk)
    refuse_if_sealed(row.workspace)
    return row


def _tell(case: Case, body: str, state: Case.State | None, *, by: User, at: datetime) -> CaseEvent:
    return CaseEvent.objects.create(
        workspace_id=case.workspace_id,
        case=case,
        at=at,
        author_label=by.full_name,
        body=body,
        new_state=state or "",
    )


def _record(verb: str, case: Case, *, by: User, at: datetime, **data: Any) -> None:
    trace.record(verb, case, by=by, at=at, number=case.number, **data)
    realtime.publish(case.trace_stream, at=at, what="case", case=case.pk)
