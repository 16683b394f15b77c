"""The fictitious enterprises of an organisation, and the copies people practise on."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.access import may, workspaces_of
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.kernel import jobs
from acquis.practice.enterprises import access, packs, presentation, queries
from acquis.practice.enterprises.actions import close_copy
from acquis.practice.enterprises.forms import CopiesForm, LoadForm
from acquis.practice.enterprises.moments import PARIS


@page(Verb.ENTERPRISE_READ)
@require_safe
def enterprise_list(request: HttpRequest) -> HttpResponse:
    return _list(request, _load_form())


def _list(request: HttpRequest, form: LoadForm, status: int = 200) -> HttpResponse:
    organisation = current_organisation(request)
    context = {
        "enterprises": [presentation.line(one) for one in queries.enterprises(organisation)],
        "form": form,
        "edits": may(person(request), Verb.ENTERPRISE_EDIT, organisation),
    }
    return render(request, "enterprises/list.html", context, status=status)


def _load_form(slug: str = "") -> LoadForm:
    today = timezone.now().astimezone(PARIS).date()
    first = slug or next(iter(packs.slugs()), "")
    return LoadForm(initial={"reference_on": today.isoformat(), "slug": first})


@page(Verb.ENTERPRISE_READ)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    enterprise = access.enterprise_for(person(request), pk)
    return _detail(request, enterprise)


def _detail(
    request: HttpRequest, enterprise: Workspace, form: CopiesForm | None = None
) -> HttpResponse:
    user = person(request)
    opens = set(
        workspaces_of(user)
        .filter(organisation=enterprise.organisation_id)
        .values_list("pk", flat=True)
    )
    context: dict[str, Any] = {
        "enterprise": enterprise,
        "presented": presentation.presented(enterprise),
        "counts": presentation.counts(enterprise),
        "copies": [
            {"copy": copy, "people": [seat.user for seat in copy.members.all()]}
            for copy in queries.practice_copies(enterprise)
        ],
        "exam_count": enterprise.copies.filter(sitting__isnull=False).count(),
        "opens": opens,
        "edits": may(user, Verb.ENTERPRISE_EDIT, enterprise.organisation),
        "load_form": _load_form(enterprise.pack),
        "form": form or CopiesForm(organisation=enterprise.organisation),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "enterprises/detail.html", context, status=status)


@page(Verb.ENTERPRISE_EDIT)
@require_POST
def load(request: HttpRequest) -> HttpResponse:
    """Install a shipped enterprise, or the same again, fresh, for another day."""
    form = LoadForm(request.POST)
    if not form.is_valid():
        return _list(request, form, 422)
    organisation, now = current_organisation(request), timezone.now()
    slug, day = form.cleaned_data["slug"], form.cleaned_data["reference_on"]
    job = jobs.enqueue(
        "enterprises.load",
        by=person(request),
        at=now,
        args={
            "organisation": organisation.pk,
            "slug": slug,
            "reference_on": day.isoformat(),
            **_asked(request, now),
        },
        unique_key=f"enterprises.load:{organisation.pk}:{slug}:{day}",
    )
    return redirect("kernel:job", job.pk)


@page(Verb.ENTERPRISE_EDIT)
@require_POST
def copies(request: HttpRequest, pk: int) -> HttpResponse:
    enterprise = access.enterprise_for(person(request), pk, Verb.ENTERPRISE_EDIT)
    form = CopiesForm(request.POST, organisation=enterprise.organisation)
    if not form.is_valid():
        return _detail(request, enterprise, form)
    now = timezone.now()
    job = jobs.enqueue(
        "enterprises.copy",
        by=person(request),
        at=now,
        args={
            "enterprise": enterprise.pk,
            "people": form.cleaned_data["people"],
            **_asked(request, now),
        },
        unique_key=f"enterprises.copy:{enterprise.pk}",
    )
    return redirect("kernel:job", job.pk)


def _asked(request: HttpRequest, now: datetime) -> dict[str, Any]:
    return {"by": person(request).pk, "asked_at": now.isoformat()}


@page(Verb.ENTERPRISE_EDIT)
@require_POST
def seal(request: HttpRequest, pk: int) -> HttpResponse:
    copy = access.practice_copy_for(person(request), pk)
    close_copy.seal_copy(copy=copy, by=person(request), at=timezone.now())
    messages.success(request, _("La copie est scellée : elle se lit encore."))
    return redirect("enterprises:detail", copy.origin_id)


@page(Verb.ENTERPRISE_EDIT)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    copy = access.practice_copy_for(person(request), pk)
    origin = copy.origin_id
    close_copy.remove_copy(copy=copy, by=person(request), at=timezone.now())
    messages.success(request, _("La copie est supprimée."))
    return redirect("enterprises:detail", origin)
