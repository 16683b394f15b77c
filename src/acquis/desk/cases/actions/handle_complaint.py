"""The states of a complaint and how critical it is. Source: V-13, K-07."""

from datetime import datetime
from typing import TypedDict

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.cases.actions._case import living, record, tell
from acquis.desk.cases.errors import CriticalityMissing, NotAComplaint, StageNotNext
from acquis.desk.cases.models import Case, Stage
from acquis.desk.cases.policy import complaints

STAGES = dict(Stage)
WEIGHED = ["gravity", "pressure", "stake", "criticality", "customer_stake", "company_stake"]


class Weights(TypedDict):
    gravity: int
    pressure: int
    stake: int
    customer_stake: str
    company_stake: str


@transaction.atomic
def weigh_case(*, case: Case, weights: Weights, by: User, at: datetime) -> Case:
    """Say how critical a case is and what is at stake for both sides; the grid gives the level.

    Raises CaseClosed, CaseMerged or WorkspaceSealed.
    """
    row = living(case)
    before = row.criticality
    row.gravity, row.pressure, row.stake = (
        weights["gravity"], weights["pressure"], weights["stake"],
    )  # fmt: skip
    row.customer_stake = weights["customer_stake"].strip()
    row.company_stake = weights["company_stake"].strip()
    found = complaints.criticality_of((row.gravity, row.pressure, row.stake))
    row.criticality = found.level
    row.save(update_fields=WEIGHED)
    said = f"{row.gravity} × {row.pressure} × {row.stake} = {found.product} → {found.level}/4"
    tell(row, f"Criticité : {said}", by=by, at=at)
    record("case.weighed", row, by=by, at=at, before=before, level=found.level)
    return row


@transaction.atomic
def advance_complaint(*, case: Case, stage: str, note: str = "", by: User, at: datetime) -> Case:
    """Pass a complaint to its next state. Acknowledging is the first answer; closing is apart.

    Raises NotAComplaint, StageNotNext, CriticalityMissing, CaseClosed or WorkspaceSealed.
    """
    row = living(case)
    if row.kind != Case.Kind.COMPLAINT:
        raise NotAComplaint(number=row.number)
    before = row.stage
    if stage == complaints.CLOSED or not complaints.may_follow(before, stage):
        raise StageNotNext(before=STAGES[before], after=STAGES.get(stage, stage))
    if stage == complaints.QUALIFIED and row.criticality is None:
        raise CriticalityMissing
    row.stage = stage
    if stage == complaints.ACKNOWLEDGED:
        row.answered_at = row.answered_at or at
    row.save(update_fields=["stage", "answered_at"])
    said = f"{STAGES[before]} → {STAGES[stage]}"
    tell(row, f"{said}\n{note.strip()}".strip(), by=by, at=at)
    record("case.stage_changed", row, by=by, at=at, before=before, after=stage)
    return row
