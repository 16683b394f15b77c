"""Desks and their customers."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema
from ninja.pagination import paginate
from ninja.responses import Status

from acquis.accounts.access import workspaces_of
from acquis.accounts.api_kit import Key, Text, Window, caller, cleaned, scoped
from acquis.accounts.enums import WorkspaceKind
from acquis.accounts.models import Workspace
from acquis.accounts.verbs import Verb
from acquis.desk.api_kit import desk_for
from acquis.desk.directory import queries
from acquis.desk.directory.access import customer_for
from acquis.desk.directory.actions.keep_customer import change_customer, create_customer
from acquis.desk.directory.forms import CustomerForm, api_data
from acquis.desk.directory.models import Customer
from acquis.desk.shell import day_in_paris

router = Router(tags=[_("clients")])


class WorkspaceOut(Schema):
    id: int
    name: str
    kind: WorkspaceKind
    sealed_at: datetime | None


class CustomerOut(Schema):
    id: int
    reference: str
    kind: Customer.Kind
    title: str
    first_name: str
    last_name: str
    company_name: str
    siren: str
    siret: str
    vat_number: str
    email: str
    phone: str
    phone_alt: str
    address_1: str
    address_2: str
    postcode: str
    city: str
    country: str
    birth_year: int | None
    pcs: str
    segment: str
    language: str
    customer_since: date | None
    preferences: dict[str, Any]
    consents: dict[str, Any]
    tags: list[str]
    custom: dict[str, Any]
    updated_at: datetime


class CustomerIn(Schema):
    """Ce qui n’est pas donné reste vide à la création, et inchangé à la modification."""

    reference: Text | None = None
    kind: Customer.Kind | None = None
    title: Text | None = None
    first_name: Text | None = None
    last_name: Text | None = None
    company_name: Text | None = None
    siren: Text | None = None
    siret: Text | None = None
    vat_number: Text | None = None
    email: Text | None = None
    phone: Text | None = None
    phone_alt: Text | None = None
    address_1: Text | None = None
    address_2: Text | None = None
    postcode: Text | None = None
    city: Text | None = None
    country: Text | None = None
    birth_year: int | None = None
    pcs: Text | None = None
    segment: Text | None = None
    language: Text | None = None
    customer_since: date | None = None
    tags: list[Text] | None = None
    consents: dict[str, bool] | None = None
    custom: dict[str, Text | bool] | None = None


@router.get(
    "/workspaces", response=list[WorkspaceOut], summary=_("Les postes ouverts à la personne")
)
@paginate(Window)
@scoped(Verb.DESK_USE)
def workspaces(request: HttpRequest) -> QuerySet[Workspace]:
    who = caller(request)
    return workspaces_of(who.user).filter(organisation=who.organisation)


@router.get(
    "/workspaces/{workspace_id}/customers",
    response=list[CustomerOut],
    summary=_("Les clients d’un poste"),
)
@paginate(Window)
@scoped(
    Verb.DESK_USE,
    note=_(
        "`q` : nom, téléphone même partiel, adresse électronique, référence, "
        "numéro de commande, de facture ou de demande."
    ),
)
def customers(
    request: HttpRequest,
    workspace_id: Key,
    q: Text = "",
    kind: Customer.Kind | None = None,
    segment: Text = "",
) -> QuerySet[Customer]:
    return queries.find(
        desk_for(request, workspace_id),
        q[:120],
        filters=queries.Filters(kind=kind or "", segment=segment),
        today=day_in_paris(timezone.now()),
    ).customers


@router.get(
    "/workspaces/{workspace_id}/customers/{customer_id}",
    response=CustomerOut,
    summary=_("Un client"),
)
@scoped(Verb.DESK_USE)
def customer(request: HttpRequest, workspace_id: Key, customer_id: Key) -> Customer:
    desk_for(request, workspace_id)
    return customer_for(caller(request).user, workspace_id, customer_id)[1]


@router.post(
    "/workspaces/{workspace_id}/customers",
    response={201: CustomerOut},
    summary=_("Créer un client"),
)
@scoped(Verb.DESK_USE)
def create(request: HttpRequest, workspace_id: Key, body: CustomerIn) -> Status[Customer]:
    workspace = desk_for(request, workspace_id, write=True)
    now = timezone.now()
    form = CustomerForm(
        api_data(Customer(), body.model_dump(exclude_none=True)),
        today=day_in_paris(now),
        custom=queries.custom_fields(workspace),
    )
    cleaned(form)
    made = create_customer(
        workspace=workspace, values=form.values(), by=caller(request).user, at=now
    )
    return Status(201, made)


@router.patch(
    "/workspaces/{workspace_id}/customers/{customer_id}",
    response=CustomerOut,
    summary=_("Modifier un client"),
)
@scoped(Verb.DESK_USE)
def change(request: HttpRequest, workspace_id: Key, customer_id: Key, body: CustomerIn) -> Customer:
    desk_for(request, workspace_id, write=True)
    who = caller(request)
    workspace, kept = customer_for(who.user, workspace_id, customer_id, write=True)
    now = timezone.now()
    form = CustomerForm(
        api_data(kept, body.model_dump(exclude_none=True)),
        instance=kept,
        today=day_in_paris(now),
        custom=queries.custom_fields(workspace),
    )
    cleaned(form)
    return change_customer(customer=kept, values=form.values(), by=who.user, at=now)
