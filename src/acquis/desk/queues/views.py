from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User, Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.conversations.access import conversation_for
from acquis.desk.queues import presentation, queries
from acquis.desk.queues.access import offer_for, queue_for
from acquis.desk.queues.actions.answer_offer import accept_offer, refuse_offer
from acquis.desk.queues.actions.be_present import (
    be_present,
    give_sign,
    leave,
    set_presence,
)
from acquis.desk.queues.actions.extend_wrapup import extend_wrapup
from acquis.desk.queues.actions.hand_over import hand_over
from acquis.desk.queues.actions.keep_queue import keep_queue, remove_queue
from acquis.desk.queues.actions.keep_skills import keep_skills
from acquis.desk.queues.forms import (
    HandOverForm,
    PresenceForm,
    QueueForm,
    SetPresenceForm,
    SkillsForm,
)
from acquis.desk.queues.models import AdviserSkill, Queue
from acquis.desk.shell import page_or_part, posted, supervises
from acquis.kernel import sheets


def _supervised(request: HttpRequest, workspace_id: int, *, write: bool = False) -> Workspace:
    """The desk of a supervisor; for anybody else these pages do not exist."""
    workspace = workspace_for(person(request), workspace_id, write=write)
    if not supervises(person(request), workspace):
        raise Http404
    return workspace


