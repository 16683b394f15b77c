"""The parts of a customer's record: contact points, addresses, people, agreements, calls."""

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
from acquis.accounts.models import Workspace
from acquis.accounts.verbs import Verb
from acquis.desk.api_kit import desk_for
from acquis.desk.directory import queries
from acquis.desk.directory.access import Part, customer_for, part_for
from acquis.desk.directory.actions.keep_custom_field import define_field
from acquis.desk.directory.actions.keep_part import keep_part, remove_part
from acquis.desk.directory.actions.record_consent import record_consent
from acquis.desk.directory.actions.record_prospecting_call import record_prospecting_call
from acquis.desk.directory.models import (
    CompanyContact,
    Consent,
    ContactPoint,
    Customer,
    CustomField,
    PostalAddress,
    ProspectingCall,
)
from acquis.desk.directory.part_forms import PART_FORMS, CallForm, ConsentForm, FieldForm
from acquis.desk.directory.policy import Certainty, calling
from acquis.desk.directory.queries.calling import calling_of
from acquis.desk.shell import day_in_paris

router = Router(tags=[_("clients")])
ROOT = "/workspaces/{workspace_id}"
ONE = ROOT + "/customers/{customer_id}"


class ContactPointOut(Schema):
    id: int
    kind: ContactPoint.Kind
    value: str
    use: ContactPoint.Use
    label: str
    contact_id: int | None
    valid_from: date | None
    valid_to: date | None


class ContactPointIn(Schema):
    """Ce qui n’est pas donné garde sa valeur, ou reste vide à la création."""

    kind: ContactPoint.Kind = ContactPoint.Kind.PHONE
    value: Text | None = None
    use: ContactPoint.Use | None = None
    label: Text | None = None
    contact_id: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class PostalAddressOut(Schema):
    id: int
    use: PostalAddress.Use
    recipient: str
    inside: str
    outside: str
    street: str
    locality: str
    postcode: str
    city: str
    country: str
    valid_from: date | None
    valid_to: date | None


class PostalAddressIn(Schema):
    """Ce qui n’est pas donné garde sa valeur, ou reste vide à la création."""

    use: PostalAddress.Use | None = None
    recipient: Text | None = None
    inside: Text | None = None
    outside: Text | None = None
    street: Text | None = None
    locality: Text | None = None
    postcode: Text | None = None
    city: Text | None = None
    country: Text | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class CompanyPersonOut(Schema):
    id: int
    person_id: int | None
    title: str
    first_name: str
    last_name: str
    function: str
    part: str
    is_main: bool
    valid_from: date | None
    valid_to: date | None


class CompanyPersonIn(Schema):
    """`person` : la référence de sa fiche de particulier."""

    title: Text | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    function: Text | None = None
    part: CompanyContact.Part | None = None
    is_main: bool | None = None
    person: Text | None = None
    valid_from: date | None = None
    valid_to: date | None = None


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


class CustomFieldOut(Schema):
    id: int
    key: str
    label: str
    kind: CustomField.Kind
    choices: list[str]
    hint: str
    archived_at: datetime | None


class CustomFieldIn(Schema):
    label: Text
    kind: CustomField.Kind
    choices: list[Text] = []
    hint: Text = ""


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
    _workspace, customer = _customer(request, workspace_id, customer_id)
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
    ONE + "/contact-points", response=list[ContactPointOut], summary=_("Ses téléphones et adresses électroniques")
)  # fmt: skip
@paginate(Window)
@scoped(Verb.DESK_USE)
def points(request: HttpRequest, workspace_id: Key, customer_id: Key) -> QuerySet[ContactPoint]:
    return _customer(request, workspace_id, customer_id)[1].contact_points.all()


@router.post(
    ONE + "/contact-points",
    response={201: ContactPointOut},
    summary=_("Ajouter un téléphone ou une adresse électronique"),
)
@scoped(Verb.DESK_USE)
def add_point(
    request: HttpRequest, workspace_id: Key, customer_id: Key, body: ContactPointIn
) -> Status[Part]:
    name = "telephone" if body.kind == ContactPoint.Kind.PHONE else "courriel"
    return Status(201, _kept(request, workspace_id, customer_id, name, None, body))


