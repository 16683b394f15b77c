"""The archive of a session, what holds it, and what of a centre has been kept long enough."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from acquis.accounts.access import may
from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.archives import access, presentation, queries, terms
from acquis.certification.archives.actions.export_session import (
    record_download,
    refuse_before_the_minutes,
)
from acquis.certification.archives.actions.hold_session import lift_hold, place_hold
from acquis.certification.archives.errors import NothingDue, PackageDestroyed
from acquis.certification.archives.forms import HoldForm
from acquis.certification.archives.models import Destruction
from acquis.certification.exam_sessions.models import ExamSession
from acquis.kernel import files, jobs
from acquis.kernel.errors import DomainRefusal

RECORDS = 50  # destructions shown, the last ones


@page(Verb.ARCHIVE_MANAGE)
@require_GET
def session(request: HttpRequest, session_id: int) -> HttpResponse:
    """The exports of a session, its clocks and what holds it."""
    found = access.archived_session(person(request), session_id)
    return _session(request, found, HoldForm())


def _session(request: HttpRequest, found: ExamSession, form: HoldForm) -> HttpResponse:
    context: dict[str, Any] = {
        "session": found,
        "archives": found.archives.select_related("file", "made_by"),
        "clocks": presentation.clocks(found, terms.day(timezone.now())),
        "holds": found.holds.select_related("placed_by", "lifted_by"),
        "destructions": found.destructions.select_related("by"),
        "issued": found.state == ExamSession.State.ISSUED,
        "form": form,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "archives/session.html", context, status=status)


@page(Verb.ARCHIVE_MANAGE)
@require_POST
def export(request: HttpRequest, session_id: int) -> HttpResponse:
    """Export in the background, with its progress to follow."""
    who = person(request)
    found = access.archived_session(who, session_id)
    refuse_before_the_minutes(found)
    job = jobs.enqueue(
        "archives.export",
        by=who,
        at=timezone.now(),
        args={"session": found.pk, "by": who.pk},
        unique_key=f"archives.export:{found.pk}",
    )
    return redirect("kernel:job", job.pk)


@page(Verb.ARCHIVE_MANAGE)
@require_POST
def download(request: HttpRequest, archive_id: int) -> FileResponse:
    """Fetch a package. Asked for by POST: who fetched it is written down."""
    archive = access.kept_archive(person(request), archive_id)
    if archive.file is None:
        raise PackageDestroyed
    record_download(archive=archive, by=person(request), at=timezone.now())
    return files.file_response(archive.file)


@page(Verb.ARCHIVE_MANAGE)
@require_POST
def hold(request: HttpRequest, session_id: int) -> HttpResponse:
    found = access.archived_session(person(request), session_id)
    form = HoldForm(request.POST)
    if form.is_valid():
        try:
            place_hold(
                session=found,
                reason=form.cleaned_data["reason"],
                by=person(request),
                at=timezone.now(),
            )
        except DomainRefusal as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, _("Rien de cette session ne sera détruit jusqu’à la levée."))
            return redirect("archives:session", found.pk)
    return _session(request, found, form)


@page(Verb.ARCHIVE_MANAGE)
@require_POST
def lift(request: HttpRequest, hold_id: int) -> HttpResponse:
    found = access.placed_hold(person(request), hold_id)
    lift_hold(hold=found, by=person(request), at=timezone.now())
    messages.success(request, _("La suspension est levée : les durées courent de nouveau."))
    return redirect("archives:session", found.session_id)


@page(Verb.ARCHIVE_MANAGE)
@require_GET
def retention(request: HttpRequest) -> HttpResponse:
    """What would be destroyed today, by session and kind: looking destroys nothing."""
    centre, today = current_organisation(request), terms.day(timezone.now())
    due = queries.due(centre, today)
    context = {
        "due": presentation.due_rows(due),
        "free": [one for one in due if not one.held],
        "rules": presentation.rules(today),
        "records": presentation.records(
            Destruction.objects.filter(organisation=centre).select_related("session", "by")[
                :RECORDS
            ]
        ),
        "may_destroy": may(person(request), Verb.ARCHIVE_DESTROY, organisation=centre),
    }
    return render(request, "archives/retention.html", context)


@page(Verb.ARCHIVE_DESTROY)
@require_POST
def destroy(request: HttpRequest) -> HttpResponse:
    """Destroy in the background what was ticked of the list that the person saw."""
    who, centre = person(request), current_organisation(request)
    ticked = set(request.POST.getlist("chosen"))
    due = queries.due(centre, terms.day(timezone.now()))
    chosen = [(one.session.pk, one.kind.value) for one in due if one.key in ticked and not one.held]
    if not chosen:
        raise NothingDue
    job = jobs.enqueue(
        "archives.destroy",
        by=who,
        at=timezone.now(),
        args={"chosen": chosen, "by": who.pk},
        unique_key=f"archives.destroy:{centre.pk}",
    )
    return redirect("kernel:job", job.pk)
