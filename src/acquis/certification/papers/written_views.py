"""Writing a subject in a form: a new one, or a new version; seen as the candidate will see it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from acquis.accounts.models import User
from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.frameworks.access import readable_versions
from acquis.certification.frameworks.choices import exam_choices, split_choice
from acquis.certification.frameworks.content import criteria
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.papers import (
    access,
    actions,
    attaching,
    policy,
    presentation,
    queries,
    sealing,
)
from acquis.certification.papers.errors import SubjectReferenceTaken
from acquis.certification.papers.models import Subject
from acquis.certification.papers.written_forms import NewWrittenForm, WrittenForm, initial_of

PREVIEW, DRAFT, LOAD = "preview", "draft", "load"  # what a button of the form asks for


@page(Verb.SUBJECT_WRITE)
def write(request: HttpRequest) -> HttpResponse:
    """Choose the exam, whose criteria the form then asks about; then write, look, seal."""
    organisation, user = current_organisation(request), person(request)
    versions = list(readable_versions(user, organisation))
    asked = request.POST.get("exam") or request.GET.get("exam", "")
    chosen = _exam(asked, versions)
    if chosen is None:
        context: dict[str, Any] = {"exams": exam_choices(versions), "unknown": bool(asked)}
        return render(request, "papers/write_exam.html", context, status=422 if asked else 200)
    version, block = chosen
    posted = request.method == "POST"
    form = NewWrittenForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        criteria=list(criteria(version.content, block)),
        packs=queries.packs_of(organisation),
    )
    held = attaching.received(request, form, organisation) if posted else attaching.at_first()
    context = {"form": form, "exam": asked, "version": version, "unit": block, "held": held.rows()}
    if posted and form.is_valid():
        cover = {
            "reference": form.cleaned_data["reference"].strip(),
            "kind": Subject.Kind.WRITTEN,
            "framework_code": version.framework.code,
            "block": block,
            "pack": form.cleaned_data["pack"],
            "title": form.cleaned_data["title"],
        }
        content = form.content(cover)
        if request.POST.get("act") == PREVIEW:
            return _form(request, "papers/write.html", context | _preview(content, held))
        draft = request.POST.get("act") == DRAFT
        try:
            made = actions.author_subject(
                organisation=organisation,
                cover=cover,
                content=content,
                files=held.brought,
                draft=draft,
                by=user,
                at=timezone.now(),
            )
        except SubjectReferenceTaken as refusal:
            form.add_error("reference", str(refusal))
            return _form(request, "papers/write.html", context)
        _say(request, draft=draft)
        return redirect("papers:detail", made.pk)
    return _form(request, "papers/write.html", context)


@page(Verb.SUBJECT_WRITE)
def rewrite(request: HttpRequest, pk: int) -> HttpResponse:
    """A new version of a written subject; its author or the direction takes up its content, traced.

    What the form does not show – the letter received, facts agreed – stays as it was.
    """
    user = person(request)
    subject = access.written_subject_for(user, pk)
    version = queries.version_of(subject)
    asked = list(criteria(version.content, subject.block)) if version else []
    readable = access.may_read(user, subject)
    act, form = request.POST.get("act", ""), WrittenForm(criteria=asked)
    context: dict[str, Any] = {"subject": subject, "readable": readable, "revised": True}
    held = attaching.at_first(subject)
    if act == LOAD:
        access.subject_to_read(user, pk)
        content = actions.review_content(subject=subject, by=user, at=timezone.now())
        form = WrittenForm(criteria=asked, initial=initial_of(content, asked))
    elif request.method == "POST":
        form = WrittenForm(request.POST, request.FILES, criteria=asked)
        held = attaching.received(request, form, subject.organisation, subject)
        if form.is_valid():
            content = form.content(
                {
                    "reference": policy.next_reference(subject.family, subject.number + 1),
                    "framework_code": subject.framework_code,
                    "block": subject.block,
                    "pack": subject.pack,
                }
            )
            if act == PREVIEW:
                context |= {"form": form, "held": _held(held, subject, user)}
                return _form(request, "papers/write.html", context | _preview(content, held))
            made = actions.rewrite_subject(
                subject=subject,
                content=content,
                files=held.brought,
                kept=held.kept,
                by=user,
                at=timezone.now(),
            )
            messages.success(
                request, _("La nouvelle version est scellée et soumise à la direction.")
            )
            return redirect("papers:detail", made.pk)
    context |= {"form": form, "held": _held(held, subject, user)}
    return _form(request, "papers/write.html", context)


def _held(held: attaching.Held, subject: Subject, user: User) -> list[dict[str, Any]]:
    """The boxes of the files; those of the former version bear their name once one opened it."""
    return held.rows(named=queries.has_reviewed(subject, user))


def _exam(asked: str, versions: list[FrameworkVersion]) -> tuple[FrameworkVersion, str] | None:
    allowed = {value for _group, choices in exam_choices(versions) for value, _label in choices}
    if asked not in allowed:
        return None
    pk, block = split_choice(asked)
    return next(version for version in versions if version.pk == pk), block


def _preview(content: dict[str, Any], held: attaching.Held) -> dict[str, Any]:
    side = policy.candidate_side({**content, "attachments": sealing.numbered(held.pieces())})
    return {"preview": side, "handed": presentation.attachments(side.get("attachments", []))}


def _say(request: HttpRequest, *, draft: bool) -> None:
    if draft:
        messages.success(request, _("Le brouillon est scellé ; soumettez-le quand il est prêt."))
    else:
        messages.success(request, _("Le sujet est scellé et soumis à la direction."))


def _form(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page holds the content of a subject: no cache keeps it."""
    status = 422 if context["form"].errors else 200
    answer = render(request, template, context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer
