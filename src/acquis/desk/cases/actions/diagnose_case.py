from datetime import datetime
from typing import TypedDict

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.cases.actions._case import living, record, set_deadlines, tell
from acquis.desk.cases.actions.watch_recurrence import watch_recurrence
from acquis.desk.cases.errors import NotOfThisDesk
from acquis.desk.cases.models import Case, CaseCode
from acquis.desk.cases.policy import deadlines
from acquis.desk.cases.rules import rules_of
from acquis.desk.sales.models import Product

FIELDS = ["reason", "symptom", "product", "cause", "tried", "urgency", "impact", "priority",
          "answer_due_at", "resolve_due_at"]  # fmt: skip


class Diagnosis(TypedDict):
    reason: CaseCode | None
    symptom: CaseCode | None
    product: Product | None
    cause: str
    tried: str
    urgency: int | None
    impact: int | None


@transaction.atomic
def diagnose_case(*, case: Case, found: Diagnosis, by: User, at: datetime) -> Case:
    """Write down what is observed, why, what was tried; urgency and impact set the priority.

    What is due moves with the priority, from the opening. Raises NotOfThisDesk, CaseClosed,
    CaseMerged or WorkspaceSealed.
    """
    row = living(case)
    refuse_strangers(row.workspace_id, found["reason"], found["symptom"], found["product"])
    before = row.priority
    row.reason, row.symptom, row.product = found["reason"], found["symptom"], found["product"]
    row.cause, row.tried = found["cause"].strip(), found["tried"].strip()
    row.urgency, row.impact = found["urgency"], found["impact"]
    rules = rules_of(row.workspace)
    if row.urgency and row.impact:
        row.priority = deadlines.priority_of(row.urgency, row.impact, rules.matrix)
        row.resolve_due_at = row.resolve_due_at or at  # from now on it has deadlines
    set_deadlines(row, rules)
    row.save(update_fields=FIELDS)
    facts = [row.product, row.symptom, row.cause]
    said = " · ".join(str(fact) for fact in facts if fact)
    tell(row, f"P{before} → P{row.priority} {said}".strip(), by=by, at=at)
    record(
        "case.diagnosed",
        row,
        by=by,
        at=at,
        before=before,
        priority=row.priority,
        urgency=row.urgency,
        impact=row.impact,
        symptom=row.symptom_id,
        product=row.product_id,
    )
    watch_recurrence(row, rules, by=by, at=at)
    return row


def refuse_strangers(workspace_id: int, *rows: CaseCode | Product | None) -> None:
    """Raise NotOfThisDesk for a row of another workspace."""
    for row in rows:
        if row is not None and row.workspace_id != workspace_id:
            raise NotOfThisDesk(name=str(row))
