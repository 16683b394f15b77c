"""Pages of the corrective actions: open, follow, check."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.incidents import access, actions, presentation, queries
from acquis.certification.incidents.forms import (
    ActionForm,
    CheckForm,
    DropForm,
    MoveForm,
    NoteForm,
)
from acquis.certification.incidents.models import CorrectiveAction
from acquis.kernel.errors import DomainRefusal

PER_PAGE = 25


@page(Verb.INCIDENT_FOLLOW)
@require_safe
def action_list(request: HttpRequest) -> HttpResponse:
    """The corrective actions of the centre, the most urgent first; closed ones on demand."""
    organisation = current_organisation(request)
    today = timezone.localtime(timezone.now()).date()
    text, state = request.GET.get("q", ""), request.GET.get("etat", "")
    owner = request.GET.get("responsable", "")
    found = queries.search_actions(queries.actions_of(organisation), text, state, owner, today)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": shown,
        "rows": presentation.action_rows(shown, today),
        "q": text,
        "state": state,
        "states": [(key.value, words) for key, (words, _tone) in presentation.STATES.items()],
        "owner": owner,
        "owners": queries.possible_owners(organisation),
        "filtered": bool(text or state or owner),
    }
    return render(request, "incidents/actions.html", context)


@page(Verb.INCIDENT_FOLLOW)
def new_action(request: HttpRequest, pk: int) -> HttpResponse:
    """Charge somebody with an action after a session."""
    session = access.followed_session(person(request), pk)
    form = ActionForm(
        request.POST or None,
        owners=queries.possible_owners(session.organisation),
        incidents=session.incidents.all(),
        initial={"incident": request.GET.get("incident")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            action = actions.open_action(
                session=session, by=person(request), at=timezone.now(), **form.cleaned_data
            )
        except DomainRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("L’action corrective est ouverte."))
            return redirect("incidents:action", action.pk)
    context = {"session": session, "form": form}
    status = 422 if form.errors else 200
    return render(request, "incidents/new_action.html", context, status=status)


@page()
@require_safe
def action(request: HttpRequest, pk: int) -> HttpResponse:
    """An action and its history, for those who follow it and whoever answers for it."""
    return _action(request, access.readable_action(person(request), pk))


def _action(request: HttpRequest, found: CorrectiveAction, **refused: forms.Form) -> HttpResponse:
    today = timezone.localtime(timezone.now()).date()
    user = person(request)
    follows = access.follows(user, found)
    open_, done = found.closed_at is None, found.done_at is not None
    words, tone = presentation.STATES[presentation.state_of(found, today)]
    context: dict[str, Any] = {
        "action": found,
        "words": words,
        "tone": tone,
        "follows": follows,
        "steps": [
            {"step": step, "icon": presentation.STEP_ICONS[step.kind]}
            for step in found.steps.select_related("by")
        ],
        "may_finish": open_ and not done,
        "may_move": follows and open_ and not done,
        "may_check": follows and open_ and done and found.owner_id != user.pk,
        "awaits_another": open_ and done and found.owner_id == user.pk,
        "may_drop": follows and open_,
        "note_form": NoteForm(),
        "move_form": MoveForm(initial={"due_on": found.due_on}),
        "check_form": CheckForm(),
        "drop_form": DropForm(),
        "faulty": next(iter(refused.values()), None),
    } | refused
    return render(request, "incidents/action.html", context, status=422 if refused else 200)


def _answered(
    request: HttpRequest,
    found: CorrectiveAction,
    name: str,
    form: forms.Form,
    act: Callable[..., CorrectiveAction],
    said: str,
    **more: Any,
) -> HttpResponse:
    """Act once with what the form says; what is refused is said beside it, and kept."""
    if form.is_valid():
        try:
            act(action=found, by=person(request), at=timezone.now(), **form.cleaned_data | more)
        except DomainRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return redirect("incidents:action", found.pk)
    return _action(request, found, **{name: form})


@page()
@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it is done: by whoever answers for it, or whoever follows it."""
    found = access.readable_action(person(request), pk)
    form = NoteForm(request.POST)
    said = _("L’action est faite : son efficacité reste à vérifier.")
    return _answered(request, found, "note_form", form, actions.finish_action, said)


@page(Verb.INCIDENT_FOLLOW)
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.followed_action(person(request), pk)
    form = MoveForm(request.POST)
    said = _("L’échéance est déplacée.")
    return _answered(request, found, "move_form", form, actions.move_action, said)


@page(Verb.INCIDENT_FOLLOW)
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.followed_action(person(request), pk)
    form = CheckForm(request.POST)
    effective = request.POST.get("check-effective") == "yes"
    said = _("L’action est close.") if effective else _("L’action est reprise.")
    return _answered(
        request, found, "check_form", form, actions.check_action, said, effective=effective
    )


@page(Verb.INCIDENT_FOLLOW)
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.followed_action(person(request), pk)
    form = DropForm(request.POST)
    said = _("L’action est abandonnée.")
    return _answered(request, found, "drop_form", form, actions.drop_action, said)
