"""Pages of the price lists: read by all of a desk, kept by those who keep what it shares."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.knowledge.access import managed_workspace
from acquis.desk.sales import access, price_files, prices
from acquis.desk.sales.actions import keep_price_list as acts
from acquis.desk.sales.errors import LineRefused
from acquis.desk.sales.models import PriceList, PriceListVersion, Product
from acquis.desk.sales.price_forms import (
    LineForm,
    NextReviewForm,
    NextVersionForm,
    PriceFileForm,
    PriceListForm,
    PublishPricesForm,
)
from acquis.desk.shell import day_in_paris, keeps, page_or_part, posted
from acquis.kernel import files, sheets

ROWS = 40
LINES = 100
PROPOSED = 300  # products offered while typing a reference
REVIEW_AGAIN = timedelta(days=182)
FIXED = ("name", "audience", "segment", "basis", "owner", "review_on")


@page()
@require_GET
def price_lists(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """`?q=` searches, `?relire=1` keeps those whose review is due."""
    workspace = workspace_for(person(request), workspace_id)
    typed = request.GET.get("q", "")[:120]
    today = day_in_paris(timezone.now())
    found = prices.price_lists(workspace, typed)
    late = request.GET.get("relire") == "1"
    if late:
        found = found.filter(review_on__lte=today)
    rows = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        "workspace": workspace,
        "typed": typed,
        "late": late,
        "today": today,
        "manages": keeps(person(request), workspace),
        "page_obj": rows,
        "rows": [(one, _shown(prices.standings(one, today))) for one in rows],
    }
    return page_or_part(request, "sales/price_lists.html", "sales/_price_lists.html", context)


def _shown(standings: list[prices.Standing]) -> dict[str, prices.Standing | None]:
    """The version in force, the next to come and the draft, each None when there is none."""
    found: dict[str, prices.Standing | None] = dict.fromkeys(("in_force", "future", "draft"))
    for one in standings:
        known = found.get(one.state)
        if one.state in found and (known is None or one.state == "future"):
            found[one.state] = one  # of several to come, the nearest was drafted first
    return found


@page()
@require_http_methods(["GET", "POST"])
def price_list_new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    write = request.method == "POST"
    workspace = managed_workspace(person(request), workspace_id, write=write)
    return _edited(request, workspace, None)


@page()
@require_http_methods(["GET", "POST"])
def price_list_edit(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    write = request.method == "POST"
    workspace, listed = access.managed_price_list(person(request), workspace_id, pk, write=write)
    return _edited(request, workspace, listed)


def _edited(request: HttpRequest, workspace: Workspace, listed: PriceList | None) -> HttpResponse:
    initial = {name: getattr(listed, name) for name in FIXED} if listed else None
    form = PriceListForm(posted(request), workspace=workspace, listed=listed, initial=initial)
    if request.method == "POST" and form.is_valid():
        kept = acts.keep_price_list(
            workspace=workspace,
            price_list=listed,
            asked=form.asked(),
            by=person(request),
            at=timezone.now(),
        )
        messages.success(request, _("La grille est enregistrée."))
        return redirect("sales:price_list", workspace.pk, kept.pk)
    context = {"workspace": workspace, "listed": listed, "form": form}
    return render(
        request, "sales/price_list_edit.html", context, status=422 if form.errors else 200
    )


@page()
@require_GET
def price_list(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """A list: what holds today, what comes, every version."""
    workspace, listed = access.price_list_for(person(request), workspace_id, pk)
    today = day_in_paris(timezone.now())
    manages = keeps(person(request), workspace)
    standings = prices.standings(listed, today)
    if not manages:
        standings = [one for one in standings if one.state != "draft"]
    context = {
        "workspace": workspace,
        "listed": listed,
        "today": today,
        "manages": manages,
        "standings": standings,
        "shown": _shown(standings),
        "review_form": NextReviewForm(initial={"next_on": today + REVIEW_AGAIN}),
        "next_form": NextVersionForm(),
    }
    return render(request, "sales/price_list.html", context)


@page()
@require_POST
def price_list_review(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, listed = access.managed_price_list(person(request), workspace_id, pk, write=True)
    form = NextReviewForm(request.POST)
    next_on = form.cleaned_data["next_on"] if form.is_valid() else None
    acts.review_price_list(
        price_list=listed, next_on=next_on, by=person(request), at=timezone.now()
    )
    messages.success(request, _("« %s » est relu.") % listed.name)
    return redirect("sales:price_list", workspace.pk, listed.pk)


@page()
@require_POST
def price_list_draft(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """Begin a version from the last that was published, its prices raised by what is posted."""
    workspace, listed = access.managed_price_list(person(request), workspace_id, pk, write=True)
    form = NextVersionForm(request.POST)
    if not form.is_valid():
        raise LineRefused(problem=" ".join(map(str, form.errors["percent"])))
    source = listed.versions.exclude(state=PriceListVersion.State.DRAFT).order_by("-rank").first()
    made = acts.draft_price_list(
        price_list=listed,
        source=source,
        percent=form.cleaned_data["percent"] or Decimal(0),
        by=person(request),
        at=timezone.now(),
    )
    return redirect("sales:price_version", workspace.pk, listed.pk, made.rank)


@page()
@require_GET
def price_version(request: HttpRequest, workspace_id: int, pk: int, rank: int) -> HttpResponse:
    """The lines of a version; `?ligne=` fills the form of a draft with one of them."""
    workspace, version = access.price_version_for(person(request), workspace_id, pk, rank)
    asked = request.GET.get("ligne", "")
    line = version.lines.filter(pk=asked).first() if asked.isdecimal() else None
    initial = {}
    if line is not None:
        initial = {
            "reference": line.product.reference,
            "least": line.least.normalize(),
            "price": line.price.normalize() if line.price is not None else None,
            "percent": line.percent,
            "note": line.note,
        }
    form = LineForm(version=version, initial=initial)
    return _version(request, workspace, version, form=form, line=line)


def _version(
    request: HttpRequest,
    workspace: Workspace,
    version: PriceListVersion,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    typed = request.GET.get("q", "")[:120]
    today = day_in_paris(timezone.now())
    standings = prices.standings(version.price_list, today)
    found = prices.lines_of(version, typed)
    rows = Paginator(found, LINES).get_page(request.GET.get("page"))
    manages = keeps(person(request), workspace)
    edits = manages and version.state == "draft" and workspace.sealed_at is None
    proposed = Product.objects.filter(workspace=workspace, is_active=True)[:PROPOSED]
    context = {
        "workspace": workspace,
        "listed": version.price_list,
        "version": version,
        "standing": next(one for one in standings if one.version.pk == version.pk),
        "others": [one for one in standings if one.version.pk != version.pk
                   and (manages or one.state != "draft")],
        "typed": typed,
        "page_obj": rows,
        "rows": prices.priced(version, rows),
        "manages": manages,
        "edits": edits,
        "proposed": proposed if edits else [],
        "form": LineForm(version=version),
        "line": None,
        "file_form": PriceFileForm(),
        "publish_form": PublishPricesForm(initial={"on": today}),
        "faults": [],
    }  # fmt: skip
    return page_or_part(
        request,
        "sales/price_version.html",
        "sales/_price_lines.html",
        context | more,
        status=status,
    )


@page()
@require_POST
def price_line_keep(request: HttpRequest, workspace_id: int, pk: int, rank: int) -> HttpResponse:
    """Add a line to a draft, or write it in the place of `?ligne=`."""
    workspace, version = access.managed_price_version(
        person(request), workspace_id, pk, rank, write=True
    )
    asked = request.GET.get("ligne", "")
    line = version.lines.filter(pk=asked).first() if asked.isdecimal() else None
    form = LineForm(request.POST, version=version)
    if not form.is_valid():
        return _version(request, workspace, version, form=form, line=line, status=422)
    acts.keep_line(
        version=version,
        line=line,
        given=form.cleaned_data["given"],
        by=person(request),
        at=timezone.now(),
    )
    messages.success(request, _("La ligne est enregistrée."))
    return redirect("sales:price_version", workspace.pk, pk, rank)


@page()
@require_POST
def price_line_remove(
    request: HttpRequest, workspace_id: int, pk: int, rank: int, line: int
) -> HttpResponse:
    workspace, version = access.managed_price_version(
        person(request), workspace_id, pk, rank, write=True
    )
    row = get_object_or_404(version.lines.select_related("product"), pk=line)
    row.version = version
    acts.remove_line(line=row, by=person(request), at=timezone.now())
    messages.success(request, _("La ligne est retirée."))
    return redirect("sales:price_version", workspace.pk, pk, rank)


@page()
@require_POST
def price_lines_import(request: HttpRequest, workspace_id: int, pk: int, rank: int) -> HttpResponse:
    """Give a draft the lines of a file, or show every fault by its line."""
    workspace, version = access.managed_price_version(
        person(request), workspace_id, pk, rank, write=True
    )
    form = PriceFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _version(request, workspace, version, file_form=form, status=422)
    upload = form.cleaned_data["file"]
    media_type = files.check_upload(upload, allowed={"text/csv", "text/plain", files.SPREADSHEET})
    found = price_files.read(
        upload.file,
        media_type=media_type,
        workspace=workspace,
        with_vat=version.price_list.basis == PriceList.Basis.TTC,
    )
    if found.faults:
        faults = found.faults[:LINES]
        more = len(found.faults) - len(faults)
        return _version(request, workspace, version, faults=faults, more_faults=more, status=422)
    acts.keep_lines(version=version, lines=found.lines, by=person(request), at=timezone.now())
    messages.success(
        request, _("Les lignes du fichier remplacent celles du brouillon : %s.") % len(found.lines)
    )
    return redirect("sales:price_version", workspace.pk, pk, rank)


@page()
@require_GET
def price_lines_export(request: HttpRequest, workspace_id: int, pk: int, rank: int) -> HttpResponse:
    _workspace, version = access.price_version_for(person(request), workspace_id, pk, rank)
    form = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
    lines = prices.lines_of(version)
    name = f"grille-{pk}-v{rank}.{form}"
    return HttpResponse(
        sheets.written(form, _("Prix"), price_files.heads(), price_files.rows(lines)),
        content_type=sheets.MEDIA_TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@page()
@require_POST
def price_version_publish(
    request: HttpRequest, workspace_id: int, pk: int, rank: int
) -> HttpResponse:
    workspace, version = access.managed_price_version(
        person(request), workspace_id, pk, rank, write=True
    )
    form = PublishPricesForm(request.POST)
    if not form.is_valid():
        return _version(request, workspace, version, publish_form=form, status=422)
    acts.publish_price_list(
        version=version, **form.cleaned_data, by=person(request), at=timezone.now()
    )
    messages.success(request, _("La grille est publiée : elle ne change plus."))
    return redirect("sales:price_list", workspace.pk, pk)


@page()
@require_POST
def price_version_withdraw(
    request: HttpRequest, workspace_id: int, pk: int, rank: int
) -> HttpResponse:
    workspace, version = access.managed_price_version(
        person(request), workspace_id, pk, rank, write=True
    )
    acts.withdraw_version(version=version, by=person(request), at=timezone.now())
    messages.success(request, _("La version est retirée : la précédente continue."))
    return redirect("sales:price_list", workspace.pk, pk)


@page()
@require_POST
def price_version_discard(
    request: HttpRequest, workspace_id: int, pk: int, rank: int
) -> HttpResponse:
    workspace, version = access.managed_price_version(
        person(request), workspace_id, pk, rank, write=True
    )
    acts.discard_draft(version=version, by=person(request), at=timezone.now())
    messages.success(request, _("Le brouillon est abandonné."))
    return redirect("sales:price_list", workspace.pk, pk)


@page()
@require_GET
def price_compare(request: HttpRequest, workspace_id: int, pk: int, rank: int) -> HttpResponse:
    """What a version charges otherwise than another: `?de=` names its rank, else the one before."""
    user = person(request)
    workspace, version = access.price_version_for(user, workspace_id, pk, rank)
    asked = request.GET.get("de", "")
    before = version.price_list.versions.filter(rank__lt=rank).order_by("-rank").first()
    if asked.isdecimal():
        before = access.price_version_for(user, workspace_id, pk, int(asked))[1]
    context = {
        "workspace": workspace,
        "listed": version.price_list,
        "version": version,
        "before": before,
        "rows": prices.differences(before, version) if before else [],
    }
    return render(request, "sales/price_compare.html", context)


@page()
@require_GET
def price_print(request: HttpRequest, workspace_id: int, pk: int, rank: int) -> HttpResponse:
    """Every line on one page, to print."""
    workspace, version = access.price_version_for(person(request), workspace_id, pk, rank)
    today = day_in_paris(timezone.now())
    standings = prices.standings(version.price_list, today)
    context = {
        "workspace": workspace,
        "listed": version.price_list,
        "version": version,
        "standing": next(one for one in standings if one.version.pk == version.pk),
        "rows": prices.priced(version, prices.lines_of(version)),
    }
    return render(request, "sales/price_print.html", context)
