"""The desk's side: sites to set up, an exchange's gestures, calls to make."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.conversations.models import Conversation
from acquis.desk.shell import may_write, page_or_part, posted
from acquis.desk.webchat import presentation, queries
from acquis.desk.webchat.access import (
    call_back_for,
    chat_for,
    may_supervise,
    site_for,
    supervised,
)
from acquis.desk.webchat.actions.call_backs import (
    cancel_call_back,
    record_attempt,
    take_call_back,
)
from acquis.desk.webchat.actions.keep_site import change_site, create_site, renew_key
from acquis.desk.webchat.forms import AttemptForm, SiteForm
from acquis.desk.webchat.models import Site
from acquis.desk.webchat.news import tell_typing

DONE_SHOWN = 30


@page()
@require_GET
def sites(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The sites of the desk that bear the chat."""
    workspace = workspace_for(person(request), workspace_id)
    context = {
        "workspace": workspace,
        "sites": list(queries.sites(workspace)),
        "may_set_up": _may_set_up(request, workspace),
    }
    return render(request, "webchat/sites.html", context)


@page()
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, workspace_id: int) -> HttpResponse:
    if request.method == "POST":
        workspace = supervised(person(request), workspace_id)
    else:
        workspace = workspace_for(person(request), workspace_id)
    form = SiteForm(posted(request), workspace=workspace)
    if request.method == "POST" and form.is_valid():
        site = create_site(
            workspace=workspace, values=form.values(), by=person(request), at=timezone.now()
        )
        messages.success(request, _("Le site est créé : copiez sa ligne dans vos pages."))
        return redirect("webchat:site", workspace.pk, site.pk)
    context = {
        "workspace": workspace,
        "form": form,
        "site": None,
        "may_set_up": _may_set_up(request, workspace),
    }
    return render(request, "webchat/site.html", context, status=422 if form.errors else 200)


@page()
@require_http_methods(["GET", "POST"])
def site(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """One site: its settings, the line to copy, its page of trial."""
    workspace, found = site_for(person(request), workspace_id, pk)
    if request.method == "POST":
        workspace = supervised(person(request), workspace_id)
    current = Site.objects.get(pk=found.pk)
    form = SiteForm(posted(request), instance=current, workspace=workspace)
    if request.method == "POST" and form.is_valid():
        change_site(site=found, values=form.values(), by=person(request), at=timezone.now())
        messages.success(request, _("Les réglages du site sont enregistrés."))
        return redirect("webchat:site", workspace.pk, found.pk)
    context = {
        "workspace": workspace,
        "form": form,
        "site": found,
        "may_set_up": _may_set_up(request, workspace),
        **_addresses(found),
    }
    return render(request, "webchat/site.html", context, status=422 if form.errors else 200)


@page()
@require_POST
def renew(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, found = site_for(person(request), workspace_id, pk)
    supervised(person(request), workspace_id)
    renew_key(site=found, by=person(request), at=timezone.now())
    messages.success(request, _("La clé est changée : remplacez la ligne dans vos pages."))
    return redirect("webchat:site", workspace.pk, found.pk)


def _may_set_up(request: HttpRequest, workspace: Workspace) -> bool:
    user = person(request)
    return may_write(user, workspace) and may_supervise(user, workspace)


def _addresses(found: Site) -> dict[str, str]:
    base = settings.PUBLIC_ADDRESS.rstrip("/")
    source = base + reverse("webchat_public:script", args=[found.key])
    return {
        "snippet": f'<script src="{source}" async></script>',
        "call_address": base + reverse("call_back:ask", args=[found.key]),
        "desk_origin": base,
    }


@page()
@require_POST
def typing(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """The adviser is writing: told to the visitor, kept nowhere."""
    _workspace, chat = chat_for(person(request), workspace_id, pk, write=True)
    if chat.conversation is not None and chat.conversation.adviser_id == person(request).pk:
        tell_typing(chat.conversation.pk, who="adviser")
    return HttpResponse(status=204)


@page()
@require_GET
def panel(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """What the visitor has read, alone: fetched again at each piece of news."""
    workspace, chat = chat_for(person(request), workspace_id, pk)
    return render(request, "webchat/_read.html", {"workspace": workspace, "webchat": chat})


@page()
@require_GET
def call_backs(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Calls to make, the most pressing first, and those that are done."""
    workspace = workspace_for(person(request), workspace_id)
    now = timezone.now()
    due = list(queries.to_call(workspace))
    done = queries.call_backs(workspace).exclude(state__in=queries.PROMISED)
    context = {
        "workspace": workspace,
        "rows": [(row, presentation.tone_of(row, at=now)) for row in due],
        "done": list(done.order_by("-due_at", "-pk")[:DONE_SHOWN]),
        "may_call": may_write(person(request), workspace),
    }
    return page_or_part(request, "webchat/call_backs.html", "webchat/_call_backs.html", context)


@page()
@require_GET
def call_back(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """One call-back: what was asked, each attempt, what may be done now."""
    workspace, found = call_back_for(person(request), workspace_id, pk)
    mine = found.adviser_id == person(request).pk
    writing = may_write(person(request), workspace)
    context = {
        "workspace": workspace,
        "call_back": found,
        "slot": presentation.slot_words(found.slot_start, found.slot_end),
        "tone": presentation.tone_of(found, at=timezone.now()),
        "attempts": list(found.attempts.order_by("position")),
        "form": AttemptForm(),
        "may_take": writing and found.state == "planned",
        "may_record": writing and mine and found.state == "calling",
    }
    return render(request, "webchat/call_back.html", context)


@page()
@require_POST
def take(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Begin the call: an outgoing contact opens on the desk."""
    workspace, found = call_back_for(person(request), workspace_id, pk, write=True)
    begun = take_call_back(call_back=found, by=person(request), at=timezone.now())
    return _to_desk(workspace, begun)


@page()
@require_POST
def attempt(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Write down what came of the call."""
    workspace, found = call_back_for(person(request), workspace_id, pk, write=True)
    form = AttemptForm(request.POST)
    if not form.is_valid():
        context = {
            "workspace": workspace,
            "call_back": found,
            "slot": presentation.slot_words(found.slot_start, found.slot_end),
            "tone": presentation.tone_of(found, at=timezone.now()),
            "attempts": list(found.attempts.order_by("position")),
            "form": form,
            "may_take": False,
            "may_record": True,
        }
        return render(request, "webchat/call_back.html", context, status=422)
    record_attempt(
        call_back=found,
        result=form.cleaned_data["result"],
        note=form.cleaned_data["note"],
        again_in=timedelta(minutes=int(form.cleaned_data["again_in"])),
        by=person(request),
        at=timezone.now(),
    )
    messages.success(request, _("Le résultat de l’appel est noté."))
    return redirect("webchat:call_back", workspace.pk, found.pk)


@page()
@require_POST
def cancel(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """The customer said that they need no call any more."""
    workspace, found = call_back_for(person(request), workspace_id, pk, write=True)
    cancel_call_back(call_back=found, by=person(request), at=timezone.now())
    messages.success(request, _("Le rappel est annulé."))
    return redirect("webchat:call_backs", workspace.pk)


def _to_desk(workspace: Workspace, conversation: Conversation) -> HttpResponse:
    answer = redirect("conversations:desk", workspace.pk)
    answer["Location"] += f"?c={conversation.pk}"
    return answer
