"""The candidate's own pages: lodge an appeal, follow it, read its letters."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.accounts.verbs import Verb
from acquis.certification.appeals import access, actions, policy, presentation, queries
from acquis.certification.appeals.actions import AppealData
from acquis.certification.appeals.forms import GroundsForm
from acquis.certification.appeals.models import Appeal
from acquis.certification.appeals.views import papers_of
from acquis.kernel import files
from acquis.kernel.errors import DomainRefusal


@page(Verb.APPEAL_LODGE)
@require_safe
def own_list(request: HttpRequest) -> HttpResponse:
    rows = [
        {"appeal": one, "tone": presentation.TONES[one.state]}
        for one in queries.own_appeals(person(request))
    ]
    return render(request, "appeals/own_list.html", {"rows": rows})


@page(Verb.APPEAL_LODGE)
def lodge(request: HttpRequest, pk: int) -> HttpResponse:
    """Contest the regularity of one's own session."""
    seat = access.own_seat(person(request), pk)
    form = GroundsForm(request.POST or None, request.FILES or None)
    now = timezone.now()
    if request.method == "POST" and form.is_valid():
        try:
            appeal = actions.lodge_appeal(
                seat=seat,
                data=AppealData(
                    channel=Appeal.Channel.PAGE,
                    grounds=form.cleaned_data["grounds"],
                    statement=form.cleaned_data["statement"],
                    received_on=timezone.localtime(now).date(),
                    papers=papers_of(form, person(request)),
                ),
                by=person(request),
                at=now,
            )
        except DomainRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Votre recours %s est enregistré.") % appeal.number)
            return redirect("appeals:own", appeal.pk)
    rule = queries.rule_for(seat.session)
    last = policy.last_day(queries.result_known_on(seat), rule.lodge_within_days if rule else None)
    context = {"seat": seat, "form": form, "last_day": last}
    return render(request, "appeals/lodge.html", context, status=422 if form.errors else 200)


@page(Verb.APPEAL_LODGE)
@require_safe
def own(request: HttpRequest, pk: int) -> HttpResponse:
    """Where one's appeal stands, its letters, and the pieces that one may read."""
    appeal = access.own_appeal(person(request), pk)
    right = queries.right_of(appeal)
    context = {
        "appeal": appeal,
        "tone": presentation.TONES[appeal.state],
        "grounds": presentation.grounds(appeal),
        "papers": appeal.papers.all(),
        "pieces": presentation.pieces(appeal, shared_only=True),
        "letters": appeal.letters.all(),
        "right": right,
        "may_withdraw": appeal.state in policy.IN_HAND,
        "steps": _steps(appeal),
    }
    return render(request, "appeals/own.html", context)


def _steps(appeal: Appeal) -> list[tuple[str, str]]:
    """Received, admissible, examined, decided; one that ended earlier stops there."""
    state, states = appeal.state, Appeal.State
    if state == states.INADMISSIBLE:
        return [(_("Reçu"), "done"), (_("Irrecevable"), "blocked")]
    if state == states.WITHDRAWN:
        return [(_("Reçu"), "done"), (_("Retiré"), "blocked")]
    decided = state in {states.ACCEPTED, states.REJECTED}
    judged = decided or state == states.ADMISSIBLE
    return [
        (_("Reçu"), "done"),
        (_("Recevabilité"), "done" if judged else "current"),
        (_("Examen"), "done" if decided else "current" if judged else "todo"),
        (_("Décision"), "done" if decided else "todo"),
    ]


@page(Verb.APPEAL_LODGE)
@require_POST
def own_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    appeal = access.own_appeal(person(request), pk)
    actions.withdraw_appeal(appeal=appeal, by=person(request), at=timezone.now())
    messages.success(request, _("Votre recours est retiré."))
    return redirect("appeals:own", pk)


@page(Verb.APPEAL_LODGE)
@require_POST
def own_letter(request: HttpRequest, pk: int) -> FileResponse:
    """Open a letter: that it was opened is noted, as proof that it came."""
    letter = access.own_letter(person(request), pk)
    actions.note_opening(letter=letter, by=person(request), at=timezone.now())
    return files.file_response(letter.file, inline=True)
