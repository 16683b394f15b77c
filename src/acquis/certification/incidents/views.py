"""Pages of incidents: what holds the results, the sheet of the debrief, the list of a centre."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions.models import ExamSession, Incident
from acquis.certification.exam_sessions.queries import members
from acquis.certification.incidents import access, actions, presentation, queries
from acquis.certification.incidents.actions.incident_sheet import SheetData
from acquis.certification.incidents.forms import FilterForm, SettlementForm, SheetForm
from acquis.kernel import files
from acquis.kernel.errors import DomainRefusal

PER_PAGE = 25


@page(Verb.INCIDENT_FOLLOW)
@require_safe
def incident_list(request: HttpRequest) -> HttpResponse:
    """All the incidents of the centre, those that hold results marked so."""
    chosen = FilterForm(request.GET).chosen()
    found = queries.incidents(current_organisation(request), chosen)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": shown,
        "rows": presentation.incident_rows(shown),
        "chosen": chosen,
        "categories": Incident.Category.choices,
        "effects": Incident.Effect.choices,
        "settled": presentation.SETTLED,
    }
    return render(request, "incidents/list.html", context)


@page(Verb.INCIDENT_FOLLOW)
@require_safe
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """The incidents of a session, its sheet and the actions that follow."""
    found = access.followed_session(person(request), pk)
    return _session(request, found, _sheet_form(found))


def _sheet_form(found: ExamSession, data: Any = None) -> SheetForm:
    sheet = queries.draft_of(found)
    initial = (
        {
            "jurors": sheet.jurors,
            "causes": sheet.causes,
            "measures": sheet.measures,
            "jury_words": sheet.jury_words,
        }
        if sheet
        else {}
    )
    return SheetForm(data, members=members(found), initial=initial)


def _session(
    request: HttpRequest,
    found: ExamSession,
    form: SheetForm,
    refusal: DomainRefusal | None = None,
) -> HttpResponse:
    today = timezone.localtime(timezone.now()).date()
    rows = presentation.incident_rows(queries.incidents_of(found))
    context = {
        "session": found,
        "rows": rows,
        "held": [row for row in rows if row["held"]],
        "form": form,
        "draft": queries.draft_of(found),
        "sheets": queries.sheets_of(found).filter(sent_at__isnull=False),
        "over": found.state in {"closed", "deliberated", "issued"},
        "actions": presentation.action_rows(
            queries.actions_of(found.organisation).filter(session=found), today
        ),
        "refusal": refusal and {"message": str(refusal), "kept": "", "code": refusal.code},
    }
    status = 422 if form.errors or refusal else 200
    return render(request, "incidents/session.html", context, status=status)


@page(Verb.INCIDENT_FOLLOW)
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what an incident does to the decision, once."""
    incident = access.followed_incident(person(request), pk)
    form = SettlementForm(
        request.POST or None,
        phases=queries.phase_titles(incident.session),
        initial={"effect": incident.effect},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.settle_incident(
                incident=incident, by=person(request), at=timezone.now(), **form.cleaned_data
            )
        except DomainRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("L’incident est réglé."))
            return redirect("incidents:session", incident.session_id)
    context = {"session": incident.session, "incident": incident, "form": form}
    status = 422 if form.errors else 200
    return render(request, "incidents/settle.html", context, status=status)


@page(Verb.INCIDENT_FOLLOW)
@require_POST
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the sheet, and send it to the direction when asked to."""
    found = access.followed_session(person(request), pk)
    form = _sheet_form(found, request.POST)
    if not form.is_valid():
        return _session(request, found, form)
    try:
        actions.keep_sheet(
            session=found,
            data=SheetData(**form.cleaned_data),  # type: ignore[typeddict-item]
            by=person(request),
            at=timezone.now(),
        )
        if request.POST.get("send"):
            actions.send_sheet(session=found, by=person(request), at=timezone.now())
    except DomainRefusal as refusal:
        return _session(request, found, form, refusal)
    if request.POST.get("send"):
        messages.success(request, _("La fiche est envoyée à la direction."))
    else:
        messages.success(request, _("La fiche est enregistrée."))
    return redirect("incidents:session", pk)


@page(Verb.INCIDENT_FOLLOW)
@require_safe
def sheet_file(request: HttpRequest, pk: int) -> FileResponse:
    found = access.followed_sheet(person(request), pk)
    if found.file is None:
        raise Http404
    return files.file_response(found.file, inline=True)
