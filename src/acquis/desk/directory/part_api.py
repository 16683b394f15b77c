"""The parts of a customer's record: contact points, addresses, people."""

from datetime import date

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema
from ninja.pagination import paginate
from ninja.responses import Status

from acquis.accounts.api_kit import Key, Text, Window, caller, cleaned, scoped
from acquis.accounts.verbs import Verb
from acquis.desk.directory.access import Part, part_for
from acquis.desk.directory.actions.keep_part import keep_part, remove_part
from acquis.desk.directory.api_kit import customer_of, typed
from acquis.desk.directory.models import (
    CompanyContact,
    ContactPoint,
    Customer,
    PostalAddress,
)
from acquis.desk.directory.part_forms import PART_FORMS

router = Router(tags=[_("clients")])
ONE = "/workspaces/{workspace_id}/customers/{customer_id}"


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


@router.get(
    ONE + "/contact-points", response=list[ContactPointOut], summary=_("Ses téléphones et adresses électroniques")
)  # fmt: skip
@paginate(Window)
@scoped(Verb.DESK_USE)
def points(request: HttpRequest, workspace_id: Key, customer_id: Key) -> QuerySet[ContactPoint]:
    return customer_of(request, workspace_id, customer_id)[1].contact_points.all()


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
    _workspace, customer = customer_of(request, workspace_id, customer_id, write=True)
    phones = customer.contact_points.filter(kind=ContactPoint.Kind.PHONE, pk=part_id)
    name = "telephone" if phones.exists() else "courriel"
    return _removed(request, customer, name, part_id)


@router.get(ONE + "/addresses", response=list[PostalAddressOut], summary=_("Ses autres adresses"))
@paginate(Window)
@scoped(Verb.DESK_USE)
def addresses(request: HttpRequest, workspace_id: Key, customer_id: Key) -> QuerySet[PostalAddress]:
    return customer_of(request, workspace_id, customer_id)[1].addresses.all()


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
    _workspace, customer = customer_of(request, workspace_id, customer_id, write=True)
    return _removed(request, customer, "adresse", part_id)


@router.get(
    ONE + "/people",
    response=list[CompanyPersonOut],
    summary=_("Les interlocuteurs d’une entreprise"),
)
@paginate(Window)
@scoped(Verb.DESK_USE)
def people(request: HttpRequest, workspace_id: Key, customer_id: Key) -> QuerySet[CompanyContact]:
    return customer_of(request, workspace_id, customer_id)[1].people.all()


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
    _workspace, customer = customer_of(request, workspace_id, customer_id, write=True)
    return _removed(request, customer, "interlocuteur", part_id)


def _kept(
    request: HttpRequest,
    workspace_id: int,
    customer_id: int,
    name: str,
    part_id: int | None,
    body: Schema,
) -> Part:
    """What the form makes of the body over the kept part, written by the action of the pages."""
    _workspace, customer = customer_of(request, workspace_id, customer_id, write=True)
    part = part_for(customer, name, part_id)
    given = body.model_dump(exclude_unset=True)
    if "contact_id" in given:
        given["contact"] = given.pop("contact_id")
    blank = PART_FORMS[name](instance=part, customer=customer)
    kept = {
        field: blank.get_initial_for_field(blank.fields[field], field) for field in blank.fields
    }
    form = PART_FORMS[name](typed(kept | given), instance=part, customer=customer)
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
