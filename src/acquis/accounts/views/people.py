"""The accounts of an organisation, for the person who manages them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from acquis.accounts import presentation, queries
from acquis.accounts.access import members_of
from acquis.accounts.actions.password import send_password_link
from acquis.accounts.actions.people import (
    deactivate_person,
    invite_person,
    reactivate_person,
    require_own_person,
    set_roles,
)
from acquis.accounts.actions.profile import change_organisation
from acquis.accounts.actions.second_factor import disable_second_factor
from acquis.accounts.actions.throttle import reset_lock
from acquis.accounts.errors import AlreadyMember, ManagerNeeded, PersonElsewhere
from acquis.accounts.forms import OrganisationForm, PeopleFilterForm, PersonForm, RolesForm
from acquis.accounts.models import Organisation, User
from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.kernel import trace

ROWS = 25
LINES = 50
SORTS = {
    "nom": ("last_name", "first_name", "pk"),
    "adresse": ("email", "pk"),
    "arrivee": ("joined_at", "pk"),
    "connexion": ("last_login", "pk"),
}


def _member(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(members_of(current_organisation(request)), pk=pk)


@page(Verb.ACCOUNT_MANAGE)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    form = PeopleFilterForm(request.GET)
    form.is_valid()
    rows = queries.people(
        current_organisation(request),
        words=form.cleaned_data.get("q", ""),
        role=form.cleaned_data.get("role", ""),
        state=form.cleaned_data.get("etat", ""),
    ).order_by(*_order(request.GET.get("tri", "nom")))
    shown: Page[Any] = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": shown,
        "rows": [
            {
                "person": one,
                "roles": presentation.role_labels(place.role for place in one.local_roles),
            }
            for one in shown
        ],
        "filtered": any(form.cleaned_data.values()),
    }
    part = bool(request.headers.get("HX-Request"))
    answer = render(request, f"accounts/{'_people' if part else 'people'}.html", context)
    answer["Vary"] = "HX-Request"
    return answer


def _order(asked: str) -> list[str]:
    sign, name = ("-", asked[1:]) if asked.startswith("-") else ("", asked)
    first, *rest = SORTS.get(name, SORTS["nom"])
    return [sign + first, *rest]


@page(Verb.ACCOUNT_MANAGE)
@require_http_methods(["GET", "POST"])
def person_create(request: HttpRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = invite_person(
                organisation=current_organisation(request),
                **form.cleaned_data,
                by=person(request),
                at=timezone.now(),
            )
        except AlreadyMember as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("%(name)s a un compte.") % {"name": made.full_name})
            return redirect("accounts:person", made.pk)
    return render(
        request, "accounts/person_form.html", {"form": form}, status=422 if form.errors else 200
    )


@page(Verb.ACCOUNT_MANAGE)
@require_safe
def person_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _person_page(request, _member(request, pk))


def _person_page(request: HttpRequest, member: User, form: RolesForm | None = None) -> HttpResponse:
    place = current_organisation(request)
    held = [row.role for row in member.memberships.filter(organisation=place)]
    lines = trace.lines(member.trace_stream).order_by("-position")
    shown = Paginator(lines, LINES).get_page(request.GET.get("page"))
    context = {
        "member": member,
        "form": form or RolesForm(initial={"roles": held}),
        "roles": presentation.role_labels(held),
        "ours": _is_ours(request, member),
        "second_factor": queries.second_factor(member),
        "failures": queries.failures(member),
        "devices": queries.open_sign_ins(member, timezone.now()).count(),
        "page_obj": shown,
        "history": presentation.history(shown),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "accounts/person.html", context, status=status)


def _is_ours(request: HttpRequest, member: User) -> bool:
    try:
        require_own_person(member, current_organisation(request))
    except PersonElsewhere:
        return False
    return True


@page(Verb.ACCOUNT_MANAGE)
@require_POST
def person_roles(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    form = RolesForm(request.POST)
    if not form.is_valid():
        return _person_page(request, member, form)
    try:
        set_roles(
            person=member,
            organisation=current_organisation(request),
            roles=form.cleaned_data["roles"],
            by=person(request),
            at=timezone.now(),
        )
    except ManagerNeeded as refusal:
        form.add_error("roles", str(refusal))
        return _person_page(request, member, form)
    if not form.cleaned_data["roles"]:
        messages.success(request, _("%(name)s n’a plus de rôle ici.") % {"name": member.full_name})
        return redirect("accounts:people")
    messages.success(request, _("Les rôles sont enregistrés."))
    return redirect("accounts:person", member.pk)


@page(Verb.ACCOUNT_MANAGE)
@require_POST
def person_deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    deactivate_person(
        person=member,
        organisation=current_organisation(request),
        by=person(request),
        at=timezone.now(),
    )
    messages.success(
        request, _("Le compte de %(name)s est désactivé.") % {"name": member.full_name}
    )
    return redirect("accounts:person", member.pk)


@page(Verb.ACCOUNT_MANAGE)
@require_POST
def person_reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    reactivate_person(
        person=member,
        organisation=current_organisation(request),
        by=person(request),
        at=timezone.now(),
    )
    messages.success(
        request, _("Le compte de %(name)s est de nouveau actif.") % {"name": member.full_name}
    )
    return redirect("accounts:person", member.pk)


@page(Verb.ACCOUNT_MANAGE)
@require_POST
def person_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    reset_lock(person=member, by=person(request), at=timezone.now())
    messages.success(
        request, _("%(name)s peut de nouveau se connecter.") % {"name": member.full_name}
    )
    return redirect("accounts:person", member.pk)


@page(Verb.ACCOUNT_MANAGE)
@require_POST
def person_password_link(request: HttpRequest, pk: int) -> HttpResponse:
    member = _member(request, pk)
    send_password_link(person=member, by=person(request), at=timezone.now(), invited=False)
    messages.success(
        request,
        _("Un lien pour choisir un mot de passe part vers %(email)s.") % {"email": member.email},
    )
    return redirect("accounts:person", member.pk)


@page(Verb.ACCOUNT_MANAGE)
@require_POST
def person_second_factor_disable(request: HttpRequest, pk: int) -> HttpResponse:
    """For a lost telephone: the person signs in with the password and enrols again."""
    member = _member(request, pk)
    require_own_person(member, current_organisation(request))
    disable_second_factor(person=member, by=person(request), at=timezone.now())
    messages.success(request, _("La vérification en deux étapes est retirée."))
    return redirect("accounts:person", member.pk)


@page(Verb.ACCOUNT_MANAGE)
@require_http_methods(["GET", "POST"])
def organisation(request: HttpRequest) -> HttpResponse:
    # A copy: a refused form must not change what the rest of the page shows.
    place = Organisation.objects.get(pk=current_organisation(request).pk)
    form = OrganisationForm(request.POST or None, instance=place)
    if request.method == "POST" and form.is_valid():
        change_organisation(
            organisation=form.instance,
            fields=form.changed_data,
            by=person(request),
            at=timezone.now(),
        )
        messages.success(request, _("L’organisation est enregistrée."))
        return redirect("accounts:organisation")
    return render(
        request, "accounts/organisation.html", {"form": form}, status=422 if form.errors else 200
    )
