"""Pages of the draws of a session: what was drawn, the fingerprint before, the proof after."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions import access as session_access
from acquis.certification.exam_sessions import queries as sessions
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.papers import access, actions, policy, presentation, queries
from acquis.certification.papers.errors import DrawNotOver
from acquis.certification.papers.forms import RenewalForm
from acquis.certification.papers.models import Subject

_DRAWING = {ExamSession.State.DRAFT, ExamSession.State.SUMMONED, ExamSession.State.OPEN}


@page(Verb.SUBJECT_DRAW)
@require_safe
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """What was drawn for whom, with all that recomputes it."""
    found = session_access.session_for(person(request), pk, Verb.SUBJECT_DRAW)
    return _session(request, found, RenewalForm())


def _session(request: HttpRequest, found: ExamSession, form: RenewalForm) -> HttpResponse:
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
                    "excluded": presentation.excluded(draw) if draw else "",
                }
            )
        rows.append({"seat": seat, "cells": cells})
    counts = {kind: queries.drawable(found, kind).count() for kind in kinds}
    for row in rows:
        for cell in row["cells"]:
            cell["stock"] = counts[cell["kind"]]
    drawable = found.state in _DRAWING
    return render(
        request,
        "papers/session.html",
        {
            "session": found,
            "rows": rows,
            "stock": [{"label": labels[kind], "count": n} for kind, n in counts.items()],
            "pack": queries.pack_of(found),
            "drawable": drawable,
            "commitments": list(found.draw_commitments.select_related("committed_by")),
            "shortages": [
                presentation.shortage(one)
                for one in (queries.shortages([found]) if drawable else ())
            ],
            "form": form,
        },
        status=422 if form.errors else 200,
    )


@page(Verb.SUBJECT_DRAW)
@require_POST
def draw(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    seat = session_access.seat_for(person(request), pk, Verb.SUBJECT_DRAW)
    if kind not in Subject.Kind.values:
        raise Http404
    actions.draw_subject(candidate=seat, kind=kind, by=person(request), at=timezone.now())
    return redirect("papers:session", seat.session_id)


@page(Verb.SUBJECT_DRAW)
@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Commit to the draws now, or anew with a reason that is published."""
    found = session_access.session_for(person(request), pk, Verb.SUBJECT_DRAW)
    now = timezone.now()
    if queries.commitment_of(found) is None:
        actions.commit_draw(session=found, by=person(request), at=now)
        return redirect("papers:session", pk)
    form = RenewalForm(request.POST)
    if not form.is_valid():
        return _session(request, found, form)
    actions.renew_commitment(
        session=found, reason=form.cleaned_data["reason"], by=person(request), at=now
    )
    messages.success(request, _("La nouvelle empreinte est publiée ; l’ancienne reste lisible."))
    return redirect("papers:session", pk)


@page()
@require_safe
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """The fingerprint beforehand, the recomputed draws afterwards: for all who take part."""
    found, seat = access.session_of_draws(person(request), pk)
    mine = seat.enrolment.candidate.reference if seat else None
    proofs = [
        {
            "proof": proof,
            "faults": policy.faults(proof) if proof["seed"] else [],
            "draws": [
                {**one, "kind_label": dict(Subject.Kind.choices)[one["kind"]]}
                for one in proof["draws"]
                if proof["seed"] or one["candidate"] == mine
            ],
            "commitment": commitment,
        }
        for proof, commitment in zip(
            queries.proofs_of(found), found.draw_commitments.all(), strict=True
        )
    ]
    context = {
        "session": found,
        "proofs": proofs,
        "candidate": seat,
        "kinds": queries.kinds_of(found),
    }
    return render(request, "papers/verify.html", context)


@page()
@require_safe
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as data, once the seed is told: what the ten lines of docs/rules/draw.md read."""
    found, _seat = access.session_of_draws(person(request), pk)
    proofs = queries.proofs_of(found)
    if not proofs or not all(one["seed"] for one in proofs):
        raise DrawNotOver
    answer = HttpResponse(
        json.dumps(proofs, ensure_ascii=False, indent=2), content_type="application/json"
    )
    answer["Content-Disposition"] = f'attachment; filename="tirage-{found.reference}.json"'
    return answer
