"""The checklist that a procedure makes."""

from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.cases.actions._case import living, record, tell
from acquis.desk.cases.errors import NoStepInProcedure, NotOfThisDesk, ProcedureFollowed
from acquis.desk.cases.models import Case, CaseStep
from acquis.desk.cases.policy.procedures import steps_of
from acquis.desk.knowledge.models import Article


@transaction.atomic
def begin_procedure(*, case: Case, article: Article, by: User, at: datetime) -> list[CaseStep]:
    """Copy the numbered steps of a procedure into the case, to be ticked one by one.

    Raises NotOfThisDesk, NoStepInProcedure, ProcedureFollowed, CaseClosed or WorkspaceSealed.
    """
    row = living(case)
    if article.workspace_id != row.workspace_id:
        raise NotOfThisDesk(name=article.title)
    texts = steps_of(article.body)
    if not texts:
        raise NoStepInProcedure(title=article.title)
    if row.steps.filter(procedure=article.title).exists():
        raise ProcedureFollowed(title=article.title)
    steps = CaseStep.objects.bulk_create(
        CaseStep(
            workspace_id=row.workspace_id,
            case=row,
            procedure=article.title,
            procedure_version=article.version,
            position=position,
            text=text,
        )
        for position, text in enumerate(texts, start=1)
    )
    tell(row, f"☐ {article.title} (v{article.version})", by=by, at=at)
    record("case.procedure_begun", row, by=by, at=at, slug=article.slug, steps=len(steps))
    return steps


@transaction.atomic
def tick_step(*, step: CaseStep, done: bool, by: User, at: datetime) -> CaseStep:
    """Tick a step, or take the tick back; twice the same changes nothing.

    Raises CaseClosed, CaseMerged or WorkspaceSealed.
    """
    row = living(step.case)
    step = CaseStep.objects.select_for_update(of=("self",)).get(pk=step.pk)
    if (step.done_at is not None) == done:
        return step
    step.done_at, step.done_by_label = (at, by.full_name) if done else (None, "")
    step.save(update_fields=["done_at", "done_by_label"])
    record("case.step_ticked", row, by=by, at=at, step=step.position, done=done)
    return step