@page()
@require_GET
def bar(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """One's presence and the contact that comes next: a part of the desk."""
    workspace = workspace_for(person(request), workspace_id)
    context = presentation.bar_context(workspace, person(request), now=timezone.now())
    answer = page_or_part(request, "queues/bar.html", "queues/_bar.html", context)
    if request.headers.get("HX-Request"):
        answer.headers["X-Bar-Version"] = presentation.bar_version(answer.content.decode())
    return answer


@page()
@require_POST
def presence(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = workspace_for(person(request), workspace_id, write=True)
    form = PresenceForm(request.POST)
    if form.is_valid():
        if form.cleaned_data["state"] == "away":
            leave(workspace=workspace, by=person(request), at=timezone.now())
        else:
            be_present(
                workspace=workspace, **form.cleaned_data, by=person(request), at=timezone.now()
            )
    elif not request.headers.get("HX-Request"):
        messages.error(request, _("Cet état n’existe pas."))
    return _after_presence(request, workspace)


@page()
@require_POST
def sign(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The page is still open in front of somebody."""
    workspace = workspace_for(person(request), workspace_id, write=True)
    give_sign(workspace=workspace, by=person(request), at=timezone.now())
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)  # the page counts on nothing but that it was heard
    return _after_presence(request, workspace)


@page()
@require_POST
def accept(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Take what is offered: the page goes to the exchange."""
    workspace, offer = offer_for(person(request), workspace_id, pk)
    taken = accept_offer(offer=offer, by=person(request), at=timezone.now())
    response = redirect("conversations:desk", workspace.pk)
    response["Location"] += f"?c={taken.pk}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": response["Location"]})
    return response


@page()
@require_POST
def refuse(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Leave what is offered to a colleague."""
    workspace, offer = offer_for(person(request), workspace_id, pk)
    refuse_offer(offer=offer, by=person(request), at=timezone.now())
    return _after_presence(request, workspace)


@page()
@require_POST
def extend(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Take more time to qualify an exchange."""
    workspace, chosen = conversation_for(person(request), workspace_id, pk, write=True)
    asked = request.POST.get("seconds", "")
    extend_wrapup(
        conversation=chosen,
        seconds=int(asked) if asked.isdecimal() and len(asked) < 6 else 0,
        reason=request.POST.get("reason", "")[:200],
        by=person(request),
        at=timezone.now(),
    )
    return _after_presence(request, workspace)


def _after_presence(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    if request.headers.get("HX-Request"):
        context = presentation.bar_context(workspace, person(request), now=timezone.now())
        return render(request, "queues/_bar.html", context)
    return redirect("conversations:desk", workspace.pk)


@page()
@require_http_methods(["GET", "POST"])
def transfer(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Hand an exchange over to a queue or to somebody, with a note."""
    write = request.method == "POST"
    workspace, chosen = conversation_for(person(request), workspace_id, pk, write=write)
    now = timezone.now()
    form = HandOverForm(
        posted(request),
        workspace=workspace,
        people=presentation.people_choices(workspace, now),
    )
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data.pop("adviser")
        hand_over(
            conversation=chosen,
            **form.cleaned_data,
            adviser=User.objects.filter(pk=wanted).first() if wanted else None,
            by=person(request),
            at=now,
        )
        messages.success(request, _("L’échange est transmis."))
        back = "queues:wall" if request.GET.get("de") == "pilotage" else "conversations:desk"
        return redirect(back, workspace.pk)
    context = {"workspace": workspace, "conversation": chosen, "form": form}
    return render(request, "queues/transfer.html", context, status=422 if form.errors else 200)


@page()
@require_GET
def wall(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """What waits now and how the period was served, by queue and by adviser."""
    workspace = _supervised(request, workspace_id)
    context = presentation.wall_context(
        workspace, request.GET.get("periode", ""), now=timezone.now()
    )
    return page_or_part(request, "queues/wall.html", "queues/_wall.html", context)


@page()
@require_POST
def reroute(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """From the wall, put a contact in a queue (« q12 ») or in somebody's hands (« p3 »)."""
    workspace = _supervised(request, workspace_id, write=True)
    _workspace, chosen = conversation_for(person(request), workspace_id, pk, write=True)
    wanted = request.POST.get("to", "")
    kind, number = wanted[:1], wanted[1:]
    key = int(number) if number.isdecimal() and len(number) < 18 else 0
    hand_over(
        conversation=chosen,
        queue=queries.of_workspace(workspace).filter(pk=key).first() if kind == "q" else None,
        adviser=queries.people(workspace).filter(pk=key).first() if kind == "p" else None,
        by=person(request),
        at=timezone.now(),
    )
    messages.success(request, _("L’échange est transmis."))
    return redirect("queues:wall", workspace.pk)


@page()
@require_POST
def set_state(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Change the state of somebody who is at the desk, with a reason that they read."""
    workspace = _supervised(request, workspace_id, write=True)
    adviser = queries.people(workspace).filter(pk=pk).first()
    if adviser is None:
        raise Http404
    form = SetPresenceForm(request.POST)
    if form.is_valid():
        set_presence(
            workspace=workspace,
            adviser=adviser,
            **form.cleaned_data,
            by=person(request),
            at=timezone.now(),
        )
        messages.success(request, _("L’état est changé, et la personne le sait."))
    else:
        messages.error(request, _("Cet état n’existe pas."))
    return redirect("queues:wall", workspace.pk)


@page()
@require_GET
def export(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The figures of the wall as a CSV that a French spreadsheet opens."""
    workspace = _supervised(request, workspace_id)
    context = presentation.wall_context(
        workspace, request.GET.get("periode", ""), now=timezone.now()
    )
    heads = ["", *(str(label) for _name, label, _text in presentation.DEFINITIONS)]
    lines = [context["total"], *context["queue_lines"], *context["adviser_lines"]]
    text = sheets.csv_text(heads, map(presentation.wall_row, lines))
    answer = HttpResponse(text, content_type=sheets.MEDIA_TYPES["csv"])
    answer["Content-Disposition"] = 'attachment; filename="pilotage.csv"'
    return answer


@page()
@require_GET
def index(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The queues of the desk, and who can do what."""
    workspace = workspace_for(person(request), workspace_id)
    skills: dict[int, list[AdviserSkill]] = {}
    for skill in AdviserSkill.objects.filter(workspace=workspace):
        skills.setdefault(skill.adviser_id, []).append(skill)
    there = {spell.adviser_id: spell for spell in queries.present(workspace, timezone.now())}
    people = [
        (one, skills.get(one.pk, []), there.get(one.pk))
        for one in queries.people(workspace).order_by("last_name", "first_name", "pk")
    ]
    context = {
        "workspace": workspace,
        "queues": queries.of_workspace(workspace),
        "people": people,
        "supervises": supervises(person(request), workspace),
    }
    return render(request, "queues/index.html", context)


@page()
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, workspace_id: int, pk: int | None = None) -> HttpResponse:
    """Make a queue, or change one."""
    workspace = _supervised(request, workspace_id, write=request.method == "POST")
    queue = queue_for(person(request), workspace_id, pk)[1] if pk else None
    form = QueueForm(posted(request), instance=queue or Queue(workspace=workspace))
    if request.method == "POST" and form.is_valid():
        values = {
            name: form.cleaned_data[name]
            for name in [*form.Meta.fields, "hours", "closures", "codes"]
        }
        before = Queue.objects.get(pk=queue.pk) if queue else None
        keep_queue(
            workspace=workspace, queue=before, values=values, by=person(request), at=timezone.now()
        )
        messages.success(request, _("La file est enregistrée."))
        return redirect("queues:index", workspace.pk)
    context = {"workspace": workspace, "queue": queue, "form": form}
    return render(request, "queues/form.html", context, status=422 if form.errors else 200)


@page()
@require_POST
def remove(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, queue = queue_for(person(request), workspace_id, pk, write=True)
    remove_queue(queue=queue, by=person(request), at=timezone.now())
    messages.success(request, _("La file est supprimée."))
    return redirect("queues:index", workspace.pk)


@page()
@require_http_methods(["GET", "POST"])
def skills(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """What one adviser can do."""
    workspace = _supervised(request, workspace_id, write=request.method == "POST")
    adviser = queries.people(workspace).filter(pk=pk).first()
    if adviser is None:
        raise Http404
    rows = AdviserSkill.objects.filter(workspace=workspace, adviser=adviser)
    typed = "\n".join(f"{row.skill} : {row.level}" for row in rows)
    form = SkillsForm(posted(request), initial={"skills": typed})
    if request.method == "POST" and form.is_valid():
        keep_skills(
            workspace=workspace,
            adviser=adviser,
            skills=form.cleaned_data["skills"],
            by=person(request),
            at=timezone.now(),
        )
        messages.success(request, _("Les compétences sont enregistrées."))
        return redirect("queues:index", workspace.pk)
    context = {"workspace": workspace, "adviser": adviser, "form": form}
    return render(request, "queues/skills.html", context, status=422 if form.errors else 200)
