from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import workspace_for, workspaces_of
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.conversations import presentation, queries
from acquis.desk.conversations.access import (
    attachment_for,
    conversation_for,
    held_conversation_for,
    note_for,
)
from acquis.desk.conversations.actions.accept_conversation import accept_conversation
from acquis.desk.conversations.actions.end_conversation import end_conversation
from acquis.desk.conversations.actions.identify_customer import identify_customer
from acquis.desk.conversations.actions.mark_read import mark_read
from acquis.desk.conversations.actions.qualify_conversation import qualify_conversation
from acquis.desk.conversations.actions.record_contact import record_contact
from acquis.desk.conversations.actions.send_file import send_file
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.actions.write_note import withdraw_note, write_note
from acquis.desk.conversations.channels import in_place, scripts
from acquis.desk.conversations.forms import (
    ContactForm,
    LookupForm,
    MessageForm,
    QualificationForm,
)
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.conversations.presentation import state_of
from acquis.desk.directory import queries as directory
from acquis.desk.directory.access import customer_for
from acquis.desk.shell import day_in_paris, may_write, page_or_part, posted
from acquis.kernel import files

LOOKED_UP = 8
KEY_FIGURES = 18  # more than any key has, and no more than Python reads in a text
RECORDED = ("channel", "direction", "subject", "started_at", "reason", "outcome", "summary")


@page()
@require_GET
def desks(request: HttpRequest) -> HttpResponse:
    """The desks in which the person has a seat."""
    return render(request, "conversations/desks.html", {"desks": workspaces_of(person(request))})


