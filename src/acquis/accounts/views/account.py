"""A person's own account: particulars, password, second step, devices, keys."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from acquis.accounts import presentation
from acquis.accounts.access import organisations_of, roles_of, verbs_of
from acquis.accounts.actions.password import change_password
from acquis.accounts.actions.profile import change_profile
from acquis.accounts.actions.second_factor import (
    begin_enrolment,
    confirm_enrolment,
    disable_second_factor,
    renew_codes,
)
from acquis.accounts.actions.sign_in import revoke_sign_ins
from acquis.accounts.actions.tokens import create_token, revoke_token
from acquis.accounts.errors import WrongCode
from acquis.accounts.forms import (
    CurrentPasswordForm,
    EnrolmentForm,
    PasswordChangeForm,
    ProfileForm,
    TokenForm,
)
from acquis.accounts.models import ApiToken, SignIn, User
from acquis.accounts.pages import page
from acquis.accounts.queries import (
    enrolment_under_way,
    open_sign_ins,
    recovery_codes_left,
    second_factor,
)
from acquis.accounts.requests import CHOSEN_ORGANISATION, current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.accounts.views.sign_in import set_language

_WAITING = "page_waiting_for_second_factor"  # of the session: where the person enrols for


@page()
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    who = person(request)
    # A copy: a refused form must not change what the rest of the page shows.
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=who.pk))
    if request.method == "POST" and form.is_valid():
        change_profile(person=form.instance, fields=form.changed_data, at=timezone.now())
        messages.success(request, _("Votre profil est enregistré."))
        answer = redirect("accounts:profile")
        if form.instance.language:
            set_language(answer, form.instance.language)
        return answer
    places = [
        {"organisation": place, "roles": presentation.role_labels(roles_of(who, place))}
        for place in organisations_of(who)
    ]
    context = {"form": form, "places": places, "tab": "profile"}
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


@page()
@require_POST
def choose_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """Work in the name of another of one's organisations."""
    place = get_object_or_404(organisations_of(person(request)), pk=pk)
    request.session[CHOSEN_ORGANISATION] = place.pk
    return redirect("accounts:home")


@page()
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    form = PasswordChangeForm(request.POST or None, person=person(request))
    if request.method == "POST" and form.is_valid():
        change_password(
            request=request,
            person=person(request),
            password=form.cleaned_data["new_password"],
            at=timezone.now(),
        )
        messages.success(
            request, _("Votre mot de passe est changé ; vos autres appareils sont déconnectés.")
        )
        return redirect("accounts:security")
    context = {"form": form, "tab": "security"}
    return render(request, "accounts/password.html", context, status=422 if form.errors else 200)


@page()
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """The second step and the devices."""
    who = person(request)
    context = {
        "device": second_factor(who),
        "codes_left": recovery_codes_left(who),
        "sign_ins": open_sign_ins(who, timezone.now()),
        "this_session": request.session.session_key,
        "tab": "security",
    }
    return render(request, "accounts/security.html", context)


@page()
@require_POST
def second_factor_begin(request: HttpRequest) -> HttpResponse:
    """Begin, from the account or from a page that asks for a code and waits for the person."""
    begin_enrolment(person=person(request), at=timezone.now())
    waiting = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(waiting, allowed_hosts=None):
        request.session[_WAITING] = waiting
    return redirect("accounts:second_factor_confirm")


