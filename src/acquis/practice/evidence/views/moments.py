"""What a juror does with the evidence: attach a moment, set one aside, take back, take up again."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_http_methods, require_POST

from acquis.accounts.models import User
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.accounts.verbs import Verb
from acquis.certification.sittings.models import Sitting
from acquis.kernel.errors import DomainRefusal
from acquis.practice.evidence import access, presentation, queries
from acquis.practice.evidence.actions.attach_moment import (
    Wanted,
    attach_moment,
    put_back_moment,
    withdraw_moment,
)
from acquis.practice.evidence.actions.dismiss_observation import (
    dismiss_observation,
    restore_observation,
)
from acquis.practice.evidence.forms import AttachForm
from acquis.practice.evidence.models import AttachedMoment, Dismissal, Observation
from acquis.practice.evidence.places import place_at, places
from acquis.practice.evidence.views.beside import beside_page


@page(Verb.GRID_MARK)
@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: HttpRequest, candidate_id: int) -> HttpResponse:
    """A moment and its criteria: those it serves, and one more, with the juror's words."""
    sitting = access.evidence_for(person(request), candidate_id)
    offered = places(sitting, person(request))
    wanted = (request.POST or request.GET).get("ref", "")
    known = {one.ref for one in offered}
    if wanted and wanted not in known:
        extra = place_at(sitting, person(request), wanted)
        offered += [extra] if extra else []
    lines = queries.lines_of(sitting.candidate)
    if request.method != "POST":
        initial = {
            "criterion": request.GET.get("critere", ""),
            "ref": wanted,
            "key": get_random_string(24),
        }
        return _attach_page(
            request, sitting, AttachForm(initial=initial, lines=lines, places=offered)
        )
    form = AttachForm(request.POST, lines=lines, places=offered)
    if not form.is_valid():
        return _attach_page(request, sitting, form)
    typed = form.cleaned_data
    try:
        attach_moment(
            sitting=sitting,
            criterion=typed["criterion"],
            wanted=Wanted(
                ref=typed["ref"],
                words=typed["words"],
                occurred_at=form.occurred_at(
                    sitting.started_at or sitting.candidate.session.starts_at
                ),
                passage=typed["passage"],
                key=typed["key"],
            ),
            by=person(request),
            at=timezone.now(),
        )
    except DomainRefusal as refusal:
        return _attach_page(request, sitting, form, refusal)
    if request.headers.get("HX-Request") and request.POST.get("depuis") == "dossier":
        fresh = AttachForm(
            initial={"ref": typed["ref"], "key": get_random_string(24)}, lines=lines, places=offered
        )
        return _attach_page(request, sitting, fresh, done=True)
    return _beside(request, sitting, typed["criterion"])


