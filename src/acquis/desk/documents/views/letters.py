from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.access import customer_for
from acquis.desk.directory.models import Customer
from acquis.desk.documents import policy, presentation, queries
from acquis.desk.documents.access import letter_for
from acquis.desk.documents.actions.discard_letter import discard_letter, restore_letter
from acquis.desk.documents.actions.finalise_letter import finalise_letter
from acquis.desk.documents.actions.review_letter import (
    release_letter,
    return_letter,
    submit_letter,
    withdraw_letter,
)
from acquis.desk.documents.actions.save_letter_part import save_letter_part
from acquis.desk.documents.actions.start_letter import start_letter
from acquis.desk.documents.errors import LetterVersionInvalid
from acquis.desk.documents.forms import LetterForm, OutcomeForm, PostingForm
from acquis.desk.documents.models import Letter, LetterTemplate
from acquis.desk.shell import day_in_paris, keeps, may_write, page_or_part, supervises
from acquis.kernel import autosaving, writing

ROWS = 40
MOST_OFFERED = 300


@page()
@require_GET
def index(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = workspace_for(person(request), workspace_id)
    return listing(request, workspace, state=request.GET.get("etat", ""))


def listing(request: HttpRequest, workspace: Workspace, *, state: str) -> HttpResponse:
    """The letters of one state, or all of them."""
    typed = request.GET.get("q", "")[:120]
    found = queries.letters(workspace, typed=typed, state=state)
    context = {
        "workspace": workspace,
        "page_obj": Paginator(found, ROWS).get_page(request.GET.get("page")),
        "typed": typed,
        "state": state,
        "states": [*Letter.State.choices, *queries.POST_STATES.items()],
        "to_post": state == queries.TO_POST and may_write(person(request), workspace),
    }
    return page_or_part(request, "documents/index.html", "documents/_letters.html", context)


@page()
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, workspace_id: int, customer_pk: int) -> HttpResponse:
    """Begin a letter; asked by a link, the page offers the button that writes."""
    workspace, customer = customer_for(person(request), workspace_id, customer_pk, write=True)
    if request.method == "POST":
        begun = start_letter(
            customer=customer,
            conversation=_conversation(request, customer),
            template=_template(request, workspace),
            by=person(request),
            at=timezone.now(),
        )
        return redirect("documents:letter", workspace.pk, begun.pk)
    drafts = customer.letters.filter(state=Letter.State.DRAFT)
    typed = request.GET.get("q", "")[:120]
    context = {
        "workspace": workspace,
        "customer": customer,
        "drafts": list(drafts[:5]),
        "typed": typed,
        "templates": queries.templates(workspace, typed=typed)[:MOST_OFFERED],
        "keeps": keeps(person(request), workspace),
    }
    return render(request, "documents/create.html", context)


def _template(request: HttpRequest, workspace: Workspace) -> LetterTemplate | None:
    """The template asked for, even one withdrawn meanwhile: the act says so."""
    asked = request.POST.get("template", "")
    if not asked.isdecimal() or len(asked) > 15:
        return None
    return LetterTemplate.objects.filter(workspace=workspace, pk=int(asked)).first()


def _conversation(request: HttpRequest, customer: Customer) -> Conversation | None:
    asked = request.POST.get("conversation", "")
    if not asked.isdecimal():
        return None
    return Conversation.objects.filter(customer=customer, pk=int(asked)).first()


