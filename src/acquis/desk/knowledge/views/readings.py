"""Reading lists: what a person has to read, and what those who keep them see."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.knowledge import board, policy, presentation, readings
from acquis.desk.knowledge.access import (
    managed_list,
    managed_workspace,
    reading_item_for,
    reading_list_for,
)
from acquis.desk.knowledge.actions.confirm_reading import confirm_reading, remind_readers
from acquis.desk.knowledge.actions.keep_readings import (
    add_item,
    archive_list,
    drop_item,
    keep_list,
    keep_questions,
    move_item,
)
from acquis.desk.knowledge.errors import ReadingCheckFailed
from acquis.desk.knowledge.forms import QuestionForm, ReadingItemForm, ReadingListForm
from acquis.desk.knowledge.models import ReadingItem, ReadingList
from acquis.desk.knowledge.readings import Standing
from acquis.desk.shell import day_in_paris, keeps, may_write, posted
from acquis.kernel import sheets


@page()
@require_GET
def reading_lists(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The person's lists; every list of the desk for those who keep them."""
    workspace = workspace_for(person(request), workspace_id)
    today = day_in_paris(timezone.now())
    manages = keeps(person(request), workspace)
    context = {
        "workspace": workspace,
        "mine": board.mine(workspace, person(request), today=today),
        "manages": manages,
        "lists": board.shown(workspace, today=today) if manages else [],
        "archived": board.shown(workspace, today=today, archived=True) if manages else [],
    }
    return render(request, "knowledge/reading_lists.html", context)


