"""Two editions side by side."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from acquis.accounts.pages import page
from acquis.accounts.requests import current_organisation, person
from acquis.accounts.verbs import Verb
from acquis.certification.frameworks import access, comparison, presentation
from acquis.certification.frameworks.comparison import Change
from acquis.certification.frameworks.exports import comparison_table
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.frameworks.views.addresses import number
from acquis.kernel import sheets

DIFFERENCES = ("added", "removed", "reworded", "moved")


@dataclass(frozen=True)
class Compared:
    before: FrameworkVersion
    after: FrameworkVersion
    changes: list[Change]
    shown: list[Change]


@page(Verb.FRAMEWORK_READ)
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    readable = access.readable_versions(person(request), current_organisation(request))
    before = readable.filter(pk=number(request.GET.get("avant"))).first()
    after = readable.filter(pk=number(request.GET.get("apres"))).first()
    context: dict[str, Any] = {
        "versions": readable.defer("content", "correspondences"),
        "before": before,
        "after": after,
        "asked": {"kinds": _kinds(request), "natures": _natures(request)},
    }
    if before and after:
        context |= _context(_compared(request, before, after))
    return render(request, "frameworks/compare.html", context)


@page(Verb.FRAMEWORK_READ)
@require_safe
def compare_csv(request: HttpRequest) -> HttpResponse:
    """What the page shows with the same filters, for a spreadsheet."""
    readable = access.readable_versions(person(request), current_organisation(request))
    before = get_object_or_404(readable, pk=number(request.GET.get("avant")))
    after = get_object_or_404(readable, pk=number(request.GET.get("apres")))
    table = comparison_table(_compared(request, before, after).shown)
    response = HttpResponse(sheets.BYTE_ORDER_MARK + table, content_type=sheets.MEDIA_TYPES["csv"])
    name = slugify(f"comparaison-{before.framework.code}-{before.edition}-{after.edition}")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _natures(request: HttpRequest) -> list[str]:
    asked = [one for one in request.GET.getlist("nature") if one in comparison.NATURES]
    return asked or list(DIFFERENCES)


def _kinds(request: HttpRequest) -> list[str]:
    asked = [one for one in request.GET.getlist("kind") if one in comparison.KINDS]
    return asked or list(comparison.KINDS)


def _compared(request: HttpRequest, before: FrameworkVersion, after: FrameworkVersion) -> Compared:
    stated = after.correspondences if after.previous_id == before.pk else []
    changes = comparison.compare(before.content, after.content, stated)
    natures, kinds = _natures(request), _kinds(request)
    shown = [one for one in changes if one.nature in natures and one.kind in kinds]
    return Compared(before, after, changes, shown)


def _context(compared: Compared) -> dict[str, Any]:
    summary = comparison.summary(compared.changes)
    of_kind = dict.fromkeys(comparison.KINDS, 0)
    for change in compared.changes:
        of_kind[change.kind] += 1
    return {
        "changes": [
            {
                "change": change,
                "nature": presentation.NATURES[change.nature],
                "kind": presentation.ITEM_KINDS[change.kind],
                "tone": presentation.NATURE_TONES[change.nature],
            }
            for change in compared.shown
        ],
        "natures": [
            {"value": value, "label": presentation.NATURES[value], "count": count}
            for value, count in summary.items()
        ],
        "kinds": [
            {"value": value, "label": presentation.ITEM_KINDS[value], "count": count}
            for value, count in of_kind.items()
        ],
        "all_same": all(change.nature == "same" for change in compared.changes),
        "stated": compared.after.content["correspondences"],
    }
