"""The only way from outside to a case: by a workspace in which the person has a seat."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

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
    Opinion,
    RecurrenceAlert,
)
from acquis.desk.cases.policy.authority import Authority, needed
from acquis.desk.cases.rules import authority_rows, ceilings_of
from acquis.desk.shell import supervises

KEY_CHARS, PLACE_CHARS = 32, 18


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


def link_of(asked: Opinion, origin: str) -> str:
    """The whole address of the page of a question; `origin` as in https://poste.example."""
    return origin.rstrip("/") + reverse("opinion:answer", args=[key_of(asked)])


def key_of(asked: Opinion) -> str:
    """The link of a question: it names it, cannot be guessed and opens nothing else.

    It is worked out, not kept: a private copy of a desk has another one.
    """
    return f"{asked.pk}-{_digest(asked)}"


def _digest(asked: Opinion) -> str:
    value = f"{asked.workspace_id}:{asked.case_id}:{asked.pk}"
    made = salted_hmac("acquis.desk.cases.satisfaction", value, algorithm="sha256")
    return made.hexdigest()[:KEY_CHARS]


def request_of_key(key: str) -> Opinion:
    """The question that a link opens, whatever its state. Raises Http404."""
    place, _dash, digest = key.partition("-")
    if not place.isdecimal() or len(place) > PLACE_CHARS:
        raise Http404
    rows = Opinion.objects.select_related("workspace", "case")
    found = rows.filter(pk=int(place)).first()
    if found is None or not constant_time_compare(digest, _digest(found)):
        raise Http404
    return found