@page()
@require_GET
def reading_list(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """One list in its order, as its reader sees it."""
    workspace, listed = reading_list_for(person(request), workspace_id, pk)
    context = {
        "workspace": workspace,
        "listed": listed,
        "progress": _own(request, workspace, listed),
        "items": _shown(workspace, listed).items,
        "manages": keeps(person(request), workspace),
        "today": day_in_paris(timezone.now()),
    }
    return render(request, "knowledge/reading_list.html", context)


def _own(request: HttpRequest, workspace: Workspace, listed: ReadingList) -> board.Progress | None:
    today = day_in_paris(timezone.now())
    shown = board.shown(workspace, today=today, pk=listed.pk, only=person(request))
    return next((one for row in shown for one in row.progress), None)


def _shown(workspace: Workspace, listed: ReadingList) -> board.Shown:
    return board.shown(workspace, today=day_in_paris(timezone.now()), pk=listed.pk)[0]


@page()
@require_http_methods(["GET", "POST"])
def reading_item(request: HttpRequest, workspace_id: int, pk: int, item: int) -> HttpResponse:
    """An article of a list, its questions, and « lu et compris »."""
    write = request.method == "POST"
    workspace, asked = reading_item_for(person(request), workspace_id, pk, item, write=write)
    questions = presentation.questions_of(asked)
    answers = [_answer(request, place) for place in range(len(questions))]
    failed = False
    if write:
        try:
            confirm_reading(
                item=asked,
                version=request.POST.get("version", "")[: policy.LONGEST_LABEL],
                answers=answers,
                by=person(request),
                at=timezone.now(),
            )
        except ReadingCheckFailed:
            failed = True
        else:
            return _next(request, workspace, asked)
    own = _own(request, workspace, asked.reading_list)
    context = {
        "workspace": workspace,
        "listed": asked.reading_list,
        "item": asked,
        "article": asked.article,
        "html": mark_safe(policy.rendered(asked.article.body, asked.article.title).html),
        "questions": list(zip(questions, answers, strict=True)),
        "wrong": readings.wrong(questions, answers) if failed else [],
        "failed": failed,
        "step": next((step for step in own.steps if step.item.pk == asked.pk), None)
        if own
        else None,
        "progress": own,
        "may_write": may_write(person(request), workspace),
        "refusal": ReadingCheckFailed if failed else None,
    }
    return render(request, "knowledge/reading_item.html", context, status=422 if failed else 200)


def _answer(request: HttpRequest, place: int) -> int | None:
    given = request.POST.get(f"q{place}", "")
    return int(given) if given in {"0", "1", "2"} else None


def _next(request: HttpRequest, workspace: Workspace, read: ReadingItem) -> HttpResponse:
    messages.success(request, _("« %s » : lu et compris, c’est noté.") % read.article.title)
    own = _own(request, workspace, read.reading_list)
    if own is not None and own.following is not None:
        return redirect(
            "knowledge:reading_item", workspace.pk, read.reading_list_id, own.following.item.pk
        )
    return redirect("knowledge:reading_list", workspace.pk, read.reading_list_id)


@page()
@require_http_methods(["GET", "POST"])
def reading_new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = managed_workspace(person(request), workspace_id, write=request.method == "POST")
    return _edit(request, workspace, None)


@page()
@require_http_methods(["GET", "POST"])
def reading_edit(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    write = request.method == "POST"
    workspace, listed = managed_list(person(request), workspace_id, pk, write=write)
    return _edit(request, workspace, listed)


def _edit(request: HttpRequest, workspace: Workspace, listed: ReadingList | None) -> HttpResponse:
    form = ReadingListForm(posted(request), instance=listed, workspace=workspace)
    if request.method == "POST" and form.is_valid():
        kept = keep_list(
            workspace=workspace,
            listed=listed,
            asked=form.asked(),
            by=person(request),
            at=timezone.now(),
        )
        messages.success(request, _("La liste « %s » est enregistrée.") % kept.title)
        return redirect("knowledge:reading_edit", workspace.pk, kept.pk)
    context: dict[str, Any] = {"workspace": workspace, "form": form, "listed": listed}
    if listed is not None:
        context["items"] = listed.items.select_related("article")
        context["item_form"] = ReadingItemForm(listed=listed)
    status = 422 if form.errors else 200
    return render(request, "knowledge/reading_edit.html", context, status=status)


@page()
@require_POST
def reading_add(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, listed = managed_list(person(request), workspace_id, pk, write=True)
    form = ReadingItemForm(request.POST, listed=listed)
    if form.is_valid():
        article = form.cleaned_data["article"]
        add_item(listed=listed, article=article, by=person(request), at=timezone.now())
    else:
        messages.error(
            request, _("Choisissez un article publié qui n’est pas encore dans la liste.")
        )
    return redirect("knowledge:reading_edit", workspace.pk, listed.pk)


def _managed_item(
    request: HttpRequest, workspace_id: int, pk: int, item: int, *, write: bool
) -> tuple[Workspace, ReadingItem]:
    workspace, listed = managed_list(person(request), workspace_id, pk, write=write)
    found = get_object_or_404(listed.items.select_related("article"), pk=item)
    found.reading_list = listed
    return workspace, found


@page()
@require_POST
def reading_move(request: HttpRequest, workspace_id: int, pk: int, item: int) -> HttpResponse:
    workspace, found = _managed_item(request, workspace_id, pk, item, write=True)
    up = request.POST.get("sens") == "haut"
    move_item(item=found, up=up, by=person(request), at=timezone.now())
    return redirect("knowledge:reading_edit", workspace.pk, pk)


@page()
@require_POST
def reading_drop(request: HttpRequest, workspace_id: int, pk: int, item: int) -> HttpResponse:
    workspace, found = _managed_item(request, workspace_id, pk, item, write=True)
    drop_item(item=found, by=person(request), at=timezone.now())
    messages.success(request, _("« %s » n’est plus dans la liste.") % found.article.title)
    return redirect("knowledge:reading_edit", workspace.pk, pk)


@page()
@require_http_methods(["GET", "POST"])
def reading_questions(request: HttpRequest, workspace_id: int, pk: int, item: int) -> HttpResponse:
    """The two questions at most that a reader answers before confirming."""
    write = request.method == "POST"
    workspace, found = _managed_item(request, workspace_id, pk, item, write=write)
    kept = presentation.questions_of(found)
    forms = [
        QuestionForm(posted(request), prefix=f"q{place}", initial=_initial(kept, place))
        for place in range(readings.MOST_QUESTIONS)
    ]
    if write and all(form.is_valid() for form in forms):  # each one says its own errors
        questions = [one for form in forms if (one := form.question()) is not None]
        keep_questions(item=found, questions=questions, by=person(request), at=timezone.now())
        messages.success(request, _("Les questions sont enregistrées."))
        return redirect("knowledge:reading_edit", workspace.pk, pk)
    context = {"workspace": workspace, "item": found, "listed": found.reading_list, "forms": forms}
    status = 422 if any(form.errors for form in forms) else 200
    return render(request, "knowledge/reading_questions.html", context, status=status)


def _initial(kept: list[readings.Question], place: int) -> dict[str, Any]:
    if place >= len(kept):
        return {}
    texts = {f"choice_{rank}": text for rank, text in enumerate(kept[place].choices)}
    return {"text": kept[place].text, "right": str(kept[place].right), **texts}


@page()
@require_GET
def reading_follow(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Who has read what of a list; `?format=csv` or `xlsx` gives it as a file."""
    workspace, listed = managed_list(person(request), workspace_id, pk)
    shown = _shown(workspace, listed)
    form = request.GET.get("format", "")
    if form in sheets.MEDIA_TYPES:
        heads, rows = presentation.follow_up(shown)
        return HttpResponse(
            sheets.written(form, _("Lectures"), heads, rows),
            content_type=sheets.MEDIA_TYPES[form],
            headers={"Content-Disposition": f'attachment; filename="lectures-{listed.pk}.{form}"'},
        )
    context = {"workspace": workspace, "listed": listed, "shown": shown, "manages": True}
    return render(request, "knowledge/reading_follow.html", context)


@page()
@require_POST
def reading_remind(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Tell by mail all those who have not finished, or the late ones alone when `late` is posted."""
    workspace, listed = managed_list(person(request), workspace_id, pk, write=True)
    asked = {Standing.LATE} if "late" in request.POST else {Standing.LATE, Standing.UNDER_WAY}
    waiting = [one.reader for one in _shown(workspace, listed).progress if one.standing in asked]
    sent = remind_readers(listed=listed, readers=waiting, by=person(request), at=timezone.now())
    if sent:
        said = ngettext("%(count)s rappel part.", "%(count)s rappels partent.", sent)
        messages.success(request, said % {"count": sent})
    else:
        messages.info(
            request, _("Personne à relancer : tout est lu, ou le rappel est d’aujourd’hui.")
        )
    return redirect("knowledge:reading_follow", workspace.pk, pk)


@page()
@require_POST
def reading_archive(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, listed = managed_list(person(request), workspace_id, pk, write=True)
    away = "reprendre" not in request.POST
    archive_list(listed=listed, archived=away, by=person(request), at=timezone.now())
    said = _("La liste « %s » est rangée.") if away else _("La liste « %s » est reprise.")
    messages.success(request, said % listed.title)
    return redirect("knowledge:reading_lists", workspace.pk)