@page()
@require_GET
def desk(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Three panes: who waits, the exchange, the customer."""
    workspace = workspace_for(person(request), workspace_id)
    context = _queue_context(request, workspace)
    asked = request.GET.get("c", "")
    if asked.isdecimal():
        workspace, chosen = conversation_for(
            person(request), workspace_id, int(asked[:KEY_FIGURES])
        )
        context |= _exchange_context(request, workspace, chosen)
        context |= presentation.customer_context(workspace, chosen, at=timezone.now())
    return render(request, "conversations/desk.html", context)


@page()
@require_GET
def palette(request: HttpRequest, workspace_id: int) -> JsonResponse:
    """What Ctrl+K finds in this desk: customers, articles, products."""
    workspace = workspace_for(person(request), workspace_id)
    typed = request.GET.get("q", "")[:120]
    today = day_in_paris(timezone.now())
    return JsonResponse({"results": presentation.palette_results(workspace, typed, today=today)})


@page()
@require_GET
def queue(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The left pane; nothing (204) while it is as `?v=` says it was."""
    workspace = workspace_for(person(request), workspace_id)
    context = _queue_context(request, workspace)
    if request.headers.get("HX-Request") and request.GET.get("v") == context["queue_version"]:
        return HttpResponse(status=204)
    return page_or_part(request, "conversations/desk.html", "conversations/_queue.html", context)


def _queue_context(request: HttpRequest, workspace: Workspace) -> dict[str, Any]:
    asked = request.GET.get("c", "")
    chosen_pk = int(asked[:KEY_FIGURES]) if asked.isdecimal() else None
    shown = queries.queue(workspace, person(request))
    return {
        "workspace": workspace,
        "queue": shown,
        "queue_version": presentation.queue_version(shown, chosen_pk),
        "chosen_pk": chosen_pk,
        "in_place": in_place(),
        "channel_scripts": scripts(),
        "conversation": None,
        "customer": None,
        "now": timezone.now(),
    }


@page()
@require_GET
def conversation(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """An exchange to read: each message has its anchor."""
    workspace, chosen = conversation_for(person(request), workspace_id, pk)
    context = _exchange_context(request, workspace, chosen)
    context["times"] = queries.response_times(chosen)
    context["details"] = [
        (detail.label, chosen.details.get(detail.code, "")) for detail in queries.details(workspace)
    ]
    return render(request, "conversations/conversation.html", context)


@page()
@require_GET
def opened(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """The middle and right panes of another exchange, for a page of the desk that stays."""
    workspace, chosen = conversation_for(person(request), workspace_id, pk)
    context = _exchange_context(request, workspace, chosen)
    context |= presentation.customer_context(workspace, chosen, at=timezone.now())
    return render(request, "conversations/_opened.html", context)


@page()
@require_GET
def thread(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """The thread; `?apres=12&note=7` gives what follows position 12 and the note 7 only."""
    workspace, chosen = conversation_for(person(request), workspace_id, pk)
    asked = request.GET.get("apres", "")
    after, after_note = _number(asked), _number(request.GET.get("note", ""))
    context = _lines_context(request, workspace, chosen, after=after, after_note=after_note)
    context["marks"] = presentation.marks_of(chosen)
    template = "conversations/_messages.html" if asked else "conversations/_thread.html"
    response = render(request, template, context)
    # The page compares it with what it shows, and fetches the exchange again if it differs.
    response["X-Conversation-State"] = state_of(chosen)
    return response


def _lines_context(
    request: HttpRequest, workspace: Workspace, chosen: Conversation, *, after: int, after_note: int
) -> dict[str, Any]:
    """What a page in place adds to the thread that it shows up to there."""
    reader = person(request)
    return presentation.lines_of(
        workspace, chosen, reader, after=after, after_note=after_note,
        may_note=may_write(reader, workspace),
    )  # fmt: skip


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() and typed.isascii() and len(typed) < 10 else 0


@page()
@require_GET
def exchange(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """The middle pane: state, messages, and what may be done now."""
    workspace, chosen = conversation_for(person(request), workspace_id, pk)
    return _exchange(request, workspace, chosen)


@page()
@require_GET
def customer(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """The right pane: the customer's record, or who it may be."""
    workspace, chosen = conversation_for(person(request), workspace_id, pk)
    if "q" in request.GET:
        return _lookup(request, workspace, chosen)
    context = presentation.customer_context(workspace, chosen, at=timezone.now())
    return render(request, "conversations/_customer.html", context)


def _lookup(request: HttpRequest, workspace: Workspace, chosen: Conversation) -> HttpResponse:
    form = LookupForm(request.GET)
    form.is_valid()
    typed = form.cleaned_data.get("q", "")
    found = directory.find(
        workspace, typed, filters=directory.Filters(), today=day_in_paris(timezone.now())
    )
    context = {
        "workspace": workspace,
        "conversation": chosen,
        "typed": typed,
        "candidates": list(found.customers[:LOOKED_UP]) if typed else [],
        "approximate": found.approximate,
    }
    return render(request, "conversations/_candidates.html", context)


@page()
@require_POST
def accept(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, chosen = conversation_for(person(request), workspace_id, pk, write=True)
    accept_conversation(conversation=chosen, by=person(request), at=timezone.now())
    return _after(request, workspace, chosen)


@page()
@require_POST
def send(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Send an adviser's message; a page in place gets the messages it has not shown yet."""
    workspace, chosen = held_conversation_for(person(request), workspace_id, pk)
    form = MessageForm(request.POST)
    form.is_valid()
    sent = send_message(
        conversation=chosen,
        author=Message.Author.ADVISER,
        body=form.data.get("body", ""),
        author_label=person(request).full_name,
        client_key=form.data.get("client_key", ""),
        by=person(request),
        at=timezone.now(),
    )
    if request.headers.get("HX-Request"):
        after = min(_number(request.POST.get("apres", "")), sent.position - 1)
        context = _lines_context(
            request, workspace, chosen, after=after,
            after_note=_number(request.POST.get("note", "")),
        )  # fmt: skip
        return render(request, "conversations/_messages.html", context)
    return _after(request, workspace, chosen)


@page()
@require_POST
def attach(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Send a file to the customer."""
    workspace, chosen = held_conversation_for(person(request), workspace_id, pk)
    send_file(
        conversation=chosen,
        file=request.FILES.get("file"),
        client_key=request.POST.get("client_key", "") or uuid4().hex,
        by=person(request),
        at=timezone.now(),
    )
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return _after(request, workspace, chosen)


@page()
@require_POST
def note(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Write an internal note; a page in place gets what it has not shown yet."""
    workspace, chosen = conversation_for(person(request), workspace_id, pk, write=True)
    written = write_note(
        conversation=chosen,
        body=request.POST.get("body", ""),
        client_key=request.POST.get("client_key", ""),
        by=person(request),
        at=timezone.now(),
    )
    if request.headers.get("HX-Request"):
        after_note = min(_number(request.POST.get("note", "")), written.pk - 1)
        context = _lines_context(
            request, workspace, chosen, after=_number(request.POST.get("apres", "")),
            after_note=after_note,
        )  # fmt: skip
        return render(request, "conversations/_messages.html", context)
    return _after(request, workspace, chosen)


@page()
@require_POST
def withdraw(request: HttpRequest, workspace_id: int, pk: int, note_pk: int) -> HttpResponse:
    """Withdraw one's own note, or put it back (`restored=1`)."""
    chosen, found = note_for(person(request), workspace_id, pk, note_pk)
    withdrawn = request.POST.get("restored") != "1"
    changed = withdraw_note(note=found, withdrawn=withdrawn, by=person(request), at=timezone.now())
    if request.headers.get("HX-Request"):
        changed.mine = True  # type: ignore[attr-defined]
        context = {"conversation": chosen, "message": changed, "may_note": True}
        return render(request, "conversations/_note_mark.html", context)
    return _after(request, chosen.workspace, chosen)


@page()
@require_POST
def read(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """How far whoever holds the exchange has read."""
    _workspace, chosen = conversation_for(person(request), workspace_id, pk, write=True)
    mark_read(
        conversation=chosen,
        position=_number(request.POST.get("position", "")),
        note=_number(request.POST.get("note", "")),
        by=person(request),
    )
    return HttpResponse(status=204)


@page()
@require_POST
def identify(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, chosen = conversation_for(person(request), workspace_id, pk, write=True)
    asked = request.POST.get("customer", "")
    if not asked.isdecimal():
        raise Http404
    _workspace, found = customer_for(person(request), workspace_id, int(asked[:KEY_FIGURES]))
    identify_customer(conversation=chosen, customer=found, by=person(request), at=timezone.now())
    if request.headers.get("HX-Request"):
        workspace, chosen = conversation_for(person(request), workspace_id, pk)
        context = presentation.customer_context(workspace, chosen, at=timezone.now())
        return render(request, "conversations/_customer.html", context)
    return _after(request, workspace, chosen)


@page()
@require_POST
def end(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, chosen = held_conversation_for(person(request), workspace_id, pk)
    end_conversation(conversation=chosen, by=person(request), at=timezone.now())
    return _after(request, workspace, chosen)


@page()
@require_POST
def qualify(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, chosen = held_conversation_for(person(request), workspace_id, pk)
    form = QualificationForm(request.POST, workspace=workspace, conversation=chosen)
    if not form.is_valid():
        context = _exchange_context(request, workspace, chosen) | {"qualification": form}
        return page_or_part(
            request,
            "conversations/conversation.html",
            "conversations/_exchange.html",
            context | {"times": queries.response_times(chosen), "details": []},
            status=422,
        )
    qualify_conversation(
        conversation=chosen,
        reason=form.cleaned_data["reason"],
        outcome=form.cleaned_data["outcome"],
        summary=form.cleaned_data["summary"],
        details=form.details(),
        by=person(request),
        at=timezone.now(),
    )
    return _after(request, workspace, chosen)


@page()
@require_GET
def attachment(request: HttpRequest, workspace_id: int, pk: int) -> FileResponse:
    """A file that came or left with a message, to save."""
    found = attachment_for(person(request), workspace_id, pk)
    return files.file_response(found.file, name=found.name)


@page()
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, workspace_id: int, customer_pk: int) -> HttpResponse:
    """Write down a contact that took place elsewhere."""
    workspace, found = customer_for(person(request), workspace_id, customer_pk, write=True)
    now = timezone.now()
    form = ContactForm(
        posted(request), workspace=workspace, initial={"started_at": timezone.localtime(now)}
    )
    if request.method == "POST" and form.is_valid():
        kept = {name: form.cleaned_data[name] for name in RECORDED}
        record_contact(customer=found, **kept, details=form.details(), by=person(request), at=now)
        messages.success(request, _("Le contact est consigné."))
        return redirect("directory:record", workspace.pk, found.pk)
    context = {"workspace": workspace, "customer": found, "form": form}
    status = 422 if form.errors else 200
    return render(request, "conversations/contact.html", context, status=status)


def _after(request: HttpRequest, workspace: Workspace, chosen: Conversation) -> HttpResponse:
    """The exchange as it now is: in place, or by going back to the desk."""
    if request.headers.get("HX-Request"):
        workspace, chosen = conversation_for(person(request), workspace.pk, chosen.pk)
        return _exchange(request, workspace, chosen)
    response = redirect("conversations:desk", workspace.pk)
    response["Location"] += f"?c={chosen.pk}"
    return response


def _exchange(request: HttpRequest, workspace: Workspace, chosen: Conversation) -> HttpResponse:
    context = _exchange_context(request, workspace, chosen)
    return render(request, "conversations/_exchange.html", context)


def _exchange_context(
    request: HttpRequest, workspace: Workspace, chosen: Conversation
) -> dict[str, Any]:
    return presentation.exchange_context(
        workspace, chosen, person(request), may_write=may_write(person(request), workspace)
    )