def _attach_page(
    request: HttpRequest,
    sitting: Sitting,
    form: AttachForm,
    refusal: DomainRefusal | None = None,
    *,
    done: bool = False,
) -> HttpResponse:
    ref = str(form["ref"].value() or "")
    reader = person(request)
    refused = refusal is not None or (form.is_bound and not form.is_valid())
    partial = bool(request.headers.get("HX-Request"))
    context: dict[str, Any] = {
        "candidate": sitting.candidate,
        "form": form,
        "place": place_at(sitting, reader, ref) if ref else None,
        "ref": ref,
        "served": _criteria_of(sitting, reader, ref) if ref else [],
        "sounds": form.sounds,
        "from_file": request.POST.get("depuis") == "dossier"
        if form.is_bound
        else ref != "" and not request.GET.get("critere"),
        "done": done,
        "refusal": {"message": refusal.message, "kept": refusal.kept, "code": refusal.code}
        if refusal
        else None,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    template = "evidence/_attach.html" if partial else "evidence/attach.html"
    answer = render(request, template, context, status=status)
    if partial and refused:
        answer["HX-Retarget"] = "closest .attach"  # the evidence above the form stays
    return answer


def _criteria_of(sitting: Sitting, reader: User, ref: str) -> list[dict[str, Any]]:
    """The criteria that a moment serves, each with the way to it: in one's own grid when it is open."""
    texts = {line["code"]: line["text"] for line in queries.lines_of(sitting.candidate)}
    marks = queries.marks_of(reader, sitting.candidate_id)
    return [
        {
            "code": one.criterion,
            "by": one.by,
            "text": texts.get(one.criterion, ""),
            "url": f"{reverse('grading:grid', args=[marks[one.criterion][0]])}"
            f"#critere-{marks[one.criterion][1]}"
            if one.criterion in marks
            else reverse("evidence:beside", args=[sitting.candidate_id, one.criterion]),
        }
        for one in presentation.served(sitting, reader).get(ref, [])
    ]


def _beside(request: HttpRequest, sitting: Sitting, criterion: str) -> HttpResponse:
    """Back beside the criterion: the fragment to a script, the page to a form."""
    if request.headers.get("HX-Request"):
        return beside_page(request, sitting, criterion)
    return redirect("evidence:beside", sitting.candidate_id, criterion)


@page(Verb.GRID_MARK)
@require_POST
def dismiss(request: HttpRequest, candidate_id: int) -> HttpResponse:
    """Set an observation aside beside a criterion, or one of its moments."""
    sitting = access.evidence_for(person(request), candidate_id)
    criterion, what = request.POST.get("criterion", ""), request.POST.get("what", "")
    reason = request.POST.get("reason", "").replace("\x00", "")
    observation = get_object_or_404(
        Observation.objects.select_related("candidate__session__version"),
        pk=_number(request.POST.get("observation", "")),
        candidate=candidate_id,
    )
    try:
        dismiss_observation(
            observation=observation,
            criterion=criterion,
            reason=reason,
            moment=_number(what) if what else None,
            by=person(request),
            at=timezone.now(),
        )
    except DomainRefusal as refusal:
        typed = {"observation": observation.pk, "what": what, "reason": reason}
        return beside_page(request, sitting, criterion, refusal, typed)
    return _beside(request, sitting, criterion)


@page(Verb.GRID_MARK)
@require_POST
def restore(request: HttpRequest, candidate_id: int) -> HttpResponse:
    """Take up again what one had set aside."""
    sitting = access.evidence_for(person(request), candidate_id)
    row = get_object_or_404(
        Dismissal,
        pk=_number(request.POST.get("dismissal", "")),
        candidate=candidate_id,
        author=person(request),
    )
    return _done(request, sitting, row.criterion, restore_observation, dismissal=row)


@page(Verb.GRID_MARK)
@require_POST
def withdraw(request: HttpRequest, candidate_id: int) -> HttpResponse:
    """Take back a moment that one had attached."""
    sitting = access.evidence_for(person(request), candidate_id)
    row = _own_moment(request, candidate_id)
    return _done(request, sitting, row.criterion, withdraw_moment, moment=row)


@page(Verb.GRID_MARK)
@require_POST
def put_back(request: HttpRequest, candidate_id: int) -> HttpResponse:
    """Set a moment that one had taken back beside its criterion again."""
    sitting = access.evidence_for(person(request), candidate_id)
    row = _own_moment(request, candidate_id)
    return _done(request, sitting, row.criterion, put_back_moment, moment=row)


def _own_moment(request: HttpRequest, candidate_id: int) -> AttachedMoment:
    key = _number(request.POST.get("moment", ""))
    return get_object_or_404(AttachedMoment, pk=key, candidate=candidate_id, author=person(request))


def _done(
    request: HttpRequest, sitting: Sitting, criterion: str, act: Any, **row: Any
) -> HttpResponse:
    try:
        act(**row, by=person(request), at=timezone.now())
    except DomainRefusal as refusal:
        return beside_page(request, sitting, criterion, refusal)
    return _beside(request, sitting, criterion)


def _number(typed: str) -> int:
    """A number of a form; -1, which names nothing, for anything else."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 18 else -1
