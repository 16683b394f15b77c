"""The protocol of an abusive contact, and what is decided afterwards."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User, Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.conduct import policy, queries
from acquis.desk.conduct.access import contact_for, may_read_facts, measure_for
from acquis.desk.conduct.actions.mark_abuse import (
    WRITTEN,
    end_contact,
    keep_reply,
    mark_abuse,
    resume_contact,
    say_step,
    see_contact,
)
from acquis.desk.conduct.actions.measure import decide_measure, lift_measure, propose_measure
from acquis.desk.conduct.forms import DecisionForm, MarkForm, ProposalForm, ReplyForm
from acquis.desk.conduct.models import STEPS, AbusiveContact, ContactMeasure
from acquis.desk.conversations.access import conversation_for
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.access import customer_for
from acquis.desk.directory.presentation import excesses_in_words
from acquis.desk.queues.actions.be_present import be_present
from acquis.desk.queues.models import Presence
from acquis.desk.shell import day_in_paris, may_write, page_or_part, posted, supervises

ROWS = 40


@page()
@require_http_methods(["GET", "POST"])
def exchange(request: HttpRequest, workspace_id: int, conversation_pk: int) -> HttpResponse:
    """The protocol in an exchange: its mark, then its steps; a part of the exchange, or a page."""
    user = person(request)
    writes = request.method == "POST"
    workspace, conversation = conversation_for(user, workspace_id, conversation_pk, write=writes)
    contact = AbusiveContact.objects.filter(conversation=conversation).first()
    form = MarkForm(posted(request))
    if not writes or not form.is_valid():
        return _shown(request, workspace, conversation, contact, form)
    warned = form.excesses()
    if warned:
        again = form.to_confirm()
        return _shown(request, workspace, conversation, contact, again, excesses_in_words(warned))
    contact = mark_abuse(
        conversation=conversation,
        nature=form.cleaned_data["nature"],
        facts=form.cleaned_data["facts"],
        by=user,
        at=timezone.now(),
    )
    return _acted(request, workspace, contact)


@page()
@require_POST
def say(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """The words of a step were said, or are to be sent."""
    workspace, contact = contact_for(person(request), workspace_id, pk)
    say_step(
        contact=contact,
        step=request.POST.get("step", ""),
        send=request.POST.get("send") == "1",
        by=person(request),
        at=timezone.now(),
    )
    return _acted(request, workspace, contact)


@page()
@require_POST
def end(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, contact = contact_for(person(request), workspace_id, pk)
    send = request.POST.get("send") == "1"
    end_contact(contact=contact, send=send, by=person(request), at=timezone.now())
    return _acted(request, workspace, contact)


@page()
@require_POST
def resume(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, contact = contact_for(person(request), workspace_id, pk)
    resume_contact(contact=contact, by=person(request), at=timezone.now())
    return _acted(request, workspace, contact)


@page()
@require_POST
def reply(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """What the customer answers to it."""
    workspace, contact = contact_for(person(request), workspace_id, pk)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _shown(request, workspace, contact.conversation, contact, MarkForm(), reply=form)
    keep_reply(contact=contact, **form.cleaned_data, by=person(request), at=timezone.now())
    return _acted(request, workspace, contact)


@page()
@require_POST
def see(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, contact = contact_for(person(request), workspace_id, pk)
    see_contact(contact=contact, by=person(request), at=timezone.now())
    return redirect("conduct:index", workspace.pk)


@page()
@require_POST
def breathe(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Take the pause that follows a hard exchange."""
    workspace = workspace_for(person(request), workspace_id, write=True)
    be_present(
        workspace=workspace,
        state=Presence.State.PAUSED,
        reason=Presence.Reason.BREATH,
        by=person(request),
        at=timezone.now(),
    )
    messages.success(request, _("Vous êtes en pause : soufflez. Revenez quand vous êtes prêt."))
    return redirect("conversations:desk", workspace.pk)


@page()
@require_GET
def index(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Abusive contacts and measures: all for the supervisor, one's own for an adviser."""
    return _index(request, workspace_for(person(request), workspace_id))


@page()
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, workspace_id: int, customer_pk: int) -> HttpResponse:
    """Ask the supervisor for a measure."""
    workspace, customer = customer_for(person(request), workspace_id, customer_pk, write=True)
    form = ProposalForm(posted(request))
    if request.method == "POST" and form.is_valid():
        propose_measure(
            customer=customer, **form.cleaned_data, by=person(request), at=timezone.now()
        )
        messages.success(request, _("La mesure est proposée : le superviseur en décide."))
        return redirect("conduct:index", workspace.pk)
    context = {"workspace": workspace, "customer": customer, "form": form}
    status = 422 if form.errors else 200
    return render(request, "conduct/propose.html", context, status=status)


