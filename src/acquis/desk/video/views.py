"""Invitations to video calls, on the desk."""

from collections.abc import Callable
from typing import Any

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
from acquis.desk.agenda import queries as agenda
from acquis.desk.agenda.errors import OutsideHours, SlotInvalid, SlotPast, SlotTaken
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.access import customer_for
from acquis.desk.directory.models import Customer
from acquis.desk.directory.policy import spoken_phone
from acquis.desk.phone.access import may_supervise
from acquis.desk.shell import may_write, page_or_part, posted
from acquis.desk.video import queries
from acquis.desk.video.access import held_exchange, invitation_for, key_of
from acquis.desk.video.actions.invite import (
    WRITTEN,
    Asked,
    can_tell,
    invite,
    move,
    renew,
    withdraw,
    words_of,
)
from acquis.desk.video.actions.let_in import let_in
from acquis.desk.video.errors import SlotRefused
from acquis.desk.video.forms import InviteForm, MoveForm
from acquis.desk.video.models import VideoInvitation
from acquis.kernel.errors import DomainRefusal

SHOWN = 25
OF_THE_HOUR = (SlotRefused, SlotTaken, SlotInvalid, SlotPast, OutsideHours)
Way = VideoInvitation.Way


@page()
@require_GET
def index(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Who is invited, who waits; one's own, all of them for whoever supervises."""
    workspace = workspace_for(person(request), workspace_id)
    everybody = may_supervise(person(request), workspace)
    rows = queries.visible_to(person(request), workspace, all_of_them=everybody)
    typed = request.GET.get("q", "")[:120].strip()
    if typed:
        rows = rows.filter(label__icontains=typed) | rows.filter(subject__icontains=typed)
    past = request.GET.get("vue", "") == "passees"
    now = timezone.now()
    chosen = queries.past(rows, now) if past else queries.to_come(rows, now)
    context = {
        "workspace": workspace,
        "page": Paginator(chosen, SHOWN).get_page(request.GET.get("page")),
        "past": past,
        "typed": typed,
        "everybody": everybody,
        "may_write": may_write(person(request), workspace),
        "now": now,
    }
    return page_or_part(request, "video/index.html", "video/_list.html", context)


@page()
@require_GET
def waiting(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The customers who wait behind their link, for every page of the desk."""
    workspace = workspace_for(person(request), workspace_id)
    rows = queries.visible_to(person(request), workspace, all_of_them=False)
    shown = may_write(person(request), workspace)
    found = queries.waiting(rows, timezone.now()) if shown else []
    return render(request, "video/_waiting.html", {"workspace": workspace, "waiting": found})


@page()
@require_http_methods(["GET", "POST"])
def invite_customer(request: HttpRequest, workspace_id: int, customer_pk: int) -> HttpResponse:
    workspace, customer = customer_for(person(request), workspace_id, customer_pk, write=True)
    return _invite(request, workspace, customer, None)


@page()
@require_http_methods(["GET", "POST"])
def invite_in_exchange(request: HttpRequest, workspace_id: int, exchange_pk: int) -> HttpResponse:
    workspace, conversation = held_exchange(person(request), workspace_id, exchange_pk)
    return _invite(request, workspace, conversation.customer, conversation)


def _invite(
    request: HttpRequest,
    workspace: Workspace,
    customer: Customer | None,
    source: Conversation | None,
) -> HttpResponse:
    mails = [customer.email] if customer and customer.email else []
    phones = [one for one in (customer.phone, customer.phone_alt) if one] if customer else []
    form = InviteForm(
        posted(request),
        ways=_ways(request, mails, phones, source),
        plannings=agenda.resources(workspace),
        mails=mails,
        numbers=[(number, spoken_phone(number)) for number in phones],
        initial={
            "subject": source.subject if source else "",
            "resource": queries.own_planning(person(request), workspace),
        },
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        asked = Asked(
            way=values["way"],
            subject=values["subject"],
            slot=values["slot"],
            address=values.get("address", ""),
            customer=customer,
            source=source,
            resource=values.get("resource"),
            length=values["length"],
        )
        made = _invited(request, workspace, asked, form)
        if made is not None:
            return redirect("video:invitation", workspace.pk, made.pk)
    context = {"workspace": workspace, "customer": customer, "source": source, "form": form}
    return render(request, "video/invite.html", context, status=422 if form.errors else 200)


def _invited(
    request: HttpRequest, workspace: Workspace, asked: Asked, form: InviteForm
) -> VideoInvitation | None:
    """The invitation, or None with the form saying why it cannot leave that way."""
    try:
        made = invite(
            workspace=workspace,
            asked=asked,
            link=_link_of(request),
            by=person(request),
            at=timezone.now(),
        )
    except DomainRefusal as refusal:
        form.add_error("slot" if isinstance(refusal, OF_THE_HOUR) else "way", str(refusal))
        return None
    if made.way != Way.COPY:
        messages.success(request, _("L’invitation est partie."))
    return made


def _ways(
    request: HttpRequest, mails: list[str], phones: list[str], source: Conversation | None
) -> list[str]:
    here = (
        source is not None
        and source.channel in WRITTEN
        and source.state == Conversation.State.OPEN
        and source.adviser_id == person(request).pk
    )
    offered = [(Way.EXCHANGE, here), (Way.MAIL, bool(mails)), (Way.SMS, bool(phones))]
    return [*(way.value for way, possible in offered if possible), Way.COPY.value]


def _link_of(request: HttpRequest) -> Callable[[VideoInvitation], str]:
    return lambda one: request.build_absolute_uri(reverse("visio:room", args=[key_of(one)]))


@page()
@require_GET
def invitation(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """One invitation: its link, where it stands, who it lets in."""
    workspace, found = invitation_for(person(request), workspace_id, pk)
    context = _shown(request, workspace, found, MoveForm(initial={"slot": found.starts_at}))
    return page_or_part(request, "video/invitation.html", "video/_invitation.html", context)


def _shown(
    request: HttpRequest, workspace: Workspace, found: VideoInvitation, form: MoveForm
) -> dict[str, Any]:
    now = timezone.now()
    link = _link_of(request)(found)
    return {
        "workspace": workspace,
        "invitation": found,
        "door": found.door(now),
        "link": link,
        "words": words_of(found, link),
        "waits": found in queries.waiting(VideoInvitation.objects.filter(pk=found.pk), now),
        "may_write": may_write(person(request), workspace),
        "told": can_tell(found),
        "move_form": form,
    }


@page()
@require_POST
def change_slot(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Give the meeting another hour; what is refused is said beside what was typed."""
    workspace, found = invitation_for(person(request), workspace_id, pk, write=True)
    form = MoveForm(request.POST)
    if form.is_valid():
        try:
            moved = move(
                invitation=found,
                slot=form.cleaned_data["slot"],
                link=_link_of(request),
                by=person(request),
                at=timezone.now(),
            )
        except OF_THE_HOUR as refusal:
            form.add_error("slot", str(refusal))
        else:
            _say_told(request, moved, _("Le rendez-vous est déplacé."))
            return redirect("video:invitation", workspace.pk, found.pk)
    context = _shown(request, workspace, found, form)
    return render(request, "video/invitation.html", context, status=422)


def _say_told(request: HttpRequest, invitation: VideoInvitation, done: str) -> None:
    told = (
        _("Le client est prévenu.")
        if can_tell(invitation)
        else _("Le client n’est pas prévenu d’ici : dites-le-lui.")
    )
    messages.success(request, f"{done} {told}")


@page()
@require_POST
def open_door(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Let the customer in; the page of their exchange follows."""
    workspace, found = invitation_for(person(request), workspace_id, pk, write=True)
    call = let_in(invitation=found, by=person(request), at=timezone.now())
    response = redirect("conversations:desk", workspace.pk)
    response["Location"] += f"?c={call.conversation_id}"
    return response


@page()
@require_POST
def cancel(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, found = invitation_for(person(request), workspace_id, pk, write=True)
    row = withdraw(invitation=found, by=person(request), at=timezone.now())
    done = _("L’invitation est annulée : son lien n’ouvre plus rien.")
    if row.has_slot:
        _say_told(request, row, done)
    else:
        messages.success(request, done)
    return redirect("video:invitation", workspace.pk, found.pk)


@page()
@require_POST
def new_link(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, found = invitation_for(person(request), workspace_id, pk, write=True)
    renew(invitation=found, by=person(request), at=timezone.now())
    messages.success(request, _("Voici un nouveau lien ; l’ancien n’ouvre plus rien."))
    return redirect("video:invitation", workspace.pk, found.pk)
