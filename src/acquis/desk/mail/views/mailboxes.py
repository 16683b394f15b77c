from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.mail import fetching, gateway, queries
from acquis.desk.mail.access import mailbox_for, managed_workspace, set_aside_for
from acquis.desk.mail.actions.keep_mailbox import keep_mailbox, pause_mailbox, settle_set_aside
from acquis.desk.mail.errors import ConnectionRefused, MailUnreadable
from acquis.desk.mail.forms import MailboxForm
from acquis.desk.mail.models import Mailbox, SetAside
from acquis.desk.shell import posted
from acquis.kernel import files

ASIDE_SHOWN = 50


@page()
@require_GET
def mailboxes(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The addresses of the desk, how reading them goes, and what was set aside."""
    workspace = managed_workspace(person(request), workspace_id)
    context = {
        "workspace": workspace,
        "mailboxes": queries.mailboxes(workspace).select_related("queue"),
        "aside": queries.set_aside(workspace)[:ASIDE_SHOWN],
    }
    return render(request, "mail/mailboxes.html", context)


@page()
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = managed_workspace(person(request), workspace_id, write=request.method == "POST")
    return _edit(request, workspace, None)


@page()
@require_http_methods(["GET", "POST"])
def mailbox(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    write = request.method == "POST"
    workspace, shown = mailbox_for(person(request), workspace_id, pk, write=write)
    return _edit(request, workspace, shown)


def _edit(request: HttpRequest, workspace: Workspace, shown: Mailbox | None) -> HttpResponse:
    form = MailboxForm(posted(request), instance=shown, workspace=workspace)
    if request.method == "POST" and form.is_valid():
        kept = keep_mailbox(
            workspace=workspace,
            mailbox=shown,
            values=form.cleaned_data,
            by=person(request),
            at=timezone.now(),
        )
        messages.success(request, _("La boîte %s est enregistrée.") % kept.address)
        return redirect("mail:mailbox", workspace.pk, kept.pk)
    context = {"workspace": workspace, "mailbox": shown, "form": form}
    return render(request, "mail/mailbox.html", context, status=422 if form.errors else 200)


@page()
@require_POST
def attempt(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Sign in to both servers with what is kept, reading and sending nothing."""
    workspace, shown = mailbox_for(person(request), workspace_id, pk, write=True)
    if not shown.imap_host and not shown.smtp_host:
        messages.info(request, _("Cette boîte n’a pas de serveur : rien à essayer."))
    if shown.imap_host:
        _try_reading(request, shown)
    if shown.smtp_host:
        _try_sending(request, shown)
    return redirect("mail:mailbox", workspace.pk, shown.pk)


def _try_reading(request: HttpRequest, shown: Mailbox) -> None:
    try:
        held = gateway.try_reading(shown)
    except ConnectionRefused as refusal:
        messages.error(request, _("Réception : %s") % refusal)
    else:
        sentence = ngettext(
            "Réception : la connexion réussit, le dossier contient %d message.",
            "Réception : la connexion réussit, le dossier contient %d messages.",
            held,
        )
        messages.success(request, sentence % held)


def _try_sending(request: HttpRequest, shown: Mailbox) -> None:
    try:
        gateway.try_sending(shown)
    except ConnectionRefused as refusal:
        messages.error(request, _("Envoi : %s") % refusal)
    else:
        messages.success(request, _("Envoi : la connexion réussit."))


@page()
@require_POST
def pause(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Stop reading a mailbox, or take it up again."""
    workspace, shown = mailbox_for(person(request), workspace_id, pk, write=True)
    active = request.POST.get("en_service") == "oui"
    pause_mailbox(mailbox=shown, active=active, by=person(request), at=timezone.now())
    return redirect("mail:mailboxes", workspace.pk)


@page()
@require_POST
def settle(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Take in at last a message set aside, or leave it."""
    workspace, row = set_aside_for(person(request), workspace_id, pk, write=True)
    now = timezone.now()
    if request.POST.get("act") == "take":
        _take(row, now)
        settle_set_aside(row=row, outcome="taken", by=person(request), at=now)
        messages.success(request, _("Le message est entré dans le poste."))
    else:
        settle_set_aside(row=row, outcome="left", by=person(request), at=now)
        messages.success(request, _("Le message est laissé de côté pour de bon."))
    return redirect("mail:mailboxes", workspace.pk)


def _take(row: SetAside, now: datetime) -> None:
    """Raises MailUnreadable when it is refused again."""
    if row.raw is None or not fetching.take_in(
        row.mailbox, files.read(row.raw), uid=row.uid, at=now
    ):
        raise MailUnreadable