@page()
@require_POST
def decide(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, measure = measure_for(person(request), workspace_id, pk)
    now = timezone.now()
    form = _decision(measure, day_in_paris(now), request.POST)
    if not form.is_valid():
        return _index(request, workspace, refused={measure.pk: form})
    decide_measure(measure=measure, **form.cleaned_data, by=person(request), at=now)
    messages.success(request, _("La décision est enregistrée."))
    return redirect("conduct:index", workspace.pk)


@page()
@require_POST
def lift(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, measure = measure_for(person(request), workspace_id, pk)
    lift_measure(measure=measure, by=person(request), at=timezone.now())
    messages.success(request, _("La mesure est levée."))
    return redirect("conduct:index", workspace.pk)


def _acted(request: HttpRequest, workspace: Workspace, contact: AbusiveContact) -> HttpResponse:
    """The part again in the exchange; its page otherwise."""
    pk = contact.conversation_id
    if not request.headers.get("HX-Request"):
        return redirect("conduct:exchange", workspace.pk, pk)
    _workspace, conversation = conversation_for(person(request), workspace.pk, pk)
    contact = AbusiveContact.objects.get(pk=contact.pk)
    return _shown(request, workspace, conversation, contact, MarkForm())


def _shown(
    request: HttpRequest,
    workspace: Workspace,
    conversation: Conversation,
    contact: AbusiveContact | None,
    form: MarkForm,
    warned: list[tuple[str, str]] | None = None,
    **refused: Any,
) -> HttpResponse:
    user = person(request)
    context: dict[str, Any] = {
        "workspace": workspace,
        "conversation": conversation,
        "contact": contact,
        "form": form,
        "warned": warned,
        "reply": ReplyForm(),
        "may_write": may_write(user, workspace),
        "may_mark": _may_mark(user, workspace, conversation),
        "kept_days": policy.KEPT_DAYS,
        **refused,
    }
    if contact is not None:
        contact.conversation = conversation
        context |= _protocol(user, workspace, contact)
    status = 422 if warned or form.errors or refused else 200
    return page_or_part(
        request, "conduct/exchange.html", "conduct/_protocol.html", context, status=status
    )


def _protocol(user: User, workspace: Workspace, contact: AbusiveContact) -> dict[str, Any]:
    said = {one.step: one for one in contact.steps.all()}
    upcoming = None if contact.outcome else policy.next_step(said, threat=contact.is_threat)
    return {
        "reads_facts": may_read_facts(user, workspace, contact),
        "supervises": supervises(user, workspace),
        "steps": [(key, label, said.get(key), policy.WORDS[key]) for key, label in STEPS],
        "next": upcoming,
        "may_end": not contact.outcome
        and policy.may_end(queries.warnings_of(contact, timezone.now()), threat=contact.is_threat),
        "writes_here": contact.conversation.channel in WRITTEN,
        "customer": contact.conversation.customer,
    }


def _may_mark(user: User, workspace: Workspace, conversation: Conversation) -> bool:
    if conversation.state == Conversation.State.WAITING or not may_write(user, workspace):
        return False
    return conversation.adviser_id == user.pk or supervises(user, workspace)


def _decision(measure: ContactMeasure, today: date, data: Any = None) -> DecisionForm:
    """Several stand on the page: each has ids of its own."""
    return DecisionForm(data, today=today, auto_id=f"measure-{measure.pk}-%s")


def _index(
    request: HttpRequest, workspace: Workspace, refused: dict[int, DecisionForm] | None = None
) -> HttpResponse:
    user, today, refused = person(request), day_in_paris(timezone.now()), refused or {}
    deciding = supervises(user, workspace)
    found = queries.contacts_for(user, workspace, today)
    page_obj = Paginator(found, ROWS).get_page(request.GET.get("page"))
    measures: list[ContactMeasure] = list(queries.measures(workspace)[:ROWS])
    context = {
        "workspace": workspace,
        "page_obj": page_obj,
        "measures": [
            (one, one.in_force(today), refused.get(one.pk) or _decision(one, today))
            for one in measures
            if deciding or one.in_force(today)
        ],
        "supervises": deciding,
        "may_decide": deciding and may_write(user, workspace),
        "may_write": may_write(user, workspace),
    }
    return render(request, "conduct/index.html", context, status=422 if refused else 200)
