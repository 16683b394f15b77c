"""The agréments of a centre: which title, on which site, until when."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions import access, actions, queries
from acquis.certification.exam_sessions.forms import AccreditationForm
from acquis.kernel.errors import DomainRefusal


@page(Verb.JUROR_EDIT)
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """All agréments noted, and one more."""
    user, organisation = person(request), current_organisation(request)
    posted = request.POST if request.method == "POST" else None
    form = AccreditationForm(posted, user=user, organisation=organisation)
    if form.is_valid():
        try:
            noted = actions.note_accreditation(
                organisation=organisation,
                data=form.data_for_action(),
                by=user,
                at=timezone.now(),
            )
        except DomainRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("L’agrément %s est noté.") % noted.number)
            return redirect("exam_sessions:accreditations")
    context = {
        "form": form,
        "accreditations": queries.accreditations(organisation),
        "today": timezone.localtime().date(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "exam_sessions/accreditations.html", context, status=status)


@page(Verb.JUROR_EDIT)
@require_POST
def withdraw(request: HttpRequest, accreditation_id: int) -> HttpResponse:
    found = access.accreditation_for(person(request), accreditation_id)
    now = timezone.now()
    actions.withdraw_accreditation(
        accreditation=found, on=timezone.localtime(now).date(), by=person(request), at=now
    )
    messages.success(
        request, _("L’agrément %s ne vaut plus à partir d’aujourd’hui.") % found.number
    )
    return redirect("exam_sessions:accreditations")
