"""Pages of the candidates: find, enter, correct, enrol."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.frameworks.access import readable_versions
from acquis.certification.registrations import (
    access,
    actions,
    files,
    policy,
    presentation,
    queries,
)
from acquis.certification.registrations.forms import CandidateForm, EnrolmentForm
from acquis.kernel import trace
from acquis.kernel.errors import DomainRefusal

SORTS = {
    "name": ("birth_name", "first_name"),
    "-name": ("-birth_name", "-first_name"),
    "reference": ("reference",),
    "-reference": ("-reference",),
}


@page(Verb.CANDIDATE_READ)
@require_safe
def candidate_list(request: HttpRequest) -> HttpResponse:
    organisation = current_organisation(request)
    text, state = request.GET.get("q", ""), request.GET.get("etat", "")
    found = queries.candidates(organisation, text)
    if state == "a-completer":
        found = found.filter(queries.incomplete())
    elif state == "pieces":
        lacking = files.with_missing_papers(organisation).values("candidate")
        found = found.filter(pk__in=lacking)
    found = found.order_by(*SORTS.get(request.GET.get("tri", ""), SORTS["name"]), "pk")
    shown = Paginator(found, 25).get_page(request.GET.get("page"))
    rows = [
        {"candidate": one, "missing": presentation.names(policy.missing_fields(one))}
        for one in shown
    ]
    return render(
        request,
        "registrations/list.html",
        {
            "page_obj": shown,
            "rows": rows,
            "q": text,
            "state": state,
            "readiness": queries.readiness(organisation),
            "readiness_sentence": presentation.readiness_sentence(queries.readiness(organisation)),
        },
    )


@page(Verb.CANDIDATE_EDIT)
def create(request: HttpRequest) -> HttpResponse:
    form = CandidateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        candidate = actions.register_candidate(
            organisation=current_organisation(request),
            data=form.data_for_action(),
            by=person(request),
            at=timezone.now(),
        )
        messages.success(
            request,
            _("%(name)s est votre candidat %(reference)s.")
            % {"name": candidate.full_name, "reference": candidate.reference},
        )
        return redirect("registrations:detail", candidate.pk)
    status = 422 if form.errors else 200
    return render(request, "registrations/form.html", {"form": form}, status=status)


@page(Verb.CANDIDATE_EDIT)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    candidate = access.candidate_for(person(request), pk, Verb.CANDIDATE_EDIT)
    name = candidate.full_name
    form = CandidateForm(request.POST or None, instance=candidate)
    if request.method == "POST" and form.is_valid():
        actions.revise_candidate(
            candidate=candidate,
            data=form.data_for_action(),
            by=person(request),
            at=timezone.now(),
        )
        return redirect("registrations:detail", pk)
    status = 422 if form.errors else 200
    context = {"form": form, "candidate": candidate, "name": name}
    return render(request, "registrations/form.html", context, status=status)


@page(Verb.CANDIDATE_READ)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    candidate = access.candidate_for(person(request), pk)
    return _detail(request, candidate.pk, None)


def _detail(request: HttpRequest, pk: int, form: EnrolmentForm | None) -> HttpResponse:
    candidate = access.candidate_for(person(request), pk)
    enrolments = queries.enrolments_of(candidate)
    return render(
        request,
        "registrations/detail.html",
        {
            "candidate": candidate,
            "missing": presentation.names(policy.missing_fields(candidate)),
            "enrolments": enrolments,
            "form": form or _enrolment_form(request),
            "lines": trace.lines(candidate.trace_stream).order_by("-position")[:50],
        },
        status=422 if form is not None else 200,
    )


def _enrolment_form(request: HttpRequest, *data: object) -> EnrolmentForm:
    versions = readable_versions(person(request), current_organisation(request))
    return EnrolmentForm(*data, versions=versions)


@page(Verb.CANDIDATE_EDIT)
@require_POST
def enrol(request: HttpRequest, pk: int) -> HttpResponse:
    candidate = access.candidate_for(person(request), pk, Verb.CANDIDATE_EDIT)
    form = _enrolment_form(request, request.POST)
    if not form.is_valid():
        return _detail(request, pk, form)
    version, block = form.exam_chosen()
    try:
        enrolment = actions.enrol(
            candidate=candidate,
            version=version,
            block=block,
            route=form.cleaned_data["route"],
            employer=form.cleaned_data["employer"],
            training_body=form.cleaned_data["training_body"],
            by=person(request),
            at=timezone.now(),
        )
    except DomainRefusal as refusal:
        form.add_error(None, str(refusal))
        return _detail(request, pk, form)
    messages.success(request, _("Inscription enregistrée."))
    return redirect("registrations:enrolment", enrolment.pk)


@page(Verb.CANDIDATE_EDIT)
@require_POST
def open_account(request: HttpRequest, pk: int) -> HttpResponse:
    candidate = access.candidate_for(person(request), pk, Verb.CANDIDATE_EDIT)
    actions.open_account(candidate=candidate, by=person(request), at=timezone.now())
    messages.success(
        request,
        _("%(name)s reçoit un courriel pour choisir son mot de passe.")
        % {"name": candidate.full_name},
    )
    return redirect("registrations:detail", pk)
