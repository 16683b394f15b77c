"""The form of one item of a framework being corrected."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.frameworks import access, corrections, origins, presentation
from acquis.certification.frameworks.actions.correct_import import Correction, correct_import
from acquis.certification.frameworks.corrections import CorrectionError
from acquis.certification.frameworks.errors import CorrectionOutdated, CorrectionRefused
from acquis.certification.frameworks.item_forms import FORMS, ItemForm
from acquis.certification.frameworks.models import FrameworkImport
from acquis.certification.frameworks.views.addresses import number, review_at


@dataclass(frozen=True)
class Asked:
    """The item that the form is about; when adding, `pointer` names the list it goes to."""

    pointer: str
    adding: bool
    kind: str


@page(Verb.FRAMEWORK_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_item(request: HttpRequest, pk: int) -> HttpResponse:
    reading = access.one_import(person(request), current_organisation(request), pk)
    if reading.corrected is None:
        raise Http404
    if request.method != "POST":
        asked = _asked(request.GET)
        return _page(request, reading, asked, _form(reading, asked))
    asked = _asked(request.POST)
    revision = number(request.POST.get("revision"))
    if revision != reading.revision:
        return _outdated(request, reading, asked)
    form = _form(reading, asked, request.POST)
    if not form.is_valid():
        return _page(request, reading, asked, form, status=422)
    try:
        corrected = correct_import(
            reading=reading,
            correction=Correction(
                "add" if asked.adding else "set", asked.pointer, revision, form.value()
            ),
            by=person(request),
            at=timezone.now(),
        )
    except CorrectionOutdated:
        reading.refresh_from_db()
        return _outdated(request, reading, asked)
    except CorrectionRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, reading, asked, form, status=422)
    if corrected.revision == revision:
        messages.info(request, _("Rien n’a changé : aucune correction n’a été enregistrée."))
    else:
        messages.success(request, _("Correction enregistrée."))
    return review_at(pk, _landing(corrected, asked))


def _landing(reading: FrameworkImport, asked: Asked) -> str:
    if not asked.adding:
        return asked.pointer
    return f"{asked.pointer}/{len(corrections.at(reading.corrected or {}, asked.pointer)) - 1}"


def _asked(data: Any) -> Asked:
    pointer, adding = data.get("pointer", ""), bool(data.get("ajouter"))
    try:
        kind = corrections.kind_of(f"{pointer}/0" if adding else pointer)
    except CorrectionError as error:
        raise Http404 from error
    if kind not in FORMS or len(pointer) > 200:
        raise Http404
    return Asked(pointer, adding, kind)


def _form(reading: FrameworkImport, asked: Asked, data: Any = None) -> ItemForm:
    """Raises Http404 when the item, or the list that would take it, is not there."""
    content = reading.corrected or {}
    try:
        found = corrections.at(content, asked.pointer)
    except CorrectionError as error:
        raise Http404 from error
    return FORMS[asked.kind](
        data,
        initial={} if asked.adding else found,
        content=content,
        pointer=asked.pointer,
        adding=asked.adding,
    )


def _outdated(request: HttpRequest, reading: FrameworkImport, asked: Asked) -> HttpResponse:
    """The framework changed under the form: what was typed stays, what stands now is shown beside.

    The item is looked for by the name it had: it may have moved. When it is gone, what was typed
    can be added anew.
    """
    content = reading.corrected or {}
    name = request.POST.get("name", "")
    place: str | None = asked.pointer
    if not asked.adding and asked.kind not in {"identity", "rules"}:
        place = corrections.find(content, asked.kind, asked.pointer, name)
    gone = place is None
    if place is None:
        place = _list_for(content, asked)
        asked = Asked(place, adding=True, kind=asked.kind)
    else:
        asked = Asked(place, asked.adding, asked.kind)
    form = _form(reading, asked, request.POST)
    form.is_valid()
    stands = None if asked.adding else corrections.at(content, place)
    return _page(
        request,
        reading,
        asked,
        form,
        status=422,
        outdated={"gone": gone, "rows": _differences(form, stands) if stands else []},
    )


def _list_for(content: dict[str, Any], asked: Asked) -> str:
    """Where the text of an item that is gone can be added: its own list, else the first such one.

    Raises CorrectionOutdated when there is none left.
    """
    holder = corrections.parent_of(asked.pointer)
    owner, _slash, name = holder.rpartition("/")
    if not owner:
        return holder
    owners = [p for p, _item in corrections.items_of_kind(content, corrections.kind_of(owner))]
    if not owners:
        raise CorrectionOutdated
    return f"{owner if owner in owners else owners[0]}/{name}"


def _differences(form: ItemForm, stands: dict[str, Any]) -> list[dict[str, Any]]:
    """Field by field, what is recorded now where the typed text says something else."""
    if form.errors:
        return []
    typed = form.value()
    rows = []
    for bound in form:
        now, given = stands.get(bound.name), typed.get(bound.name)
        if bound.name in typed and (now or None) != (given or None):
            rows.append({"label": bound.label, "now": presentation.words(now)})
    return rows


def _page(
    request: HttpRequest,
    reading: FrameworkImport,
    asked: Asked,
    form: ItemForm,
    *,
    status: int = 200,
    outdated: dict[str, Any] | None = None,
) -> HttpResponse:
    content, read = reading.corrected or {}, reading.understood or {}
    item = {} if asked.adding else corrections.at(content, asked.pointer)
    paired = origins.trace_origins(read, content)
    line = reading.locations.get(item.get("code") or "") if asked.kind != "identity" else 1
    holders = [
        {"pointer": f"/blocks/{i}/{asked.pointer.split('/')[3]}", "block": block}
        for i, block in enumerate(content["blocks"])
        if asked.kind in {"competency", "criterion"} and not asked.adding
    ]
    context = {
        "reading": reading,
        "form": form,
        "asked": asked,
        "kind": presentation.ITEM_KINDS[asked.kind],
        "name": corrections.name_of(item, asked.kind) if item else "",
        "outdated": outdated,
        "line": line,
        "lines": presentation.source_lines(reading.source_text, content, reading.locations),
        "corrected": asked.pointer in paired.changed and not asked.adding,
        "back": presentation.anchor(asked.pointer),
        "holders": [one for one in holders if not asked.pointer.startswith(f"{one['pointer']}/")],
        "editable": reading.state == FrameworkImport.State.UNDERSTOOD,
    }
    return render(request, "frameworks/import_item.html", context, status=status)
