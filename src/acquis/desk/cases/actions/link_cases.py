"""Ties between cases, and several that are one."""

from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.cases.actions._case import TURN, living, locked, record, tell, turn
from acquis.desk.cases.errors import (
    LinkToItself,
    MergeImpossible,
    MergeOfAnotherCustomer,
    NotMerged,
    NotOfThisDesk,
)
from acquis.desk.cases.models import Case, CaseLink


@transaction.atomic
def link_cases(*, case: Case, other: Case, kind: str, by: User, at: datetime) -> CaseLink:
    """Say that a case is a duplicate of, caused by, or follows another; saying it again corrects.

    Raises LinkToItself, NotOfThisDesk or WorkspaceSealed.
    """
    row = locked(case)
    _refuse_pair(row, other)
    link, _created = CaseLink.objects.update_or_create(
        workspace_id=row.workspace_id,
        case=row,
        other=other,
        defaults={"kind": CaseLink.Kind(kind)},
    )
    tell(row, f"{link.get_kind_display()} {other.number}", by=by, at=at)
    record("case.linked", row, by=by, at=at, other=other.number, kind=kind)
    return link


@transaction.atomic
def unlink_cases(*, link: CaseLink, by: User, at: datetime) -> None:
    """Untie two cases; the history says that they were. Raises WorkspaceSealed."""
    row = locked(link.case)
    other = link.other.number
    link.delete()
    tell(row, f"∅ {other}", by=by, at=at)
    record("case.unlinked", row, by=by, at=at, other=other)


@transaction.atomic
def merge_cases(*, case: Case, into: Case, by: User, at: datetime) -> Case:
    """Make a case part of another of the same customer: it is closed and read there.

    Nothing moves, so nothing is lost, and `unmerge_case` undoes it. Raises LinkToItself,
    NotOfThisDesk, MergeOfAnotherCustomer, MergeImpossible, CaseClosed or WorkspaceSealed.
    """
    row, kept = living(case), locked(into)
    _refuse_pair(row, kept)
    if row.customer_id != kept.customer_id:
        raise MergeOfAnotherCustomer
    if kept.merged_into_id is not None or row.merged.exists():
        raise MergeImpossible
    row.state_before_merge, row.merged_into = row.state, kept
    turn(row, Case.State.CLOSED, at=at)
    row.closed_at = at
    row.save(update_fields=[*TURN, "closed_at", "merged_into", "state_before_merge"])
    tell(row, f"→ {kept.number}", Case.State.CLOSED, by=by, at=at)
    tell(kept, f"+ {row.number} · {row.title}", by=by, at=at)
    record("case.merged", row, by=by, at=at, into=kept.number)
    return row


@transaction.atomic
def unmerge_case(*, case: Case, by: User, at: datetime) -> Case:
    """Undo a merge: the case is what it was before, and its clock stood still meanwhile.

    Raises NotMerged or WorkspaceSealed.
    """
    row = locked(case)
    if row.merged_into is None or row.closed_at is None:
        raise NotMerged(number=row.number)
    kept, before = row.merged_into, row.state_before_merge
    # A pause since it was merged; one that ran before goes on.
    row.state, row.paused_at = Case.State.WAITING_CUSTOMER, row.closed_at
    turn(row, before, at=at)
    row.closed_at, row.merged_into, row.state_before_merge = None, None, ""
    row.save(update_fields=[*TURN, "closed_at", "merged_into", "state_before_merge"])
    tell(row, f"← {kept.number}", row.state, by=by, at=at)
    tell(kept, f"− {row.number}", by=by, at=at)
    record("case.unmerged", row, by=by, at=at, was_in=kept.number)
    return row


def _refuse_pair(case: Case, other: Case) -> None:
    if other.pk == case.pk:
        raise LinkToItself
    if other.workspace_id != case.workspace_id:
        raise NotOfThisDesk(name=other.number)
