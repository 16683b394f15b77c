from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
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
from acquis.desk.directory.access import customer_for
from acquis.desk.directory.policy import spoken_phone
from acquis.desk.messaging import queries
from acquis.desk.messaging.access import gateway_for, supervised, template_for
from acquis.desk.messaging.actions.begin_exchange import begin_exchange
from acquis.desk.messaging.actions.keep_gateway import (
    keep_gateway,
    keep_template,
    remove_template,
    renew_secret,
)
from acquis.desk.messaging.channels import TONES
from acquis.desk.messaging.forms import GatewayForm, TemplateForm, WriteForm
from acquis.desk.messaging.models import Channel, Delivery, Gateway
from acquis.desk.shell import page_or_part, posted
from acquis.kernel.errors import DomainRefusal

ROWS = 40


@page()
@require_GET
def deliveries(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """What left by SMS, WhatsApp and social networks, and what became of it."""
    workspace = workspace_for(person(request), workspace_id)
    channel = request.GET.get("canal", "")
    state = request.GET.get("etat", "")
    found = queries.deliveries(
        workspace,
        channel=channel if channel in Channel.values else "",
        state=state if state in Delivery.State.values else "",
    )
    rows = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        "workspace": workspace,
        "page_obj": rows,
        "rows": [(row, TONES[Delivery.State(row.state)]) for row in rows],
        "channels": Channel.choices,
        "states": Delivery.State.choices,
        "channel": channel,
        "state": state,
    }
    return page_or_part(request, "messaging/deliveries.html", "messaging/_deliveries.html", context)


@page()
@require_GET
def gateways(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = supervised(person(request), workspace_id)
    return render(request, "messaging/gateways.html", _gateways(workspace))


def _gateways(workspace: Workspace, form: TemplateForm | None = None) -> dict[str, Any]:
    return {
        "workspace": workspace,
        "gateways": Gateway.objects.filter(workspace=workspace),
        "templates": queries.templates_of(workspace),
        "form": form or TemplateForm(),
        "folder": settings.MESSAGING_FOLDER,
    }


@page()
@require_http_methods(["GET", "POST"])
def gateway_new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = supervised(person(request), workspace_id, write=request.method == "POST")
    return _edit(request, workspace, None)


@page()
@require_http_methods(["GET", "POST"])
def gateway(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    write = request.method == "POST"
    workspace, shown = gateway_for(person(request), workspace_id, pk, write=write)
    return _edit(request, workspace, shown)


def _edit(request: HttpRequest, workspace: Workspace, shown: Gateway | None) -> HttpResponse:
    form = GatewayForm(posted(request), instance=shown, workspace=workspace)
    secret = ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            kept, secret = keep_gateway(
                workspace=workspace,
                gateway=Gateway.objects.get(pk=shown.pk) if shown else None,
                **{name: given[name] for name in form.Meta.fields},
                by=person(request),
                at=timezone.now(),
            )
        except DomainRefusal as refusal:
            form.add_error(None, str(refusal))
            return _gateway_page(request, workspace, shown, form, "")
        messages.success(request, _("La passerelle « %s » est enregistrée.") % kept.name)
        if not secret:
            return redirect("messaging:gateways", workspace.pk)
        shown = kept
    return _gateway_page(request, workspace, shown, form, secret)


def _gateway_page(
    request: HttpRequest,
    workspace: Workspace,
    shown: Gateway | None,
    form: GatewayForm,
    secret: str,
) -> HttpResponse:
    """The secret is shown once, on the answer that made it."""
    context = {
        "workspace": workspace,
        "gateway": shown,
        "form": form,
        "secret": secret,
        "webhook": _webhook(shown) if shown else "",
    }
    status = 422 if form.errors else 200
    response = render(request, "messaging/gateway.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _webhook(shown: Gateway) -> str:
    return settings.PUBLIC_ADDRESS.rstrip("/") + reverse("gateways:receive", args=[shown.key])


@page()
@require_POST
def secret(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = gateway_for(person(request), workspace_id, pk, write=True)
    made = renew_secret(gateway=shown, by=person(request), at=timezone.now())
    form = GatewayForm(instance=shown, workspace=workspace)
    return _gateway_page(request, workspace, shown, form, made)


@page()
@require_POST
def template(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = supervised(person(request), workspace_id, write=True)
    form = TemplateForm(request.POST)
    if not form.is_valid():
        return render(request, "messaging/gateways.html", _gateways(workspace, form), status=422)
    keep_template(
        workspace=workspace,
        name=form.cleaned_data["name"],
        body=form.cleaned_data["body"],
        by=person(request),
        at=timezone.now(),
    )
    return redirect("messaging:gateways", workspace.pk)


@page()
@require_POST
def template_remove(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, row = template_for(person(request), workspace_id, pk)
    remove_template(template=row, by=person(request), at=timezone.now())
    return redirect("messaging:gateways", workspace.pk)


@page()
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, workspace_id: int, customer_pk: int) -> HttpResponse:
    """Begin an exchange by SMS or WhatsApp with a customer."""
    workspace, found = customer_for(
        person(request), workspace_id, customer_pk, write=request.method == "POST"
    )
    numbers = [(one, spoken_phone(one)) for one in (found.phone, found.phone_alt) if one]
    form = WriteForm(posted(request), numbers=numbers, initial={"client_key": uuid4().hex})
    if request.method == "POST" and form.is_valid():
        try:
            begun = begin_exchange(
                customer=found,
                **form.cleaned_data,
                by=person(request),
                at=timezone.now(),
            )
        except DomainRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            response = redirect("conversations:desk", workspace.pk)
            response["Location"] += f"?c={begun.pk}"
            return response
    context = {"workspace": workspace, "customer": found, "form": form, "numbers": numbers}
    return render(request, "messaging/write.html", context, status=422 if form.errors else 200)
