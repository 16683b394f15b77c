"""Pages of the subject bank, and the draws of a session. Contents are opened by a POST, each traced."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions import access as session_access
from acquis.certification.exam_sessions import queries as sessions
from acquis.certification.papers import access, actions, policy, presentation, queries
from acquis.certification.papers.forms import SubjectFileForm
from acquis.certification.papers.models import Subject
from acquis.kernel import trace


@page(Verb.SUBJECT_WRITE, Verb.SUBJECT_VALIDATE)
@require_safe
def subject_list(request: HttpRequest) -> HttpResponse:
    """The bank: covers, states, how often each was drawn. Nothing of the contents."""
    kind, state = request.GET.get("nature", ""), request.GET.get("etat", "")
    exposure = request.GET.get("tirages", "")
    found = queries.bank(current_organisation(request))
    if kind in Subject.Kind.values:
        found = found.filter(kind=kind)
    if state in Subject.State.values:
        found = found.filter(state=state)
    if exposure == "jamais":
        found = found.filter(draws__isnull=True)
    shown = Paginator(found.order_by("reference"), 25).get_page(request.GET.get("page"))
    context = {
        "page_obj": shown,
        "rows": [{"subject": each, "tone": presentation.TONES[each.state]} for each in shown],
        "kinds": Subject.Kind.choices,
        "states": Subject.State.choices,
        "kind": kind,
        "state": state,
        "exposure": exposure,
    }
    return render(request, "papers/list.html", context)


@page(Verb.SUBJECT_WRITE)
def bring(request: HttpRequest) -> HttpResponse:
    form = SubjectFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        subject = actions.author_subject(
            organisation=current_organisation(request),
            cover=form.cover(),
            content=form.cleaned_data["file"],
            by=person(request),
            at=timezone.now(),
        )
        messages.success(request, _("Le sujet est scellé et soumis à la direction."))
        return redirect("papers:detail", subject.pk)
    return render(request, "papers/bring.html", {"form": form}, status=422 if form.errors else 200)


@page(Verb.SUBJECT_WRITE, Verb.SUBJECT_VALIDATE)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    subject = access.subject_for(person(request), pk)
    return _detail(request, subject, None)


def _detail(
    request: HttpRequest, subject: Subject, parts: list[tuple[str, str]] | None
) -> HttpResponse:
    context = {
        "subject": subject,
        "tone": presentation.TONES[subject.state],
        "parts": parts,
        "draws": subject.draws.select_related("session").order_by("-drawn_at")[:50],
        "openings": subject.openings.select_related("opened_by").order_by("-opened_at")[:50],
        "lines": trace.lines(subject.trace_stream).order_by("-position")[:50],
        "is_author": subject.author_id == person(request).pk,
    }
    answer = render(request, "papers/detail.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@page(Verb.SUBJECT_WRITE, Verb.SUBJECT_VALIDATE)
@require_POST
def open_subject(request: HttpRequest, pk: int) -> HttpResponse:
    """Unseal the content for this answer only: reloading asks, and traces, again."""
    subject = access.subject_for(person(request), pk)
    content = actions.review_content(subject=subject, by=person(request), at=timezone.now())
    return _detail(request, subject, presentation.laid_out(content))


@page(Verb.SUBJECT_VALIDATE)
@require_POST
def validate(request: HttpRequest, pk: int) -> HttpResponse:
    subject = access.subject_for(person(request), pk, Verb.SUBJECT_VALIDATE)
    actions.validate_subject(subject=subject, by=person(request), at=timezone.now())
    return redirect("papers:detail", pk)


@page(Verb.SUBJECT_WRITE)
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    subject = access.subject_for(person(request), pk, Verb.SUBJECT_WRITE)
    actions.submit_subject(subject=subject, by=person(request), at=timezone.now())
    return redirect("papers:detail", pk)


@page(Verb.SUBJECT_VALIDATE)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    subject = access.subject_for(person(request), pk, Verb.SUBJECT_VALIDATE)
    actions.withdraw_subject(subject=subject, by=person(request), at=timezone.now())
    return redirect("papers:detail", pk)


@page(Verb.SUBJECT_DRAW)
@require_safe
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """What was drawn for whom, with all that recomputes it."""
    found = session_access.session_for(person(request), pk, Verb.SUBJECT_DRAW)
    drawn = {(draw.candidate_id, draw.kind): draw for draw in queries.draws_of(found)}
    labels = dict(Subject.Kind.choices)
    kinds: list[str] = []
    rows: list[dict[str, Any]] = []
    for seat in sessions.seats(found):
        used = policy.kinds_used(sessions.plan_of(found, seat))
        kinds += [kind for kind in used if kind not in kinds]
        cells = []
        for kind in used:
            draw = drawn.get((seat.pk, kind))
            cells.append(
                {
                    "kind": kind,
                    "label": labels[kind],
                    "draw": draw,
                    "holds": draw is not None and presentation.recomputes(draw),
                }
            )
        rows.append({"seat": seat, "cells": cells})
    counts = {kind: queries.drawable(found, kind).count() for kind in kinds}
    for row in rows:
        for cell in row["cells"]:
            cell["stock"] = counts[cell["kind"]]
    stock = [{"label": labels[kind], "count": count} for kind, count in counts.items()]
    return render(
        request,
        "papers/session.html",
        {
            "session": found,
            "rows": rows,
            "stock": stock,
            "pack": queries.pack_of(found),
            "drawable": found.state in {"draft", "summoned", "open"},
        },
    )


@page(Verb.SUBJECT_DRAW)
@require_POST
def draw(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    seat = session_access.seat_for(person(request), pk, Verb.SUBJECT_DRAW)
    if kind not in Subject.Kind.values:
        raise Http404
    actions.draw_subject(candidate=seat, kind=kind, by=person(request), at=timezone.now())
    return redirect("papers:session", seat.session_id)
