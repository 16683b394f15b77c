"""The caller, their organisations, the people of their organisation."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema
from ninja.pagination import paginate
from ninja.responses import Status

from acquis.accounts import queries
from acquis.accounts.access import organisations_of, roles_of
from acquis.accounts.actions.people import invite_person
from acquis.accounts.api_kit import Key, Text, Window, caller, cleaned, scoped
from acquis.accounts.enums import Role
from acquis.accounts.forms import PersonForm
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb

router = Router(tags=[_("comptes")])


class OrganisationOut(Schema):
    id: int
    name: str
    slug: str
    siret: str
    address: str
    postcode: str
    city: str


class MeOut(Schema):
    id: int
    email: str
    first_name: str
    last_name: str
    organisation: OrganisationOut
    roles: list[Role]
    scopes: list[Verb]


class PersonOut(Schema):
    id: int
    email: str
    first_name: str
    last_name: str
    is_active: bool
    last_login: datetime | None
    roles: list[Role]

    @staticmethod
    def resolve_roles(person: Any) -> list[str]:
        return [place.role for place in person.local_roles]


class PersonIn(Schema):
    email: Text
    first_name: Text
    last_name: Text
    roles: list[Role]


@router.get("/me", response=MeOut, summary=_("La personne, l’organisation et les portées du jeton"))
@scoped()
def me(request: HttpRequest) -> dict[str, Any]:
    who = caller(request)
    return {
        "id": who.user.pk,
        "email": who.user.email,
        "first_name": who.user.first_name,
        "last_name": who.user.last_name,
        "organisation": who.organisation,
        "roles": sorted(roles_of(who.user, who.organisation)),
        "scopes": sorted(who.scopes),
    }


@router.get(
    "/organisations",
    response=list[OrganisationOut],
    summary=_("Les organisations où la personne a un rôle"),
)
@paginate(Window)
@scoped()
def organisations(request: HttpRequest) -> QuerySet[Organisation]:
    return organisations_of(caller(request).user)


@router.get(
    "/organisations/{organisation_id}", response=OrganisationOut, summary=_("Une organisation")
)
@scoped()
def organisation(request: HttpRequest, organisation_id: Key) -> Organisation:
    return get_object_or_404(organisations_of(caller(request).user), pk=organisation_id)


@router.get(
    "/people", response=list[PersonOut], summary=_("Les personnes de l’organisation du jeton")
)
@paginate(Window)
@scoped(Verb.ACCOUNT_MANAGE)
def people(request: HttpRequest, q: Text = "", role: Role | None = None) -> QuerySet[User]:
    return queries.people(caller(request).organisation, words=q, role=role or "")


@router.get("/people/{person_id}", response=PersonOut, summary=_("Une personne"))
@scoped(Verb.ACCOUNT_MANAGE)
def person(request: HttpRequest, person_id: Key) -> User:
    return get_object_or_404(queries.people(caller(request).organisation), pk=person_id)


@router.post("/people", response={201: PersonOut}, summary=_("Inviter une personne"))
@scoped(
    Verb.ACCOUNT_MANAGE,
    note=_("Crée le compte s’il n’existe pas et envoie un lien pour choisir un mot de passe."),
)
def invite(request: HttpRequest, body: PersonIn) -> Status[User]:
    who = caller(request)
    made = invite_person(
        organisation=who.organisation,
        **cleaned(PersonForm(body.model_dump())),
        by=who.user,
        at=timezone.now(),
    )
    return Status(201, queries.people(who.organisation).get(pk=made.pk))
