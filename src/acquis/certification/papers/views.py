"""Pages of the subject bank. Contents are opened by a POST, each traced."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.frameworks.access import readable_versions
from acquis.certification.papers import access, actions, policy, presentation, queries
from acquis.certification.papers.forms import (
    NewRecordingForm,
    RevisedRecordingForm,
    SubjectFileForm,
)
from acquis.certification.papers.models import Subject
from acquis.kernel import files, trace

SORTS = {
    "reference": ("reference",),
    "-reference": ("-reference",),
    "exposure": ("exposure", "reference"),
    "-exposure": ("-exposure", "reference"),
    "last": (F("last_drawn_at").asc(nulls_first=True), "reference"),
    "-last": (F("last_drawn_at").desc(nulls_last=True), "reference"),
}


@page(Verb.SUBJECT_WRITE, Verb.SUBJECT_VALIDATE)
@require_safe
def subject_list(request: HttpRequest) -> HttpResponse:
    """The bank: covers, states, how often each was drawn and when last. Nothing of the contents."""
    organisation = current_organisation(request)
    chosen = queries.BankFilter(
        text=request.GET.get("q", "").strip(),
        kind=request.GET.get("nature", ""),
        state=request.GET.get("etat", ""),
        exam=request.GET.get("examen", ""),
        exposure=request.GET.get("tirages", ""),
    )
    found = queries.filtered(queries.bank(organisation), chosen)
    order = SORTS.get(request.GET.get("tri", ""), ("reference",))
    shown = Paginator(found.order_by(*order, "pk"), 25).get_page(request.GET.get("page"))
    context = {
        "page_obj": shown,
        "rows": [{"subject": each, "tone": presentation.TONES[each.state]} for each in shown],
        "kinds": Subject.Kind.choices,
        "states": Subject.State.choices,
        "exams": queries.exams_of_bank(organisation),
        "exposures": presentation.EXPOSURES,
        "chosen": chosen,
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


@page(Verb.SUBJECT_WRITE)
def record(request: HttpRequest) -> HttpResponse:
    """Bring a recorded call with what is asked of the candidate."""
    organisation = current_organisation(request)
    posted = request.method == "POST"
    form = NewRecordingForm(
        *((request.POST, request.FILES) if posted else ()),
        versions=readable_versions(person(request), organisation),
        packs=queries.packs_of(organisation),
    )
    if posted and form.is_valid():
        cover = form.cover()
        subject = actions.author_subject(
            organisation=organisation,
            cover=cover,
            content=form.content(cover),
            sound=form.cleaned_data["sound"],
            by=person(request),
            at=timezone.now(),
        )
        messages.success(request, _("Le sujet est scellé et soumis à la direction."))
        return redirect("papers:detail", subject.pk)
    status = 422 if form.errors else 200
    return render(request, "papers/record.html", {"form": form}, status=status)


@page(Verb.SUBJECT_WRITE)
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a new version of a subject: a file for what is written, a form for a recorded call."""
    subject = access.subject_for(person(request), pk, Verb.SUBJECT_WRITE)
    posted = request.method == "POST"
    data = (request.POST, request.FILES) if posted else ()
    spoken = subject.kind == Subject.Kind.RECORDING
    form: RevisedRecordingForm | SubjectFileForm
    form = RevisedRecordingForm(*data) if spoken else SubjectFileForm(*data)
    if posted and form.is_valid():
        content = _revised(form, subject)
        made = actions.revise_subject(
            subject=subject,
            title=content["title"][:200],
            content=content,
            sound=form.cleaned_data.get("sound"),
            by=person(request),
            at=timezone.now(),
        )
        messages.success(request, _("La nouvelle version est scellée et soumise à la direction."))
        return redirect("papers:detail", made.pk)
    context = {"form": form, "subject": subject, "spoken": spoken}
    status = 422 if form.errors else 200
    return render(request, "papers/revise.html", context, status=status)


def _revised(form: RevisedRecordingForm | SubjectFileForm, subject: Subject) -> dict[str, Any]:
    if isinstance(form, SubjectFileForm):
        content: dict[str, Any] = form.cleaned_data["file"]
        return content
    return form.content(
        {
            "kind": subject.kind,
            "reference": policy.next_reference(subject.family, subject.number + 1),
            "framework_code": subject.framework_code,
            "block": subject.block,
            "pack": subject.pack,
        }
    )


@page(Verb.SUBJECT_WRITE, Verb.SUBJECT_VALIDATE)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    subject = access.subject_for(person(request), pk)
    return _detail(request, subject, {})


def _detail(request: HttpRequest, subject: Subject, content: Mapping[str, Any]) -> HttpResponse:
    """The cover, with the content when it was opened for this answer."""
    user = person(request)
    context = {
        "subject": subject,
        "tone": presentation.TONES[subject.state],
        "parts": presentation.laid_out(content),
        "files": presentation.attachments(content.get("attachments", [])),
        "files_count": subject.attachments.count(),
        "newer": Subject.objects.filter(replaces=subject).first(),
        "draws": subject.draws.select_related("session").order_by("-drawn_at")[:50],
        "openings": [
            {"opening": one, "purpose": presentation.PURPOSES[one.purpose]}
            for one in subject.openings.select_related(
                "opened_by", "draw__session", "attachment"
            ).order_by("-opened_at")[:50]
        ],
        "lines": trace.lines(subject.trace_stream).order_by("-position")[:50],
        "is_author": subject.author_id == user.pk,
        "readable": access.may_read(user, subject),
    }
    answer = render(request, "papers/detail.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@page(Verb.SUBJECT_WRITE, Verb.SUBJECT_VALIDATE)
@require_POST
def open_subject(request: HttpRequest, pk: int) -> HttpResponse:
    """Unseal the content for this answer only: reloading asks, and traces, again."""
    subject = access.subject_to_read(person(request), pk)
    content = actions.review_content(subject=subject, by=person(request), at=timezone.now())
    return _detail(request, subject, content)


@page(Verb.SUBJECT_WRITE, Verb.SUBJECT_VALIDATE)
@require_POST
def listen(request: HttpRequest, pk: int) -> HttpResponse:
    """The recorded call, for its author or the direction. Asked for by POST: each time is kept."""
    subject = access.subject_to_read(person(request), pk)
    sound = actions.review_recording(subject=subject, by=person(request), at=timezone.now())
    answer = HttpResponse(sound.content, content_type=sound.media_type)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@page(Verb.SUBJECT_WRITE, Verb.SUBJECT_VALIDATE)
@require_POST
def attachment(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One file of a subject, for its author or the direction. By POST: each opening is kept."""
    subject = access.subject_to_read(person(request), pk)
    opened = actions.review_attachment(
        subject=subject, number=number, by=person(request), at=timezone.now()
    )
    return files.content_response(
        opened.content,
        name=opened.name,
        media_type=opened.media_type,
        inline=presentation.shown_at_once(opened.media_type) and "whole" not in request.POST,
    )


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
