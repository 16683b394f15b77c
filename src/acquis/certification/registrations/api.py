"""Candidates of the key's organisation: read them, enter one."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema
from ninja.pagination import paginate
from ninja.responses import Status

from acquis.accounts.api_kit import Key, Text, Window, caller, cleaned, scoped
from acquis.accounts.verbs import Verb
from acquis.certification.registrations import access, actions, policy, queries
from acquis.certification.registrations.forms import CandidateForm
from acquis.certification.registrations.models import Candidate

router = Router(tags=[_("candidats")])


class EnrolmentOut(Schema):
    id: int
    version_id: int
    block: str
    route: str
    extra_time: list[str]
    """Parts of time added by the decisions in force, as « 1/3 »."""
    created_at: datetime

    @staticmethod
    def resolve_extra_time(enrolment: Any) -> list[str]:
        granted = queries.accommodations_of(enrolment)
        return [str(each.factor) for each in granted if each.factor]


class CandidateOut(Schema):
    id: int
    reference: str
    birth_name: str
    usual_name: str
    first_name: str
    other_first_names: str
    sex: str
    birth_date: date | None
    birth_city: str
    birth_insee_code: str
    birth_postcode: str
    birth_country: str
    email: str
    phone: str
    missing: list[str]
    enrolments: list[EnrolmentOut]

    @staticmethod
    def resolve_missing(candidate: Any) -> list[str]:
        return policy.missing_fields(candidate)

    @staticmethod
    def resolve_enrolments(candidate: Any) -> list[Any]:
        return list(candidate.enrolments.all())


class CandidateIn(Schema):
    birth_name: Text
    first_name: Text
    email: Text
    usual_name: Text = ""
    other_first_names: Text = ""
    sex: Text = ""
    birth_date: date | None = None
    birth_city: Text = ""
    birth_insee_code: Text = ""
    birth_postcode: Text = ""
    birth_country: Text = "France"
    phone: Text = ""


@router.get(
    "/candidates", response=list[CandidateOut], summary=_("Les candidats, par nom ou référence")
)
@paginate(Window)
@scoped(Verb.CANDIDATE_READ)
def candidates(request: HttpRequest, q: Text = "") -> QuerySet[Candidate]:
    return queries.candidates(caller(request).organisation, q)


@router.get("/candidates/{candidate_id}", response=CandidateOut, summary=_("Un candidat"))
@scoped(Verb.CANDIDATE_READ)
def candidate(request: HttpRequest, candidate_id: Key) -> Candidate:
    who = caller(request)
    return access.candidate_in(who.user, who.organisation, candidate_id)


@router.post("/candidates", response={201: CandidateOut}, summary=_("Entrer un candidat"))
@scoped(Verb.CANDIDATE_EDIT)
def create_candidate(request: HttpRequest, body: CandidateIn) -> Status[Candidate]:
    who = caller(request)
    form = CandidateForm(body.dict())
    cleaned(form)
    entered = actions.register_candidate(
        organisation=who.organisation,
        data=form.data_for_action(),
        by=who.user,
        at=timezone.now(),
    )
    return Status(201, entered)
