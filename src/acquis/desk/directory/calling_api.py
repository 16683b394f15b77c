"""Who calls, what was agreed, and whether they may be called."""

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
from acquis.desk.api_kit import desk_for
from acquis.desk.directory import queries
from acquis.desk.directory.actions.record_consent import record_consent
from acquis.desk.directory.actions.record_prospecting_call import record_prospecting_call
from acquis.desk.directory.api_kit import customer_of, typed
from acquis.desk.directory.models import (
    Consent,
    ProspectingCall,
)
from acquis.desk.directory.part_forms import CallForm, ConsentForm
from acquis.desk.directory.policy import Certainty, calling
from acquis.desk.directory.queries.calling import calling_of
from acquis.desk.shell import day_in_paris

router = Router(tags=[_("clients")])
ROOT = "/workspaces/{workspace_id}"
ONE = ROOT + "/customers/{customer_id}"


class ConsentOut(Schema):
    id: int
    channel: Consent.Channel
    purpose: Consent.Purpose
    given: bool
    decided_at: datetime
    medium: Consent.Medium
    text_shown: str
    text_fingerprint: str
    act: str
    any_hours: bool
    partner: str
    proof: str
    recorded_at: datetime
    recorded_by_label: str


class ConsentIn(Schema):
    channel: Consent.Channel
    given: bool
    decided_at: datetime
    medium: Consent.Medium
    purpose: Consent.Purpose = Consent.Purpose.PROSPECTING
    text_shown: Text = ""
    act: Text = ""
    any_hours: bool = False
    partner: Text = ""
    proof: Text = ""


class ProspectingCallOut(Schema):
    id: int
    called_at: datetime
    number: str
    outcome: ProspectingCall.Outcome
    contract: str
    relation: str
    allowed: bool
    reasons: list[dict[str, Any]]
    caller_label: str


class ProspectingCallIn(Schema):
    called_at: datetime
    outcome: ProspectingCall.Outcome
    contract: Text = ""
    relation: calling.Relation | None = None


class MayCallReasonOut(Schema):
    code: str
    article: str
    until: date | None


class MayCallOut(Schema):
    allowed: bool
    basis: str | None
    article: str
    reasons: list[MayCallReasonOut]
    opens_at: datetime | None


class CallerOut(Schema):
    customer_id: int
    reference: str
    display_name: str
    contact: str
    certainty: Certainty
    through: str


@router.get(ROOT + "/callers", response=list[CallerOut], summary=_("Qui appelle de ce numéro"))
@scoped(
    Verb.DESK_USE,
    note=_("Les clients à qui ce numéro peut être, du plus sûr au moins sûr."),
)
def callers(request: HttpRequest, workspace_id: Key, number: Text) -> list[CallerOut]:
    workspace = desk_for(request, workspace_id)
    found = queries.identify(workspace, number[:40], on=day_in_paris(timezone.now()))
    return [
        CallerOut(
            customer_id=one.customer.pk,
            reference=one.customer.reference,
            display_name=one.customer.display_name,
            contact=str(one.contact or ""),
            certainty=one.certainty,
            through=one.through,
        )
        for one in found
    ]


@router.get(
    ONE + "/may-call", response=MayCallOut, summary=_("Peut-on l’appeler pour vendre, maintenant")
)
@scoped(
    Verb.DESK_USE,
    note=_("Toutes les raisons contraires, avec leur article ; `relation` : lien avec un contrat."),
)
def may_call(
    request: HttpRequest,
    workspace_id: Key,
    customer_id: Key,
    relation: calling.Relation | None = None,
) -> Any:
    _workspace, customer = customer_of(request, workspace_id, customer_id)
    now = timezone.now()
    verdict = calling_of(customer, at=now).verdict(now, calling.Aim(relation=relation))
    return {
        "allowed": verdict.allowed,
        "basis": verdict.basis,
        "article": verdict.article,
        "reasons": [
            {"code": one.code, "article": one.article, "until": one.until}
            for one in verdict.reasons
        ],
        "opens_at": verdict.opens_at,
    }


@router.get(
    ONE + "/consents", response=list[ConsentOut], summary=_("Ses accords, datés et prouvés")
)
@paginate(Window)
@scoped(Verb.DESK_USE)
def consents(request: HttpRequest, workspace_id: Key, customer_id: Key) -> QuerySet[Consent]:
    return customer_of(request, workspace_id, customer_id)[1].consent_records.all()


@router.post(
    ONE + "/consents", response={201: ConsentOut}, summary=_("Consigner un accord ou un retrait")
)
@scoped(Verb.DESK_USE)
def add_consent(
    request: HttpRequest, workspace_id: Key, customer_id: Key, body: ConsentIn
) -> Status[Consent]:
    _workspace, customer = customer_of(request, workspace_id, customer_id, write=True)
    form = ConsentForm(typed(body.model_dump()) | {"given": "yes" if body.given else "no"})
    cleaned(form)
    kept = record_consent(
        customer=customer,
        statement=form.statement(),
        by=caller(request).user,
        at=timezone.now(),
    )
    return Status(201, kept)


@router.get(
    ONE + "/prospecting-calls",
    response=list[ProspectingCallOut],
    summary=_("Les appels passés pour vendre"),
)
@paginate(Window)
@scoped(Verb.DESK_USE)
def calls(request: HttpRequest, workspace_id: Key, customer_id: Key) -> QuerySet[ProspectingCall]:
    return customer_of(request, workspace_id, customer_id)[1].prospecting_calls.all()


@router.post(
    ONE + "/prospecting-calls",
    response={201: ProspectingCallOut},
    summary=_("Consigner un appel pour vendre"),
)
@scoped(Verb.DESK_USE)
def add_call(
    request: HttpRequest, workspace_id: Key, customer_id: Key, body: ProspectingCallIn
) -> Status[ProspectingCall]:
    _workspace, customer = customer_of(request, workspace_id, customer_id, write=True)
    now = timezone.now()
    known = calling_of(customer, at=now)
    contracts = [(one.reference, str(one.label)) for one in known.contracts]
    form = CallForm(typed(body.model_dump()), contracts=contracts)
    cleaned(form)
    kept = record_prospecting_call(
        customer=customer, **form.values(), by=caller(request).user, at=now
    )
    return Status(201, kept)