@page()
@never_cache
@require_http_methods(["GET", "POST"])
def second_factor_confirm(request: HttpRequest) -> HttpResponse:
    """Show the secret, ask for a first code, then show the recovery codes once."""
    who = person(request)
    device = enrolment_under_way(who)
    if device is None:
        return redirect("accounts:security")
    form = EnrolmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = confirm_enrolment(
                person=who, device=device, code=form.cleaned_data["code"], at=timezone.now()
            )
        except WrongCode as refusal:
            form.add_error("code", str(refusal))
        else:
            back = request.session.pop(_WAITING, "")
            shown = {"codes": codes, "tab": "security", "back": back}
            return render(request, "accounts/recovery_codes.html", shown)
    context = {
        "form": form,
        "drawing": presentation.qr_code(device.config_url),
        "secret": presentation.spelt_secret(device.bin_key),
        "tab": "security",
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/second_factor_confirm.html", context, status=status)


@page()
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def second_factor_codes(request: HttpRequest) -> HttpResponse:
    """Replace the recovery codes, the password given again."""
    form = CurrentPasswordForm(request.POST or None, person=person(request))
    if request.method == "POST" and form.is_valid():
        codes = renew_codes(person=person(request), at=timezone.now())
        shown = {"codes": codes, "tab": "security", "back": ""}
        return render(request, "accounts/recovery_codes.html", shown)
    context = {"form": form, "tab": "security", "purpose": "codes"}
    return render(
        request, "accounts/password_again.html", context, status=422 if form.errors else 200
    )


@page()
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def second_factor_disable(request: HttpRequest) -> HttpResponse:
    form = CurrentPasswordForm(request.POST or None, person=person(request))
    if request.method == "POST" and form.is_valid():
        disable_second_factor(person=person(request), by=person(request), at=timezone.now())
        messages.success(request, _("La vérification en deux étapes est retirée."))
        return redirect("accounts:security")
    context = {"form": form, "tab": "security", "purpose": "disable"}
    return render(
        request, "accounts/password_again.html", context, status=422 if form.errors else 200
    )


@page()
@require_POST
def device_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one device out; the one in hand signs out like any other."""
    who = person(request)
    sign_in = get_object_or_404(SignIn, pk=pk, user=who, ended_at__isnull=True)
    revoke_sign_ins(person=who, sign_ins=[sign_in], by=who, at=timezone.now())
    messages.success(request, _("L’appareil est déconnecté."))
    return redirect("accounts:security")


@page()
@require_POST
def device_revoke_others(request: HttpRequest) -> HttpResponse:
    who, now = person(request), timezone.now()
    others = open_sign_ins(who, now).exclude(session_key=request.session.session_key)
    count = revoke_sign_ins(person=who, sign_ins=list(others), by=who, at=now)
    messages.success(
        request,
        ngettext(
            "Un autre appareil est déconnecté.",
            "%(count)s autres appareils sont déconnectés.",
            count,
        )
        % {"count": count},
    )
    return redirect("accounts:security")


@page(Verb.API_USE)
@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    found = ApiToken.objects.filter(
        user=person(request), organisation=current_organisation(request)
    )
    context = {
        "tokens": [presentation.token(one, timezone.now()) for one in found],
        "tab": "tokens",
    }
    return render(request, "accounts/tokens.html", context)


@page(Verb.API_USE)
@never_cache
@require_http_methods(["GET", "POST"])
def token_create(request: HttpRequest) -> HttpResponse:
    """Make a key and show it, this once."""
    who, place, now = person(request), current_organisation(request), timezone.now()
    form = TokenForm(request.POST or None, verbs=verbs_of(who, place))
    if request.method == "POST" and form.is_valid():
        made = create_token(
            organisation=place,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            expires_at=now + timedelta(days=form.cleaned_data["days"]),
            by=who,
            at=now,
        )
        context = {"made": made, "tab": "tokens"}
        return render(request, "accounts/token_created.html", context, status=201)
    context = {"form": form, "tab": "tokens"}
    return render(request, "accounts/token_form.html", context, status=422 if form.errors else 200)


@page(Verb.API_USE)
@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    who = person(request)
    token = get_object_or_404(ApiToken, pk=pk, user=who)
    revoke_token(token=token, by=who, at=timezone.now())
    messages.success(request, _("Le jeton « %(name)s » ne sert plus.") % {"name": token.name})
    return redirect("accounts:tokens")
