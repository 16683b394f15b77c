"""Letters given to the post: printed together, noted one by one or in number, followed."""

import io

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.documents import queries
from acquis.desk.documents.access import letter_for, posting_for
from acquis.desk.documents.actions.post_letter import cancel_posting, note_outcome, post_letter
from acquis.desk.documents.forms import OutcomeForm, PostingForm
from acquis.desk.documents.models import Letter, LetterPosting
from acquis.desk.documents.views.letters import listing, show
from acquis.desk.shell import day_in_paris
from acquis.kernel import files
from acquis.kernel.errors import DomainRefusal

MOST_TOGETHER = 100
NOTHING_CHOSEN = gettext_lazy("Choisissez d’abord des lettres à poster.")


@page()
@require_POST
def post(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Note that a letter left."""
    workspace, shown = letter_for(person(request), workspace_id, pk, write=True)
    form = PostingForm(request.POST, today=day_in_paris(timezone.now()))
    if form.is_valid():
        try:
            post_letter(
                letter=shown,
                method=form.cleaned_data["method"],
                tracking=form.cleaned_data["tracking"],
                on=form.cleaned_data["posted_on"],
                by=person(request),
                at=timezone.now(),
            )
        except DomainRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("L’envoi est noté."))
            return redirect("documents:letter", workspace.pk, shown.pk)
    return show(request, workspace, shown, posting_form=form)


@page()
@require_POST
def outcome(request: HttpRequest, workspace_id: int, pk: int, posting_pk: int) -> HttpResponse:
    """Note what the post says of it."""
    posting = posting_for(person(request), workspace_id, pk, posting_pk)
    form = OutcomeForm(request.POST)
    if form.is_valid():
        try:
            note_outcome(
                posting=posting,
                outcome=form.cleaned_data["outcome"],
                on=form.cleaned_data["outcome_on"],
                by=person(request),
                at=timezone.now(),
            )
        except DomainRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("C’est noté."))
            return redirect("documents:letter", workspace_id, pk)
    return show(request, posting.letter.workspace, posting.letter, outcome_form=form)


@page()
@require_POST
def cancel(request: HttpRequest, workspace_id: int, pk: int, posting_pk: int) -> HttpResponse:
    posting = posting_for(person(request), workspace_id, pk, posting_pk)
    cancel_posting(posting=posting, by=person(request), at=timezone.now())
    messages.success(request, _("L’envoi noté par erreur est retiré : la lettre est à poster."))
    return redirect("documents:letter", workspace_id, pk)


@page()
@require_GET
def together(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """One PDF of the chosen letters (`?lettres=`, at most 100), to print at once."""
    workspace = workspace_for(person(request), workspace_id)
    chosen = _chosen(workspace, request.GET.getlist("lettres"))
    if not chosen:
        messages.warning(request, NOTHING_CHOSEN)
        return listing(request, workspace, state=queries.TO_POST)
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415  heavy: only print runs need it

    whole = PdfWriter()
    for letter in chosen:
        if letter.file is not None:
            whole.append(PdfReader(io.BytesIO(files.read(letter.file))))
    made = io.BytesIO()
    whole.write(made)
    return HttpResponse(
        made.getvalue(),
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="lettres-a-poster.pdf"'},
    )


@page()
@require_POST
def post_many(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Note the chosen letters as left today, as plain letters."""
    workspace = workspace_for(person(request), workspace_id, write=True)
    now = timezone.now()
    left = 0
    for letter in _chosen(workspace, request.POST.getlist("lettres")):
        try:
            post_letter(
                letter=letter,
                method=LetterPosting.Method.PLAIN,
                tracking="",
                on=day_in_paris(now),
                by=person(request),
                at=now,
            )
        except DomainRefusal as refusal:
            messages.error(request, f"{letter} : {refusal}")
        else:
            left += 1
    if left:
        sentence = ngettext(
            "%(count)s lettre est notée postée aujourd’hui.",
            "%(count)s lettres sont notées postées aujourd’hui.",
            left,
        )
        messages.success(request, sentence % {"count": left})
    else:
        messages.warning(request, NOTHING_CHOSEN)
    return redirect(f"{reverse('documents:index', args=[workspace.pk])}?etat={queries.TO_POST}")


def _chosen(workspace: Workspace, asked: list[str]) -> list[Letter]:
    """The letters to post among those asked for; others are left aside."""
    keys = [int(one) for one in asked[:MOST_TOGETHER] if one.isdecimal() and len(one) < 16]
    return list(queries.letters(workspace, state=queries.TO_POST).filter(pk__in=keys))