@router.patch(
    ONE + "/contact-points/{part_id}",
    response=ContactPointOut,
    summary=_("Modifier un point de contact"),
)
@scoped(Verb.DESK_USE)
def change_point(
    request: HttpRequest, workspace_id: Key, customer_id: Key, part_id: Key, body: ContactPointIn
) -> Part:
    name = "telephone" if body.kind == ContactPoint.Kind.PHONE else "courriel"
    return _kept(request, workspace_id, customer_id, name, part_id, body)


@router.delete(
    ONE + "/contact-points/{part_id}",
    response={204: None},
    summary=_("Retirer un point de contact"),
)
@scoped(Verb.DESK_USE)
def remove_point(
    request: HttpRequest, workspace_id: Key, customer_id: Key, part_id: Key
) -> Status[None]:
    _workspace, customer = _customer(request, workspace_id, customer_id, write=True)
    phones = customer.contact_points.filter(kind=ContactPoint.Kind.PHONE, pk=part_id)
    name = "telephone" if phones.exists() else "courriel"
    return _removed(request, customer, name, part_id)


@router.get(ONE + "/addresses", response=list[PostalAddressOut], summary=_("Ses autres adresses"))
@paginate(Window)
@scoped(Verb.DESK_USE)
def addresses(request: HttpRequest, workspace_id: Key, customer_id: Key) -> QuerySet[PostalAddress]:
    return _customer(request, workspace_id, customer_id)[1].addresses.all()


@router.post(ONE + "/addresses", response={201: PostalAddressOut}, summary=_("Ajouter une adresse"))
@scoped(Verb.DESK_USE)
def add_address(
    request: HttpRequest, workspace_id: Key, customer_id: Key, body: PostalAddressIn
) -> Status[Part]:
    return Status(201, _kept(request, workspace_id, customer_id, "adresse", None, body))


@router.patch(
    ONE + "/addresses/{part_id}", response=PostalAddressOut, summary=_("Modifier une adresse")
)
@scoped(Verb.DESK_USE)
def change_address(
    request: HttpRequest, workspace_id: Key, customer_id: Key, part_id: Key, body: PostalAddressIn
) -> Part:
    return _kept(request, workspace_id, customer_id, "adresse", part_id, body)


@router.delete(ONE + "/addresses/{part_id}", response={204: None}, summary=_("Retirer une adresse"))
@scoped(Verb.DESK_USE)
def remove_address(
    request: HttpRequest, workspace_id: Key, customer_id: Key, part_id: Key
) -> Status[None]:
    _workspace, customer = _customer(request, workspace_id, customer_id, write=True)
    return _removed(request, customer, "adresse", part_id)


@router.get(
    ONE + "/people",
    response=list[CompanyPersonOut],
    summary=_("Les interlocuteurs d’une entreprise"),
)
@paginate(Window)
@scoped(Verb.DESK_USE)
def people(request: HttpRequest, workspace_id: Key, customer_id: Key) -> QuerySet[CompanyContact]:
    return _customer(request, workspace_id, customer_id)[1].people.all()


@router.post(
    ONE + "/people", response={201: CompanyPersonOut}, summary=_("Ajouter un interlocuteur")
)
@scoped(Verb.DESK_USE)
def add_person(
    request: HttpRequest, workspace_id: Key, customer_id: Key, body: CompanyPersonIn
) -> Status[Part]:
    return Status(201, _kept(request, workspace_id, customer_id, "interlocuteur", None, body))


@router.patch(
    ONE + "/people/{part_id}", response=CompanyPersonOut, summary=_("Modifier un interlocuteur")
)
@scoped(Verb.DESK_USE)
def change_person(
    request: HttpRequest, workspace_id: Key, customer_id: Key, part_id: Key, body: CompanyPersonIn
) -> Part:
    return _kept(request, workspace_id, customer_id, "interlocuteur", part_id, body)


@router.delete(
    ONE + "/people/{part_id}", response={204: None}, summary=_("Retirer un interlocuteur")
)
@scoped(Verb.DESK_USE)
def remove_person(
    request: HttpRequest, workspace_id: Key, customer_id: Key, part_id: Key
) -> Status[None]:
    _workspace, customer = _customer(request, workspace_id, customer_id, write=True)
    return _removed(request, customer, "interlocuteur", part_id)


