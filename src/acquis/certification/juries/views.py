"""Pages of the register of jurors."""

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
from acquis.certification.juries import access, actions, presentation, queries
from acquis.certification.juries.forms import JurorForm, LinkForm
from acquis.kernel import sheets, trace


@page(Verb.JUROR_READ)
@require_safe
def juror_list(request: HttpRequest) -> HttpResponse:
    text, all_shown = request.GET.get("q", ""), request.GET.get("tous") == "1"
    state, today = request.GET.get("etat", ""), timezone.localtime().date()
    found = queries.register(
        current_organisation(request), text, inactive=all_shown, state=state, today=today
    )
    shown = Paginator(found, 25).get_page(request.GET.get("page"))
    rows = [
        {"juror": juror, "accreditation": presentation.accreditation(juror, today)}
        for juror in shown
    ]
    context = {
        "page_obj": shown,
        "rows": rows,
        "q": text,
        "all_shown": all_shown,
        "state": state,
        "forms": sheets.MEDIA_TYPES,
    }
    return render(request, "juries/list.html", context)


@page(Verb.JUROR_EDIT)
def create(request: HttpRequest) -> HttpResponse:
    form = JurorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        juror = actions.register_juror(
            organisation=current_organisation(request),
            data=form.data_for_action(),
            by=person(request),
            at=timezone.now(),
        )
        return redirect("juries:detail", juror.pk)
    return render(request, "juries/form.html", {"form": form}, status=422 if form.errors else 200)


@page(Verb.JUROR_EDIT)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    juror = access.juror_for(person(request), pk, Verb.JUROR_EDIT)
    name = juror.full_name
    form = JurorForm(request.POST or None, instance=juror)
    if request.method == "POST" and form.is_valid():
        actions.revise_juror(
            juror=juror, data=form.data_for_action(), by=person(request), at=timezone.now()
        )
        return redirect("juries:detail", pk)
    context = {"form": form, "juror": juror, "name": name}
    return render(request, "juries/form.html", context, status=422 if form.errors else 200)


@page(Verb.JUROR_READ)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    juror = access.juror_for(person(request), pk)
    names = queries.candidate_names(juror.organisation)
    today = timezone.localtime().date()
    return render(
        request,
        "juries/detail.html",
        {
            "juror": juror,
            "accreditation": presentation.accreditation(juror, today),
            "faults": presentation.own_faults(queries.as_member(juror), today),
            "links": [
                {
                    "link": link,
                    "candidate": link.organisation_name or names.get(link.candidate_id or 0, "—"),
                }
                for link in juror.links.order_by("ended_at", "declared_at")
            ],
            "form": LinkForm(candidates=sorted(names.items(), key=lambda pair: pair[1])),
            "seats": juror.sessions.select_related("session").order_by("-session__starts_at")[:20],
            "lines": trace.lines(juror.trace_stream).order_by("-position")[:50],
        },
    )


@page(Verb.JUROR_EDIT)
@require_POST
def declare_link(request: HttpRequest, pk: int) -> HttpResponse:
    juror = access.juror_for(person(request), pk, Verb.JUROR_EDIT)
    names = queries.candidate_names(juror.organisation)
    form = LinkForm(request.POST, candidates=list(names.items()))
    if not form.is_valid():
        messages.error(request, _("Choisissez un candidat ou un organisme, et la nature du lien."))
        return redirect("juries:detail", pk)
    actions.declare_link(
        juror=juror,
        candidate_id=form.cleaned_data["candidate"],
        organisation_name=form.cleaned_data["organisation_name"],
        declared_by=form.cleaned_data["declared_by"],
        nature=form.cleaned_data["nature"],
        detail=form.cleaned_data["detail"],
        by=person(request),
        at=timezone.now(),
    )
    return redirect("juries:detail", pk)


@page(Verb.JUROR_EDIT)
@require_POST
def withdraw_link(request: HttpRequest, pk: int) -> HttpResponse:
    link = access.link_for(person(request), pk)
    actions.withdraw_link(link=link, by=person(request), at=timezone.now())
    return redirect("juries:detail", link.juror_id)


@page(Verb.JUROR_EDIT)
@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    juror = access.juror_for(person(request), pk, Verb.JUROR_EDIT)
    actions.retire_juror(
        juror=juror, active=not juror.is_active, by=person(request), at=timezone.now()
    )
    return redirect("juries:detail", pk)
