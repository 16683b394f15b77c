from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.conversations.access import conversation_for
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.access import customer_for
from acquis.desk.mail import policy, presentation, queries
from acquis.desk.mail.access import draft_for, file_for, mail_for
from acquis.desk.mail.actions.schedule_mail import call_back_mail, retry_mail, schedule_mail
from acquis.desk.mail.actions.write_draft import (
    KINDS,
    attach_file,
    discard_draft,
    remove_file,
    save_draft_part,
    save_draft_parts,
    start_draft,
)
from acquis.desk.mail.errors import VersionInvalid
from acquis.desk.mail.models import Mail
from acquis.desk.shell import page_or_part
from acquis.kernel import autosaving, files
from acquis.kernel.errors import DomainRefusal


@page()
@require_POST
def start(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Begin an answer, an answer to all or a forward in an exchange."""
    workspace, chosen = conversation_for(person(request), workspace_id, pk, write=True)
    if chosen.channel != Conversation.Channel.MAIL:
        raise Http404
    asked = request.POST.get("kind", "reply")
    start_draft(
        workspace=workspace,
        kind=asked if asked in KINDS else "reply",
        conversation=chosen,
        by=person(request),
        at=timezone.now(),
    )
    return _answer(request, workspace, chosen, None)


@page()
@require_GET
def exchange(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """What one is writing in an exchange: a part of the desk."""
    workspace, chosen = conversation_for(person(request), workspace_id, pk)
    context = _context(request, workspace, chosen, None)
    return page_or_part(request, "mail/draft.html", "mail/_writing.html", context)


@page()
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, workspace_id: int, customer_pk: int) -> HttpResponse:
    """Begin a mail to a customer; asked by a link, the page offers the button that writes."""
    write = request.method == "POST"
    workspace, found = customer_for(person(request), workspace_id, customer_pk, write=write)
    if write:
        begun = start_draft(
            workspace=workspace, kind="new", customer=found, by=person(request), at=timezone.now()
        )
        return redirect("mail:draft", workspace.pk, begun.pk)
    context = {
        "workspace": workspace,
        "customer": found,
        "held": queries.drafts(workspace, person(request)).filter(
            customer=found, conversation=None
        ),
        "mailbox": queries.default_mailbox(workspace),
    }
    return render(request, "mail/write.html", context)


@page()
@require_GET
def draft(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """A mail one is writing, until it has left."""
    workspace, mail = mail_for(person(request), workspace_id, pk)
    if mail.conversation is not None and not request.headers.get("HX-Request"):
        return _to_exchange(workspace, mail.conversation)
    context = _context(request, workspace, None, mail)
    return page_or_part(request, "mail/draft.html", "mail/_writing.html", context)


@page()
@require_POST
def save(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Keep one part as it is typed; the page speaks as `kernel/autosave.js` says."""
    _workspace, mail = draft_for(person(request), workspace_id, pk)
    typed = autosaving.typed(request, policy.PARTS)
    if typed is None:
        raise VersionInvalid
    name, text, seq = typed
    kept = save_draft_part(
        mail=mail, name=name, text=text, seq=seq, by=person(request), at=timezone.now()
    )
    return autosaving.answer(kept)


@page()
@require_POST
def attach(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, mail = draft_for(person(request), workspace_id, pk)

    def act() -> None:
        for upload in request.FILES.getlist("files"):
            if isinstance(upload, UploadedFile):
                attach_file(mail=mail, upload=upload, by=person(request), at=timezone.now())

    return _acted(request, workspace, mail, act)


@page()
@require_POST
def detach(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    joined = file_for(person(request), workspace_id, pk, write=True)
    workspace, mail = draft_for(person(request), workspace_id, joined.mail_id)

    def act() -> None:
        remove_file(joined=joined, by=person(request), at=timezone.now())

    return _acted(request, workspace, mail, act)


@page()
@require_POST
def send(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Ask the mail to leave, in the words that the page shows."""
    workspace, mail = draft_for(person(request), workspace_id, pk)
    parts = {
        name: request.POST[name].replace("\r\n", "\n")
        for name in policy.PARTS
        if name in request.POST
    }

    def act() -> None:
        now = timezone.now()
        # Kept first: whatever the sending is refused for, nothing typed is lost.
        save_draft_parts(mail=mail, parts=parts, by=person(request), at=now)
        schedule_mail(mail=mail, by=person(request), at=now)

    return _acted(request, workspace, mail, act)


@page()
@require_POST
def undo(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, mail = draft_for(person(request), workspace_id, pk)

    def act() -> None:
        call_back_mail(mail=mail, by=person(request), at=timezone.now())

    return _acted(request, workspace, mail, act)


@page()
@require_POST
def discard(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, mail = draft_for(person(request), workspace_id, pk)
    conversation, customer = mail.conversation, mail.customer
    discard_draft(mail=mail, by=person(request), at=timezone.now())
    if conversation is not None:
        return _answer(request, workspace, conversation, None)
    if customer is not None:
        return redirect("directory:record", workspace.pk, customer.pk)
    return redirect("mail:journal", workspace.pk)


@page()
@require_POST
def retry(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Send again a mail that did not leave."""
    workspace, mail = mail_for(person(request), workspace_id, pk, write=True)
    retry_mail(mail=mail, by=person(request), at=timezone.now())
    if request.headers.get("HX-Request"):
        return _answer(request, workspace, mail.conversation, mail)
    return redirect("mail:mail", workspace.pk, mail.pk)


@page()
@require_GET
def file(request: HttpRequest, workspace_id: int, pk: int) -> FileResponse:
    """A file of one's draft, or an image of a received mail, to save."""
    found = file_for(person(request), workspace_id, pk)
    return files.file_response(found.file, name=found.name)


def _acted(
    request: HttpRequest, workspace: Workspace, mail: Mail, act: Callable[[], None]
) -> HttpResponse:
    """Do it, and answer with what is being written; a refusal stands above it, in place."""
    try:
        act()
    except DomainRefusal as refusal:
        if not request.headers.get("HX-Request"):
            raise
        context = _context(request, workspace, mail.conversation, mail)
        context["writing"]["refusal"] = refusal
        return render(request, "mail/_writing.html", context, status=422)
    return _answer(request, workspace, mail.conversation, mail)


def _answer(
    request: HttpRequest, workspace: Workspace, chosen: Conversation | None, mail: Mail | None
) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return render(request, "mail/_writing.html", _context(request, workspace, chosen, mail))
    if chosen is not None:
        return _to_exchange(workspace, chosen)
    return redirect("mail:draft", workspace.pk, mail.pk if mail else 0)


def _to_exchange(workspace: Workspace, chosen: Conversation) -> HttpResponse:
    response = redirect("conversations:desk", workspace.pk)
    response["Location"] += f"?c={chosen.pk}"
    return response


def _context(
    request: HttpRequest, workspace: Workspace, chosen: Conversation | None, mail: Mail | None
) -> dict[str, Any]:
    writing = presentation.writing_context(
        workspace, person(request), conversation=chosen, mail=mail, at=timezone.now()
    )
    return {"workspace": workspace, "writing": writing}
