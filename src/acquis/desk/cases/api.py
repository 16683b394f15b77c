"""Cases: how another system opens, follows and closes them, under the refusals of the pages."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema
from ninja.pagination import paginate
from ninja.responses import Status

from acquis.accounts.api_kit import LARGEST_KEY, Key, Text, Window, caller, cleaned, scoped
from acquis.accounts.models import User
from acquis.accounts.verbs import Verb
from acquis.desk.api_kit import desk_for
from acquis.desk.cases import queries
from acquis.desk.cases.access import case_for, step_for
from acquis.desk.cases.actions.ask_satisfaction import close_and_ask
from acquis.desk.cases.actions.follow_case import (
    assign_case,
    comment_case,
    record_satisfaction,
    reopen_case,
)
from acquis.desk.cases.actions.follow_procedure import begin_procedure, tick_step
from acquis.desk.cases.actions.handle_complaint import advance_complaint
from acquis.desk.cases.actions.open_case import open_case
from acquis.desk.cases.actions.second_level import answer_second_level, ask_second_level
from acquis.desk.cases.forms.following import (
    AnswerForm,
    CaseForm,
    CommentForm,
    ProcedureForm,
    ResolutionForm,
    SatisfactionForm,
    SecondLevelForm,
)
from acquis.desk.cases.models import Case, CaseEvent, CaseStep
from acquis.desk.cases.presentation import origin_of
from acquis.desk.directory.access import customer_for
from acquis.desk.knowledge.access import article_for

router = Router(tags=[_("demandes")])
ROOT = "/workspaces/{workspace_id}/cases"
ONE = ROOT + "/{case_id}"


class CaseOut(Schema):
    id: int
    number: str
    kind: Case.Kind
    state: Case.State
    stage: str | None
    priority: int
    urgency: int | None
    impact: int | None
    criticality: int | None
    customer_id: int
    order_id: int | None
    product_id: int | None
    reason_id: int | None
    symptom_id: int | None
    title: str
    description: str
    cause: str
    tried: str
    assignee_label: str
    opened_at: datetime
    answered_at: datetime | None
    answer_due_at: datetime | None
    resolve_due_at: datetime | None
    due_on: date | None
    closed_at: datetime | None
    resolution: str
    satisfaction: int | None
    merged_into_id: int | None

    @staticmethod
    def resolve_stage(one: Case) -> str | None:
        return one.stage if one.kind == Case.Kind.COMPLAINT else None


class EventOut(Schema):
    id: int
    at: datetime
    author_label: str
    body: str
    new_state: str


class StepOut(Schema):
    id: int
    procedure: str
    procedure_version: str
    position: int
    text: str
    done_at: datetime | None
    done_by_label: str


class CaseIn(Schema):
    """Urgence et impact, de 1 (haut) à 3 (bas), donnent la priorité et les échéances."""

    customer_id: int = Field(ge=1, le=LARGEST_KEY)
    kind: Case.Kind
    title: Text
    description: Text = ""
    urgency: int | None = Field(None, ge=1, le=3)
    impact: int | None = Field(None, ge=1, le=3)
    reason_id: int | None = Field(None, ge=1, le=LARGEST_KEY)
    product_id: int | None = Field(None, ge=1, le=LARGEST_KEY)
    order_id: int | None = Field(None, ge=1, le=LARGEST_KEY)
    due_on: date | None = None


class EventIn(Schema):
    """`new_state` : `open` ou `waiting_customer` ; vide, l’état ne change pas."""

    body: Text
    new_state: Text = ""
    customer_told: bool = False


class ProcedureIn(Schema):
    article: Text  # slug


class StepIn(Schema):
    done: bool = True


class QuestionIn(Schema):
    team: Text
    tried: Text
    question: Text


class AnswerIn(Schema):
    answer: Text


class ClosingIn(Schema):
    resolution: Text
    ask_satisfaction: bool = False


class ReopeningIn(Schema):
    body: Text


class StageIn(Schema):
    stage: Text
    note: Text = ""


class SatisfactionIn(Schema):
    score: int = Field(ge=1, le=5)
    comment: Text = ""


@router.get(ROOT, response=list[CaseOut], summary=_("Les demandes d’un poste"))
@paginate(Window)
@scoped(
    Verb.DESK_USE,
    note=_(
        "`q` : numéro, titre ou client ; `view` : mine, unassigned, team, late, us, customer, "
        "second_level. Sans `state`, celles qui ne sont pas closes ; `all` les donne toutes."
    ),
)
def cases(
    request: HttpRequest,
    workspace_id: Key,
    q: Text = "",
    kind: Case.Kind | None = None,
    state: Text = "",
    view: Text = "",
) -> QuerySet[Case]:
    asked = queries.Asked(typed=q[:120], kind=kind or "", state=state, view=view)
    workspace = desk_for(request, workspace_id)
    return queries.cases(workspace, asked, user=caller(request).user, now=timezone.now())


@router.get(ONE, response=CaseOut, summary=_("Une demande"))
@scoped(Verb.DESK_USE)
def case(request: HttpRequest, workspace_id: Key, case_id: Key) -> Case:
    return _case(request, workspace_id, case_id)[1]


@router.get(ONE + "/events", response=list[EventOut], summary=_("Le suivi d’une demande"))
@paginate(Window)
@scoped(Verb.DESK_USE)
def events(request: HttpRequest, workspace_id: Key, case_id: Key) -> QuerySet[CaseEvent]:
    return queries.history(_case(request, workspace_id, case_id)[1])


@router.get(ONE + "/steps", response=list[StepOut], summary=_("Les étapes à suivre"))
@paginate(Window)
@scoped(Verb.DESK_USE)
def steps(request: HttpRequest, workspace_id: Key, case_id: Key) -> QuerySet[CaseStep]:
    return _case(request, workspace_id, case_id)[1].steps.all()


@router.post(ROOT, response={201: CaseOut}, summary=_("Ouvrir une demande"))
@scoped(Verb.DESK_USE, note=_("Elle attend dans l’équipe : personne ne la suit encore."))
def create(request: HttpRequest, workspace_id: Key, body: CaseIn) -> Status[Case]:
    desk_for(request, workspace_id, write=True)
    user = caller(request).user
    known = customer_for(user, workspace_id, body.customer_id, write=True)[1]
    given = body.model_dump(exclude_none=True)
    data = given | {name: given.get(f"{name}_id") for name in ("reason", "product", "order")}
    values = cleaned(CaseForm(data, customer=known))
    return Status(201, open_case(customer=known, **values, by=user, at=timezone.now()))


@router.post(ONE + "/events", response={201: EventOut}, summary=_("Consigner ce qui s’est passé"))
@scoped(Verb.DESK_USE)
def comment(
    request: HttpRequest, workspace_id: Key, case_id: Key, body: EventIn
) -> Status[CaseEvent]:
    user, found = _case(request, workspace_id, case_id, write=True)
    values = cleaned(CommentForm(body.model_dump()))
    return Status(201, comment_case(case=found, **values, by=user, at=timezone.now()))


@router.post(ONE + "/take", response=CaseOut, summary=_("Suivre une demande"))
@scoped(Verb.DESK_USE)
def take(request: HttpRequest, workspace_id: Key, case_id: Key) -> Case:
    user, found = _case(request, workspace_id, case_id, write=True)
    return assign_case(case=found, to=user, by=user, at=timezone.now())


@router.post(ONE + "/steps", response={201: list[StepOut]}, summary=_("Suivre une procédure"))
@scoped(Verb.DESK_USE, note=_("`article` : le nom court d’une procédure publiée."))
def follow(
    request: HttpRequest, workspace_id: Key, case_id: Key, body: ProcedureIn
) -> Status[list[CaseStep]]:
    user, found = _case(request, workspace_id, case_id, write=True)
    workspace, article = article_for(user, workspace_id, body.article[:80])
    values = cleaned(ProcedureForm({"article": article.pk}, workspace=workspace))
    begun = begin_procedure(case=found, article=values["article"], by=user, at=timezone.now())
    return Status(201, begun)


@router.post(ONE + "/steps/{step_id}", response=StepOut, summary=_("Cocher une étape"))
@scoped(Verb.DESK_USE)
def tick(
    request: HttpRequest, workspace_id: Key, case_id: Key, step_id: Key, body: StepIn
) -> CaseStep:
    desk_for(request, workspace_id, write=True)
    user: Any = caller(request).user
    step = step_for(user, workspace_id, case_id, step_id)[1]
    return tick_step(step=step, done=body.done, by=user, at=timezone.now())


@router.post(ONE + "/second-level", response=CaseOut, summary=_("Passer au second niveau"))
@scoped(Verb.DESK_USE)
def ask(request: HttpRequest, workspace_id: Key, case_id: Key, body: QuestionIn) -> Case:
    user, found = _case(request, workspace_id, case_id, write=True)
    values = cleaned(SecondLevelForm(body.model_dump()))
    ask_second_level(case=found, **values, by=user, at=timezone.now())
    found.refresh_from_db()
    return found


@router.post(
    ONE + "/second-level/answer", response=CaseOut, summary=_("Répondre et rendre la demande")
)
@scoped(Verb.DESK_USE)
def answer(request: HttpRequest, workspace_id: Key, case_id: Key, body: AnswerIn) -> Case:
    user, found = _case(request, workspace_id, case_id, write=True)
    values = cleaned(AnswerForm(body.model_dump()))
    answer_second_level(case=found, **values, by=user, at=timezone.now())
    found.refresh_from_db()
    return found


@router.post(ONE + "/close", response=CaseOut, summary=_("Clore une demande"))
@scoped(Verb.DESK_USE)
def close(request: HttpRequest, workspace_id: Key, case_id: Key, body: ClosingIn) -> Case:
    user, found = _case(request, workspace_id, case_id, write=True)
    values = cleaned(ResolutionForm(body.model_dump()))
    return close_and_ask(
        case=found,
        resolution=values["resolution"],
        asked=values["ask_satisfaction"],
        origin=origin_of(request),
        by=user,
        at=timezone.now(),
    )


@router.post(ONE + "/reopen", response=CaseOut, summary=_("Rouvrir une demande"))
@scoped(Verb.DESK_USE)
def reopen(request: HttpRequest, workspace_id: Key, case_id: Key, body: ReopeningIn) -> Case:
    user, found = _case(request, workspace_id, case_id, write=True)
    return reopen_case(case=found, body=body.body, by=user, at=timezone.now())


@router.post(ONE + "/stage", response=CaseOut, summary=_("Faire avancer une réclamation"))
@scoped(Verb.DESK_USE)
def stage(request: HttpRequest, workspace_id: Key, case_id: Key, body: StageIn) -> Case:
    user, found = _case(request, workspace_id, case_id, write=True)
    return advance_complaint(
        case=found, stage=body.stage[:14], note=body.note, by=user, at=timezone.now()
    )


@router.post(ONE + "/satisfaction", response=CaseOut, summary=_("Noter la satisfaction"))
@scoped(Verb.DESK_USE)
def satisfaction(
    request: HttpRequest, workspace_id: Key, case_id: Key, body: SatisfactionIn
) -> Case:
    user, found = _case(request, workspace_id, case_id, write=True)
    values = cleaned(SatisfactionForm(body.model_dump()))
    return record_satisfaction(case=found, **values, by=user, at=timezone.now())


def _case(
    request: HttpRequest, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[User, Case]:
    """Who asks, and the case. Raises Http404, or the refusal to write there."""
    desk_for(request, workspace_id, write=write)
    user: Any = caller(request).user
    return user, case_for(user, workspace_id, pk, write=write)[1]
