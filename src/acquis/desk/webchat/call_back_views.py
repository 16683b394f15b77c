"""The public form of call-backs: made for a phone, usable without JavaScript."""

from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.pages import public_page
from acquis.desk.shell import posted
from acquis.desk.webchat import presentation, queries
from acquis.desk.webchat.access import call_back_link, call_back_of_link, site_of_key
from acquis.desk.webchat.actions.call_backs import Asked, cancel_call_back, request_call_back
from acquis.desk.webchat.errors import SlotNotOffered
from acquis.desk.webchat.forms import CallBackForm
from acquis.desk.webchat.models import CallBack, Site

LONGEST_AGENT = 200


def wording(site: Site) -> str:
    """What the customer agrees to by sending the form; kept with the request as its proof."""
    return _(
        "En envoyant ce formulaire, je demande à %(house)s de m’appeler à ce numéro, au sujet et "
        "dans le créneau indiqués."
    ) % {"house": presentation.house_of(site.workspace)}


@public_page
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, key: str) -> HttpResponse:
    site = site_of_key(key)
    now = timezone.now()
    free = queries.free_slots(site, now=now) if site.calls_open else []
    form = CallBackForm(posted(request), free=free, initial={"client_key": uuid4().hex})
    if request.method == "POST":
        known = site.call_backs.filter(client_key=request.POST.get("client_key", "")).first()
        if known is not None:
            return redirect("call_back:asked", site.key, call_back_link(known))
        if form.is_valid():
            made = _made(request, site, form)
            if made is not None:
                return redirect("call_back:asked", site.key, call_back_link(made))
    context = {
        "site": site,
        "house": presentation.house_of(site.workspace),
        "form": form,
        "free": free,
        "wording": wording(site),
        "notice": presentation.notice_of(site),
    }
    return render(request, "webchat/ask_call.html", context, status=422 if form.errors else 200)


def _made(request: HttpRequest, site: Site, form: CallBackForm) -> CallBack | None:
    """The call-back, or None with the form saying that the slot has just gone."""
    now = timezone.now()
    fields = form.cleaned_data
    try:
        return request_call_back(
            site=site,
            asked=Asked(
                name=fields["name"],
                phone=fields["phone"],
                subject=fields["subject"],
                slot_start=form.slot_start(),
                client_key=fields["client_key"],
                language=(get_language() or settings.LANGUAGE_CODE)[:2],
                proof={
                    "medium": "web_form",
                    "page": request.path,
                    "wording": wording(site),
                    "at": now.isoformat(),
                    "agent": request.headers.get("User-Agent", "")[:LONGEST_AGENT],
                },
            ),
            by=None,
            at=now,
        )
    except SlotNotOffered as refusal:
        form.add_error("slot", str(refusal))
        return None


@public_page
@require_GET
def asked(request: HttpRequest, key: str, signature: str) -> HttpResponse:
    """What was promised, its reference, and how to give it up."""
    site = site_of_key(key)
    call_back = call_back_of_link(site, signature)
    context = {
        "site": site,
        "house": presentation.house_of(site.workspace),
        "call_back": call_back,
        "slot": presentation.slot_words(call_back.slot_start, call_back.slot_end),
        "signature": signature,
    }
    return render(request, "webchat/asked_call.html", context)


@public_page
@require_POST
def cancel(request: HttpRequest, key: str, signature: str) -> HttpResponse:  # noqa: ARG001
    site = site_of_key(key)
    call_back = call_back_of_link(site, signature)
    cancel_call_back(call_back=call_back, by=None, at=timezone.now())
    return redirect("call_back:asked", site.key, signature)
