"""The library of subjects that ship: covers only, and their way into the bank."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.papers.models import Subject
from acquis.practice.enterprises import packs
from acquis.practice.scenarios import presentation
from acquis.practice.scenarios.actions.install_library import install_library


@page(Verb.SUBJECT_WRITE)
@require_safe
def shelf(request: HttpRequest) -> HttpResponse:
    """What ships for each enterprise, and what the bank already holds."""
    kept = {
        subject.reference: subject
        for subject in Subject.objects.filter(organisation=current_organisation(request)).defer(
            "sealed"
        )
    }
    shelves = []
    for slug in packs.slugs():
        rows = [
            {"cover": cover, "subject": kept.get(cover.code)} for cover in presentation.covers(slug)
        ]
        missing = sum(row["subject"] is None for row in rows)
        shelves.append({"slug": slug, "name": packs.title(slug), "rows": rows, "missing": missing})
    return render(request, "scenarios/shelf.html", {"shelves": shelves})


@page(Verb.SUBJECT_WRITE)
@require_POST
def install(request: HttpRequest, slug: str) -> HttpResponse:
    """Seal the missing subjects in the bank; another person validates them there."""
    if slug not in packs.slugs():
        raise Http404
    new = install_library(
        organisation=current_organisation(request),
        slug=slug,
        by=person(request),
        at=timezone.now(),
    )
    if new:
        text = ngettext(
            "%(count)d sujet est scellé dans la banque et soumis à la direction.",
            "%(count)d sujets sont scellés dans la banque et soumis à la direction.",
            len(new),
        )
        messages.success(request, text % {"count": len(new)})
    else:
        messages.info(request, _("La banque contient déjà tous les sujets livrés."))
    return redirect("scenarios:shelf")
