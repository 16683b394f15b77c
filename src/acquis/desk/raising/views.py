"""What is raised to the hierarchy, from any screen, and its follow-up."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.cases.access import alert_for, case_for
from acquis.desk.conversations.access import conversation_for
from acquis.desk.knowledge.access import article_for
from acquis.desk.raising import presentation, queries
from acquis.desk.raising.access import raised_for
from acquis.desk.raising.actions.raise_up import (
    Told,
    qualify,
    raise_alert,
    raise_up,
    read_answer,
    say_me_too,
    tie_case,
    unsay_me_too,
)
from acquis.desk.raising.forms import CaseNumberForm, QualifyForm, RaiseForm
from acquis.desk.raising.models import Raised
from acquis.desk.shell import may_write, page_or_part, posted, supervises
from acquis.kernel import sheets

ROWS = 40
TOLD = ("kind", "title", "seen", "effect", "proposal")


@page()
@require_GET
def index(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = workspace_for(person(request), workspace_id)
    asked = _asked(request)
    page_obj = Paginator(_found(request, workspace, asked), ROWS).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "workspace": workspace,
        "page_obj": page_obj,
        "asked": asked,
        "kinds": Raised.Kind.choices,
        "states": Raised.State.choices,
        "alerts": list(queries.alerts_to_raise(workspace)[:5]),
        "may_write": may_write(person(request), workspace),
    }
    return page_or_part(request, "raising/index.html", "raising/_list.html", context)


@page()
@require_GET
def export(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The list as it is filtered, all pages, for a spreadsheet."""
    workspace = workspace_for(person(request), workspace_id)
    found = _found(request, workspace, _asked(request))
    text = presentation.raised_csv(found.iterator(chunk_size=1000))
    response = HttpResponse(text, content_type=sheets.MEDIA_TYPES["csv"])
    response["Content-Disposition"] = 'attachment; filename="remontees.csv"'
    return response


@page()
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Raise something; what says about the same is shown before it is sent.

    `?demande=`, `?echange=` and `?article=` say from where.
    """
    user = person(request)
    workspace = workspace_for(user, workspace_id, write=request.method == "POST")
    form = RaiseForm(posted(request), workspace=workspace, initial=_origin(request, workspace))
    near: list[Raised] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        near = list(queries.alike(workspace, f"{given['title']} {given['seen']}"))
        if not near or request.POST.get("sure") == "1":
            article, pk = given["article"], given["conversation"]
            made = raise_up(
                workspace=workspace,
                told=Told(**{name: given[name] for name in TOLD}),  # type: ignore[typeddict-item]  # the same names
                cases=given["cases"],
                article=article_for(user, workspace_id, article)[1] if article else None,
                conversation=conversation_for(user, workspace_id, pk)[1] if pk else None,
                by=user,
                at=timezone.now(),
            )
            messages.success(request, _("C’est transmis : la réponse se lira ici."))
            return redirect("raising:raised", workspace.pk, made.pk)
    context = {"workspace": workspace, "form": form, "near": near}
    status = 422 if form.errors or near else 200
    return render(request, "raising/create.html", context, status=status)


@page()
@require_GET
def raised(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = raised_for(person(request), workspace_id, pk)
    return _shown(request, workspace, shown)


@page()
@require_POST
def me_too(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """See the same, or take it back."""
    user = person(request)
    workspace, shown = raised_for(user, workspace_id, pk, write=True)
    act = unsay_me_too if request.POST.get("said") == "0" else say_me_too
    act(raised=shown, by=user, at=timezone.now())
    return redirect("raising:raised", workspace.pk, shown.pk)


@page()
@require_POST
def tie(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = raised_for(person(request), workspace_id, pk, write=True)
    form = CaseNumberForm(request.POST, workspace=workspace)
    if not form.is_valid():
        return _shown(request, workspace, shown, tie=form)
    tie_case(raised=shown, case=form.cleaned_data["number"], by=person(request), at=timezone.now())
    return redirect("raising:raised", workspace.pk, shown.pk)


@page()
@require_POST
def answer(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """What becomes of it, and what its author is told."""
    workspace, shown = raised_for(person(request), workspace_id, pk, write=True)
    form = QualifyForm(request.POST, raised=shown)
    if not form.is_valid():
        return _shown(request, workspace, shown, qualify=form)
    qualify(raised=shown, **form.cleaned_data, by=person(request), at=timezone.now())
    messages.success(request, _("C’est enregistré, et son auteur en est averti."))
    return redirect("raising:raised", workspace.pk, shown.pk)


@page()
@require_POST
def read(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """The author has read the follow-up."""
    workspace, shown = raised_for(person(request), workspace_id, pk, write=True)
    read_answer(raised=shown, by=person(request), at=timezone.now())
    return redirect("raising:raised", workspace.pk, shown.pk)


@page()
@require_POST
def from_alert(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Raise a recurring malfunction with its cases, in one gesture."""
    workspace, alert = alert_for(person(request), workspace_id, pk)
    made = raise_alert(alert=alert, by=person(request), at=timezone.now())
    return redirect("raising:raised", workspace.pk, made.pk)


def _shown(
    request: HttpRequest, workspace: Workspace, shown: Raised, **refused: Any
) -> HttpResponse:
    user = person(request)
    people = list(shown.me_toos.all())
    context: dict[str, Any] = {
        "workspace": workspace,
        "raised": shown,
        "ties": list(shown.ties.select_related("case__customer")),
        "people": people,
        "answers": list(shown.answers.all()),
        "mine": shown.author_id == user.pk,
        "me_too": any(one.person_id == user.pk for one in people),
        "unread": shown.author_id == user.pk and shown.read_at < shown.changed_at,
        "tie": CaseNumberForm(workspace=workspace),
        "qualify": QualifyForm(raised=shown),
        "may_write": may_write(user, workspace),
        "supervises": supervises(user, workspace),
        **refused,
    }
    return render(request, "raising/raised.html", context, status=422 if refused else 200)


def _origin(request: HttpRequest, workspace: Workspace) -> dict[str, Any]:
    """From where it is raised; a row that is not there raises Http404."""
    user = person(request)
    begun: dict[str, Any] = {}
    case, chat, slug = (request.GET.get(name, "") for name in ("demande", "echange", "article"))
    if case.isdecimal():
        found = case_for(user, workspace.pk, int(case[:18]))[1]
        begun |= {"cases": found.number, "kind": Raised.Kind.MALFUNCTION}
    if chat.isdecimal():
        begun |= {"conversation": conversation_for(user, workspace.pk, int(chat[:18]))[1].pk}
    if slug:
        article_for(user, workspace.pk, slug)
        begun |= {"article": slug, "kind": Raised.Kind.WORDING}
    return begun


def _asked(request: HttpRequest) -> queries.Asked:
    return queries.Asked(
        typed=request.GET.get("q", "")[:120],
        kind=request.GET.get("genre", ""),
        state=request.GET.get("etat", ""),
        mine=request.GET.get("miennes") == "1",
    )


def _found(request: HttpRequest, workspace: Workspace, asked: queries.Asked) -> QuerySet[Raised]:
    return queries.raised(workspace, asked, user=person(request))
