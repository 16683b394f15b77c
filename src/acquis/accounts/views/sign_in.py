from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.http import url_has_allowed_host_and_scheme, urlsafe_base64_decode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from acquis.accounts import policy, presentation
from acquis.accounts.actions.password import choose_password, send_password_link
from acquis.accounts.actions.second_factor import verify_code
from acquis.accounts.actions.sign_in import check_password, close_session, open_session
from acquis.accounts.actions.throttle import begin_attempt
from acquis.accounts.errors import SignInBlocked, SignInLocked
from acquis.accounts.forms import CodeForm, EmailForm, NewPasswordForm, SignInForm
from acquis.accounts.models import User
from acquis.accounts.pages import page, public_page
from acquis.accounts.queries import email_digest, second_factor
from acquis.accounts.requests import person

PENDING = "pending_sign_in"
LETTER_EVERY = 300  # seconds between two letters to one address


@public_page
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    target = _target(request)
    if request.user.is_authenticated:
        return redirect(target)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _try_password(request, form, target, timezone.now())
        if answer is not None:
            return answer
    context = {
        "form": form,
        "next": target,
        "demo": presentation.demo_accounts(_demo_people()) if settings.DEMO else [],
    }
    return render(request, "accounts/login.html", context, status=422 if form.errors else 200)


def _try_password(
    request: HttpRequest, form: SignInForm, target: str, at: datetime
) -> HttpResponse | None:
    """The way in, or to the second step; None leaves the reason in the form."""
    try:
        found = check_password(
            request=request,
            email=form.cleaned_data["email"],
            password=form.cleaned_data["password"],
            at=at,
        )
    except (SignInLocked, SignInBlocked) as refusal:
        form.add_error(None, str(refusal))
        return None
    if found is None:
        form.add_error(None, _("L’adresse ou le mot de passe est inexact."))
        return None
    if second_factor(found) is not None:
        request.session.cycle_key()
        request.session[PENDING] = {"user": found.pk, "at": at.isoformat(), "next": target}
        return redirect("accounts:login_code")
    open_session(request=request, person=found, at=at)
    return _welcome(found, target)


@public_page
@never_cache
@require_http_methods(["GET", "POST"])
def login_code(request: HttpRequest) -> HttpResponse:
    """The second step, within five minutes of the password."""
    now = timezone.now()
    pending = request.session.get(PENDING)
    found = _pending_person(pending, now)
    if found is None or pending is None:
        return redirect("accounts:login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            begin_attempt(email=found.email, at=now)
            device = verify_code(person=found, code=form.cleaned_data["code"])
        except (SignInLocked, SignInBlocked) as refusal:
            form.add_error(None, str(refusal))
        else:
            if device is not None:
                del request.session[PENDING]
                open_session(request=request, person=found, at=now, device=device)
                return _welcome(found, pending["next"])
            form.add_error("code", _("Ce code n’est pas le bon, ou il a déjà servi."))
    return render(
        request, "accounts/login_code.html", {"form": form}, status=422 if form.errors else 200
    )


def _pending_person(pending: dict[str, str] | None, now: datetime) -> User | None:
    if not pending:
        return None
    if now - datetime.fromisoformat(pending["at"]) > policy.SECOND_STEP_LASTS:
        return None
    return User.objects.filter(pk=pending["user"], is_active=True).first()


@public_page
@require_POST
def demo_login(request: HttpRequest, pk: int) -> HttpResponse:
    """One click into a demonstration account; the address exists in demonstrations only."""
    if not settings.DEMO:
        raise Http404
    found = get_object_or_404(User, pk=pk, is_demo=True, is_active=True)
    open_session(request=request, person=found, at=timezone.now())
    return _welcome(found, _target(request))


@page()
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    close_session(request=request, person=person(request), at=timezone.now())
    messages.success(request, _("Vous êtes déconnecté."))
    return redirect("accounts:login")


@public_page
@require_http_methods(["GET", "POST"])
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Promise a letter, in the same words whether or not the address is known."""
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        found = User.objects.filter(email__iexact=email, is_active=True).first()
        first_time = cache.add(f"password-letter:{email_digest(email)}", 1, LETTER_EVERY)
        if found is not None and first_time:
            send_password_link(person=found, by=None, at=timezone.now(), invited=False)
        return render(request, "accounts/forgotten_password_sent.html", {"email": email})
    return render(
        request,
        "accounts/forgotten_password.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


@public_page
@never_cache
@sensitive_post_parameters("new_password", "repeated")
@require_http_methods(["GET", "POST"])
def choose_new_password(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Where the link of a letter leads."""
    found = _person_of_link(uid, token)
    if found is None:
        return render(request, "accounts/password_link_void.html", status=404)
    form = NewPasswordForm(request.POST or None, person=found)
    if request.method == "POST" and form.is_valid():
        choose_password(person=found, password=form.cleaned_data["new_password"], at=timezone.now())
        messages.success(request, _("Votre mot de passe est enregistré : connectez-vous avec."))
        return redirect("accounts:login")
    return render(
        request,
        "accounts/choose_password.html",
        {"form": form, "person": found},
        status=422 if form.errors else 200,
    )


def _person_of_link(uid: str, token: str) -> User | None:
    try:
        key = int(force_str(urlsafe_base64_decode(uid)))
    except (ValueError, OverflowError):
        return None
    found = User.objects.filter(pk=key, is_active=True).first() if key < 2**63 else None
    return found if default_token_generator.check_token(found, token) else None


def _demo_people() -> list[User]:
    found = User.objects.filter(is_demo=True, is_active=True)
    return list(found.prefetch_related("memberships"))


def _target(request: HttpRequest) -> str:
    """Where to go once signed in: an address of this site, else the first page."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return asked
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def _welcome(found: User, target: str) -> HttpResponse:
    answer = redirect(target)
    if found.language:
        set_language(answer, found.language)
    return answer


def set_language(answer: HttpResponse, language: str) -> None:
    """Keep the person's language on this device, as the language switch does."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 86400,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
