from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from acquis.accounts.access import workspace_for
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.conversations.models import Attachment
from acquis.desk.mail import presentation, queries
from acquis.desk.mail.access import mail_for
from acquis.desk.mail.models import Mail
from acquis.desk.shell import keeps, may_write, page_or_part
from acquis.kernel import files

ROWS = 40


@page()
@require_GET
def journal(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """What came and left by mail, what became of it and why."""
    workspace = workspace_for(person(request), workspace_id)
    typed, wanted = request.GET.get("q", "")[:120], request.GET.get("quoi", "")
    rows = Paginator(queries.journal(workspace, typed=typed, wanted=wanted), ROWS).get_page(
        request.GET.get("page")
    )
    manages = keeps(person(request), workspace)
    context = {
        "workspace": workspace,
        "page_obj": rows,
        "rows": [
            {
                "mail": mail,
                "state": presentation.state_of(mail),
                "tone": presentation.tone_of(mail),
                "reason": presentation.reason_of(mail),
            }
            for mail in rows
        ],
        "typed": typed,
        "wanted": wanted,
        "choices": queries.WANTED,
        "drafts": queries.drafts(workspace, person(request))[:10],
        "manages": manages,
        "aside": queries.set_aside(workspace).count() if manages else 0,
    }
    return page_or_part(request, "mail/journal.html", "mail/_journal.html", context)


@page()
@require_GET
def mail(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """One mail in full: its headers, its words, its files and what became of it."""
    workspace, found = mail_for(person(request), workspace_id, pk)
    if found.state in {Mail.State.DRAFT, Mail.State.SCHEDULED}:
        raise Http404
    attached = Attachment.objects.filter(message=found.message_id).select_related("file")
    context = {
        "workspace": workspace,
        "mail": found,
        "detail": presentation.detail_of(found),
        "state": presentation.state_of(found),
        "tone": presentation.tone_of(found),
        "reason": presentation.reason_of(found),
        "attached": attached if found.message_id else [],
        "manages": keeps(person(request), workspace),
        "may_write": may_write(person(request), workspace),
    }
    return render(request, "mail/mail.html", context)


@page()
@require_GET
def shown(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """The HTML of a received mail, in a frame that runs nothing; `?images=1` fetches those outside."""
    _workspace, found = mail_for(person(request), workspace_id, pk)
    remote = request.GET.get("images") == "1"
    html = presentation.html_shown(found, remote=remote)
    response = render(request, "mail/shown.html", {"html": html, "mail": found})
    images = "data: https:" if remote else "data:"
    response["Content-Security-Policy"] = (
        f"default-src 'none'; img-src {images}; style-src 'self'; frame-ancestors 'self';"
        " sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


@page()
@require_GET
def source(request: HttpRequest, workspace_id: int, pk: int) -> FileResponse:
    """The message as it came or left, for those who keep the mailboxes."""
    workspace, found = mail_for(person(request), workspace_id, pk)
    if found.raw is None or not keeps(person(request), workspace):
        raise Http404
    return files.file_response(found.raw, name=f"courriel-{found.pk}.eml")