@page()
@require_GET
def letter(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = letter_for(person(request), workspace_id, pk)
    return show(request, workspace, shown)


def show(
    request: HttpRequest,
    workspace: Workspace,
    shown: Letter,
    *,
    posting_form: PostingForm | None = None,
    outcome_form: OutcomeForm | None = None,
) -> HttpResponse:
    """The page of a letter; a form refused about its post comes back in its place."""
    draft = shown.state == Letter.State.DRAFT and may_write(person(request), workspace)
    today = day_in_paris(timezone.now())
    postings = list(shown.postings.all())
    context = _letter_context(workspace, shown) | {
        "postings": postings,
        "on_its_way": next((one for one in postings if one.on_its_way), None),
        "posting_form": posting_form or PostingForm(today=today),
        "outcome_form": outcome_form or OutcomeForm(initial={"outcome_on": today}),
        "refused": bool(posting_form or outcome_form),
        "editable": draft,
        "may_write": may_write(person(request), workspace),
        "supervises": supervises(person(request), workspace),
        "own": person(request).pk == shown.author_id,
        "reviews": presentation.reviews_of(shown),
        "differences": presentation.shown_differences(presentation.differences_of(shown)),
    }
    return page_or_part(
        request,
        "documents/letter.html",
        "documents/_letter.html",
        context,
        status=422 if posting_form or outcome_form else 200,
    )


def _letter_context(workspace: Workspace, shown: Letter) -> dict[str, Any]:
    return {
        "workspace": workspace,
        "letter": shown,
        "form": LetterForm(
            instance=shown,
            save_url=reverse("documents:save", args=[workspace.pk, shown.pk]),
            label_suffix="",
        ),
        "sender": policy.sender_lines(workspace.identity, workspace.name),
        "recipient": presentation.recipient_lines(shown),
        "place_date": presentation.place_and_date(shown),
        "paragraphs": policy.paragraphs(shown.body),
        "engine": writing.engine(),
    }


@page()
@require_POST
def save(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Keep one part as it is typed; the page speaks as `kernel/autosave.js` says."""
    _workspace, shown = letter_for(person(request), workspace_id, pk, write=True)
    typed = autosaving.typed(request, policy.PARTS)
    if typed is None:
        raise LetterVersionInvalid
    name, text, seq = typed
    kept = save_letter_part(
        letter=shown, name=name, text=text, seq=seq, by=person(request), at=timezone.now()
    )
    return autosaving.answer(kept)


@page()
@require_POST
def proofread(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Remarks on what is typed now; nothing is kept and nothing is counted."""
    workspace, shown = letter_for(person(request), workspace_id, pk)
    text = request.POST.get("body", shown.body)[: policy.PARTS["body"]]
    known = [*presentation.recipient_lines(shown), workspace.name, shown.signature]
    context = {
        "remarks": writing.check(text, known=known),
        "engine": writing.engine(),
    }
    return render(request, "documents/_remarks.html", context)


@page()
@require_POST
def finalise(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = letter_for(person(request), workspace_id, pk, write=True)
    finalise_letter(letter=shown, by=person(request), at=timezone.now())
    return redirect("documents:letter", workspace.pk, shown.pk)


@page()
@require_POST
def submit(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Give the letter to a supervisor to read."""
    workspace, shown = letter_for(person(request), workspace_id, pk, write=True)
    submit_letter(letter=shown, by=person(request), at=timezone.now())
    messages.success(request, _("La lettre attend la relecture d’un superviseur."))
    return redirect("documents:letter", workspace.pk, shown.pk)


@page()
@require_POST
def withdraw(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = letter_for(person(request), workspace_id, pk, write=True)
    withdraw_letter(letter=shown, by=person(request), at=timezone.now())
    return redirect("documents:letter", workspace.pk, shown.pk)


@page()
@require_POST
def give_back(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Return the letter to its author with remarks."""
    workspace, shown = letter_for(person(request), workspace_id, pk, write=True)
    return_letter(letter=shown, remarks=_remarks(request), by=person(request), at=timezone.now())
    messages.success(request, _("La lettre est rendue à son auteur, avec vos remarques."))
    return redirect("documents:letter", workspace.pk, shown.pk)


@page()
@require_POST
def release(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = letter_for(person(request), workspace_id, pk, write=True)
    release_letter(letter=shown, remarks=_remarks(request), by=person(request), at=timezone.now())
    messages.success(request, _("La lettre est validée : c’est cette version qui part."))
    return redirect("documents:letter", workspace.pk, shown.pk)


@page()
@require_POST
def discard(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Throw a draft away; its page takes it back."""
    workspace, shown = letter_for(person(request), workspace_id, pk, write=True)
    discard_letter(letter=shown, by=person(request), at=timezone.now())
    return redirect("documents:letter", workspace.pk, shown.pk)


@page()
@require_POST
def restore(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = letter_for(person(request), workspace_id, pk, write=True)
    restore_letter(letter=shown, by=person(request), at=timezone.now())
    return redirect("documents:letter", workspace.pk, shown.pk)


def _remarks(request: HttpRequest) -> str:
    return request.POST.get("remarks", "")[:4000]


@page()
@require_GET
def pdf(request: HttpRequest, workspace_id: int, pk: int) -> FileResponse:
    _workspace, shown = letter_for(person(request), workspace_id, pk)
    if shown.file is None:
        raise Http404
    response = FileResponse(
        shown.file.content.open("rb"), content_type="application/pdf", filename=shown.file.name
    )
    response["X-Content-SHA256"] = shown.file.sha256
    return response
