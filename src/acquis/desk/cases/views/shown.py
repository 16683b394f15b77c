"""The page of a case, whichever act was refused on it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from acquis.accounts.models import Workspace
from acquis.accounts.requests import person
from acquis.desk.billing.queries import disputes_of_case
from acquis.desk.cases import queries
from acquis.desk.cases.actions.handle_complaint import WEIGHED
from acquis.desk.cases.forms.difficult import (
    AgreementForm,
    DecisionForm,
    OptionForm,
    StageForm,
    WeightsForm,
)
from acquis.desk.cases.forms.following import (
    AnswerForm,
    AssignForm,
    CommentForm,
    DiagnosisForm,
    OtherCaseForm,
    ProcedureForm,
    ResolutionForm,
    SatisfactionForm,
    SecondLevelForm,
)
from acquis.desk.cases.forms.visits import ReportForm
from acquis.desk.cases.models import Case
from acquis.desk.cases.policy import deadlines
from acquis.desk.cases.presentation import complaint_row, with_clocks
from acquis.desk.cases.rules import rules_of
from acquis.desk.shell import day_in_paris, may_write, supervises

DIAGNOSED = ("reason", "symptom", "product", "cause", "tried", "urgency", "impact")


def shown_case(
    request: HttpRequest, workspace: Workspace, case: Case, **refused: forms.Form
) -> HttpResponse:
    """The page with everything of the case; a refused form in the place of the empty one, 422."""
    now = timezone.now()
    user = person(request)
    rules = rules_of(workspace)
    asked = list(case.second_level_requests.all())
    context: dict[str, Any] = {
        "workspace": workspace,
        "case": with_clocks([case], rules, now)[0],
        "disputes": list(disputes_of_case(workspace, case.number)),
        "events": list(queries.history(case)),
        "links": list(queries.links(case)),
        "merged": list(case.merged.all()),
        "steps": list(case.steps.select_related("article")),
        "asked": asked,
        "pending": next((one for one in asked if one.answered_at is None), None),
        "comment": CommentForm(),
        "resolution": ResolutionForm(),
        "satisfaction": SatisfactionForm(),
        "second_level": SecondLevelForm(initial={"tried": case.tried}),
        "answer": AnswerForm(),
        "other": OtherCaseForm(workspace=workspace),
        "procedure": ProcedureForm(workspace=workspace),
        "assign": AssignForm(workspace=workspace, initial={"to": case.assignee_id}),
        "diagnosis": DiagnosisForm(
            workspace=workspace, initial={name: getattr(case, name) for name in DIAGNOSED}
        ),
        "may_write": may_write(user, workspace),
        "supervises": supervises(user, workspace),
        "complaint": complaint_row(case, rules, day_in_paris(now))
        if case.kind == Case.Kind.COMPLAINT
        else None,
        "visits": list(case.interventions.select_related("appointment__resource")),
        "report": ReportForm(),
        "options": list(case.options.all()),
        "agreements": list(case.agreements.select_related("letter", "option")),
        "weights": WeightsForm(
            initial={name: getattr(case, name) or None for name in WEIGHED if name != "criticality"}
        ),
        "stage": StageForm(case=case),
        "option": OptionForm(),
        "decision": DecisionForm(),
        "agreement": AgreementForm(case=case, initial={"in_charge": user.full_name}),
        "mine": case.assignee_id == user.pk,
        "may_reopen": case.closed_at is not None
        and deadlines.may_reopen(case.closed_at, now, rules.reopen_days),
        "reopen_days": rules.reopen_days,
        "today": day_in_paris(now),
        **refused,
    }
    return render(request, "cases/case.html", context, status=422 if refused else 200)