@router.get(
    ONE + "/consents", response=list[ConsentOut], summary=_("Ses accords, datés et prouvés")
)
@paginate(Window)
@scoped(Verb.DESK_USE)
def consents(request: HttpRequest, workspace_id: Key, customer_id: Key) -> QuerySet[Consent]:
    return _customer(request, workspace_id, customer_id)[1].consent_records.all()


@router.post(
    ONE + "/consents", response={201: ConsentOut}, summary=_("Consigner un accord ou un retrait")
)
@scoped(Verb.DESK_USE)
def add_consent(
    request: HttpRequest, workspace_id: Key, customer_id: Key, body: ConsentIn
) -> Status[Consent]:
    _workspace, customer = _customer(request, workspace_id, customer_id, write=True)
    form = ConsentForm(_typed(body.model_dump()) | {"given": "yes" if body.given else "no"})
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
    return _customer(request, workspace_id, customer_id)[1].prospecting_calls.all()


@router.post(
    ONE + "/prospecting-calls",
    response={201: ProspectingCallOut},
    summary=_("Consigner un appel pour vendre"),
)
@scoped(Verb.DESK_USE)
def add_call(
    request: HttpRequest, workspace_id: Key, customer_id: Key, body: ProspectingCallIn
) -> Status[ProspectingCall]:
    _workspace, customer = _customer(request, workspace_id, customer_id, write=True)
    now = timezone.now()
    known = calling_of(customer, at=now)
    contracts = [(one.reference, str(one.label)) for one in known.contracts]
    form = CallForm(_typed(body.model_dump()), contracts=contracts)
    cleaned(form)
    kept = record_prospecting_call(
        customer=customer, **form.values(), by=caller(request).user, at=now
    )
    return Status(201, kept)


@router.get(
    ROOT + "/customer-fields",
    response=list[CustomFieldOut],
    summary=_("Les champs propres au poste"),
)
@paginate(Window)
@scoped(Verb.DESK_USE)
def fields(request: HttpRequest, workspace_id: Key) -> QuerySet[CustomField]:
    return CustomField.objects.filter(workspace=desk_for(request, workspace_id))


@router.post(
    ROOT + "/customer-fields",
    response={201: CustomFieldOut},
    summary=_("Ajouter un champ aux fiches du poste"),
)
@scoped(Verb.DESK_USE)
def add_field(request: HttpRequest, workspace_id: Key, body: CustomFieldIn) -> Status[CustomField]:
    workspace = desk_for(request, workspace_id, write=True)
    form = FieldForm(body.model_dump() | {"choices": "\n".join(body.choices)})
    cleaned(form)
    made = define_field(
        workspace=workspace, **form.values(), by=caller(request).user, at=timezone.now()
    )
    return Status(201, made)


def _customer(
    request: HttpRequest, workspace_id: int, customer_id: int, *, write: bool = False
) -> tuple[Workspace, Customer]:
    desk_for(request, workspace_id, write=write)
    return customer_for(caller(request).user, workspace_id, customer_id, write=write)


def _kept(
    request: HttpRequest,
    workspace_id: int,
    customer_id: int,
    name: str,
    part_id: int | None,
    body: Schema,
) -> Part:
    """What the form makes of the body over the kept part, written by the action of the pages."""
    _workspace, customer = _customer(request, workspace_id, customer_id, write=True)
    part = part_for(customer, name, part_id)
    given = body.model_dump(exclude_unset=True)
    if "contact_id" in given:
        given["contact"] = given.pop("contact_id")
    blank = PART_FORMS[name](instance=part, customer=customer)
    kept = {
        field: blank.get_initial_for_field(blank.fields[field], field) for field in blank.fields
    }
    form = PART_FORMS[name](_typed(kept | given), instance=part, customer=customer)
    cleaned(form)
    return keep_part(
        customer=customer,
        part=part,
        values=form.values(),
        by=caller(request).user,
        at=timezone.now(),
    )


def _removed(request: HttpRequest, customer: Customer, name: str, part_id: int) -> Status[None]:
    part = part_for(customer, name, part_id)
    remove_part(customer=customer, part=part, by=caller(request).user, at=timezone.now())
    return Status(204, None)


def _typed(given: dict[str, Any]) -> dict[str, Any]:
    """Values as a form receives them: instants in Paris, nothing for what is absent."""
    return {
        name: timezone.localtime(value).strftime("%Y-%m-%dT%H:%M:%S")
        if isinstance(value, datetime)
        else value
        for name, value in given.items()
        if value is not None
    }
