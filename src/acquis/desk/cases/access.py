"""The only way from outside to a case: by a workspace in which the person has a seat."""

from django.shortcuts import get_object_or_404

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User, Workspace
from acquis.desk.billing.models import InvoiceDispute
from acquis.desk.cases.errors import SupervisorOnly
from acquis.desk.cases.models import (
    Agreement,
    AuthorityRule,
    Case,
    CaseCode,
    CaseOption,
    CaseStep,
    Intervention,
    RecurrenceAlert,
)
from acquis.desk.cases.policy.authority import Authority, needed
from acquis.desk.cases.rules import authority_rows, ceilings_of
from acquis.desk.shell import supervises


def case_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, Case]:
    """The case and its workspace. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=write)
    found = Case.objects.filter(workspace=workspace).select_related(
        "customer", "order", "product", "reason__parent", "symptom", "merged_into", "assignee"
    )
    return workspace, get_object_or_404(found, pk=pk)


def step_for(user: User, workspace_id: int, pk: int, step_pk: int) -> tuple[Workspace, CaseStep]:
    """A step to tick in a case. Raises Http404, or the refusal to write there."""
    workspace, case = case_for(user, workspace_id, pk, write=True)
    return workspace, get_object_or_404(case.steps.select_related("case"), pk=step_pk)


def option_for(
    user: User, workspace_id: int, pk: int, option_pk: int
) -> tuple[Workspace, CaseOption]:
    """A way out to decide or agree on. Raises Http404, or the refusal to write there."""
    workspace, case = case_for(user, workspace_id, pk, write=True)
    return workspace, get_object_or_404(case.options.select_related("case"), pk=option_pk)


def agreement_for(
    user: User, workspace_id: int, pk: int, agreement_pk: int
) -> tuple[Workspace, Agreement]:
    """An agreement to put in writing. Raises Http404, or the refusal to write there."""
    workspace, case = case_for(user, workspace_id, pk, write=True)
    return workspace, get_object_or_404(case.agreements.select_related("case"), pk=agreement_pk)


def intervention_for(
    user: User, workspace_id: int, pk: int, visit_pk: int, *, write: bool = False
) -> tuple[Workspace, Intervention]:
    """A visit of a case. Raises Http404, or the refusal to write there."""
    workspace, case = case_for(user, workspace_id, pk, write=write)
    found = case.interventions.select_related("case__customer", "appointment__resource")
    return workspace, get_object_or_404(found, pk=visit_pk)


def alert_for(user: User, workspace_id: int, pk: int) -> tuple[Workspace, RecurrenceAlert]:
    """An alert to take in charge. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=True)
    return workspace, get_object_or_404(RecurrenceAlert.objects.filter(workspace=workspace), pk=pk)


def code_for(user: User, workspace_id: int, pk: int) -> tuple[Workspace, CaseCode]:
    """A code to change. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=True)
    return workspace, get_object_or_404(CaseCode.objects.filter(workspace=workspace), pk=pk)


def refuse_unless_supervisor(user: User, workspace: Workspace) -> None:
    """Raise SupervisorOnly."""
    if not supervises(user, workspace):
        raise SupervisorOnly


def may_settle(user: User, workspace: Workspace, dispute: InvoiceDispute) -> bool:
    """Whether the person decides: up to the adviser's ceiling for credit notes, or as supervisor."""
    if supervises(user, workspace):
        return True
    rule = next(
        row for row in authority_rows(workspace)
        if row.gesture == AuthorityRule.Gesture.CREDIT_NOTE
    )  # fmt: skip
    return needed(dispute.amount, ceilings_of(rule)) == Authority.ADVISER
