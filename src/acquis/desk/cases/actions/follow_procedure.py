"""The checklist that a procedure makes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.desk.cases.actions._case import living, record, tell
from acquis.desk.cases.errors import (
    NoStepInProcedure,
    NotOfThisDesk,
    ProcedureFollowed,
    ProcedureUnchanged,
    StepDone,
    WaiverReasonMissing,
)
from acquis.desk.cases.models import Case, CaseStep
from acquis.desk.cases.policy.procedures import is_optional, steps_of
from acquis.desk.knowledge.models import Article

DONE = ["done_at", "done_by_label"]
WAIVED = ["waived_at", "waived_by_label", "waived_reason"]


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
    steps = CaseStep.objects.bulk_create(_steps(row, article, article.title, texts))
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
    step.waived_at, step.waived_by_label, step.waived_reason = None, "", ""
    step.save(update_fields=[*DONE, *WAIVED])
    record("case.step_ticked", row, by=by, at=at, step=step.position, done=done)
    return step


@transaction.atomic
def waive_step(*, step: CaseStep, reason: str, by: User, at: datetime) -> CaseStep:
    """Say why a step has no place in this case; ticking it takes the waiver back.

    Raises WaiverReasonMissing, StepDone, CaseClosed, CaseMerged or WorkspaceSealed.
    """
    row = living(step.case)
    step = CaseStep.objects.select_for_update(of=("self",)).get(pk=step.pk)
    reason = reason.strip()
    if not reason:
        raise WaiverReasonMissing
    if step.done_at is not None:
        raise StepDone
    step.waived_at, step.waived_by_label, step.waived_reason = at, by.full_name, reason
    step.save(update_fields=WAIVED)
    tell(row, f"☒ {step.text} : {reason}", by=by, at=at)
    record("case.step_waived", row, by=by, at=at, step=step.position)
    return step


@transaction.atomic
def renew_procedure(*, case: Case, procedure: str, by: User, at: datetime) -> list[CaseStep]:
    """Take the steps of the procedure as it now is; those of the same words stay ticked or waived.

    What was done and is no longer asked stays in the history. Raises ProcedureUnchanged,
    NoStepInProcedure, CaseClosed, CaseMerged or WorkspaceSealed; nothing is written then.
    """
    row = living(case)
    before = list(row.steps.filter(procedure=procedure).select_related("article"))
    article = before[0].article if before else None
    if article is None or article.version == before[0].procedure_version:
        raise ProcedureUnchanged(title=procedure)
    texts = steps_of(article.body)
    if not texts:
        raise NoStepInProcedure(title=article.title)
    kept = {step.text: step for step in before}
    row.steps.filter(procedure=procedure).delete()
    steps = CaseStep.objects.bulk_create(_steps(row, article, procedure, texts, kept))
    gone = [f"✓ {step.text}" for step in before if step.done_at and step.text not in texts]
    tell(row, "\n".join([f"☐ {procedure} (v{article.version})", *gone]), by=by, at=at)
    record("case.procedure_renewed", row, by=by, at=at, slug=article.slug, steps=len(steps))
    return steps


def _steps(
    case: Case,
    article: Article,
    procedure: str,
    texts: Sequence[str],
    kept: Mapping[str, CaseStep] | None = None,
) -> Iterator[CaseStep]:
    for position, text in enumerate(texts, start=1):
        before = (kept or {}).get(text)
        yield CaseStep(
            workspace_id=case.workspace_id,
            case=case,
            procedure=procedure,
            procedure_version=article.version,
            article=article,
            position=position,
            text=text,
            optional=is_optional(text),
            **{name: getattr(before, name) for name in (*DONE, *WAIVED) if before},
        )
