from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from acquis.accounts.access import workspace_for
from acquis.accounts.models import Workspace
from acquis.accounts.pages import page
from acquis.accounts.requests import person
from acquis.desk.directory.models import Customer
from acquis.desk.sales import helpers, policy, presentation, prices, queries
from acquis.desk.sales.access import order_for, product_for
from acquis.desk.sales.forms import (
    LINES,
    CalculatorForm,
    CreditForm,
    EarlyPaymentForm,
    FromTtcForm,
    LineForm,
    MarginForm,
)
from acquis.desk.sales.models import Product
from acquis.desk.sales.price_forms import PriceAskedForm
from acquis.desk.shell import day_in_paris, page_or_part

ROWS = 40


@page()
@require_GET
def index(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = workspace_for(person(request), workspace_id)
    typed = request.GET.get("q", "")[:120]
    categories = queries.categories(workspace)
    asked = request.GET.get("famille", "")
    category = asked if asked in categories else ""
    found = queries.products(workspace, typed, category)
    rows = Paginator(found, ROWS).get_page(request.GET.get("page"))
    context = {
        "workspace": workspace,
        "typed": typed,
        "category": category,
        "categories": categories,
        "page_obj": rows,
        "rows": [(product, presentation.price_with_vat(product)) for product in rows],
    }
    return page_or_part(request, "sales/index.html", "sales/_products.html", context)


@page()
@require_GET
def product(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    """A product, and its price in force: `?client=`, `?quantite=` and `?le=` say for whom and when."""
    workspace, shown = product_for(person(request), workspace_id, pk)
    form, asked = _asked(request, workspace)
    lines = prices.lines_in_force(workspace, shown, asked.day)
    context = {
        "workspace": workspace,
        "product": shown,
        "price_ttc": presentation.price_with_vat(shown),
        "form": form,
        "asked": asked,
        "offer": prices.offer(workspace, shown, **asked.of()),
        "listed": [(line, prices.price_of(line, shown)) for line in lines],
    }
    return render(request, "sales/product.html", context)


@dataclass(frozen=True, slots=True)
class PriceAsked:
    """For whom, when and how many; today, one, without a customer, when nothing is said."""

    day: date
    customer: Customer | None = None
    quantity: Decimal = Decimal(1)

    def of(self) -> dict[str, Any]:
        return {"customer": self.customer, "day": self.day, "quantity": self.quantity}


def _asked(request: HttpRequest, workspace: Workspace) -> tuple[PriceAskedForm, PriceAsked]:
    today = day_in_paris(timezone.now())
    given = {"client", "quantite", "le"} & {*request.GET}
    first = {"quantite": 1, "le": today}
    form = PriceAskedForm(request.GET if given else None, workspace=workspace, initial=first)
    if not form.is_valid():
        return form, PriceAsked(today)
    kept = form.cleaned_data
    quantity = kept["quantite"] or Decimal(1)
    return form, PriceAsked(kept["le"] or today, form.customer, quantity)


@page()
@require_GET
def order(request: HttpRequest, workspace_id: int, pk: int) -> HttpResponse:
    workspace, shown = order_for(person(request), workspace_id, pk)
    context = {
        "workspace": workspace,
        "order": shown,
        "tone": presentation.STATE_TONES[shown.state],
        "lines": presentation.order_lines(shown),
        "totals": presentation.order_totals(shown),
    }
    return render(request, "sales/order.html", context)


@page()
@require_GET
def calculator(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """The steps of a commercial calculation; what is typed stays in the address."""
    workspace = workspace_for(person(request), workspace_id)
    asked = "calcul" in request.GET
    context = {
        "workspace": workspace,
        **_cascade(request, workspace, asked=asked),
        **_from_ttc(request, asked="ttc-calcul" in request.GET),
        **_helpers(request),
    }
    return page_or_part(request, "sales/calculator.html", "sales/_calculator.html", context)


def _cascade(request: HttpRequest, workspace: Workspace, *, asked: bool) -> dict[str, Any]:
    data = request.GET if asked else None
    first, offer = ({}, None) if asked else _first_line(request, workspace)
    rows = [
        LineForm(data, prefix=f"l{number}", initial=first if number == 1 else None)
        for number in range(1, LINES + 1)
    ]
    form = CalculatorForm(data)
    result = None
    if asked and all([form.is_valid(), *(row.is_valid() for row in rows)]):
        lines = [line for line in (row.line() for row in rows) if line is not None]
        if lines:
            kept = form.cleaned_data
            result = policy.compute(
                lines,
                form.reductions(),
                carriage=kept["carriage"] or policy.ZERO,
                deposit=kept["deposit"] or policy.ZERO,
            )
            return {"rows": rows, "form": form, "result": result, "lines": lines, "offer": None}
    return {"rows": rows, "form": form, "result": result, "lines": [], "offer": offer}


def _first_line(
    request: HttpRequest, workspace: Workspace
) -> tuple[dict[str, Any], prices.Offer | None]:
    """The product from whose page the calculator was opened, at the price asked there."""
    reference = request.GET.get("produit", "")
    found = Product.objects.filter(workspace=workspace, reference=reference).first()
    if found is None:
        return {}, None
    asked = _asked(request, workspace)[1]
    offer = prices.offer(workspace, found, **asked.of())
    first = {
        "label": found.label,
        "quantity": asked.quantity,
        "unit_price": offer.price.ht,
        "vat_rate": str(found.vat_rate),
    }
    return first, offer


def _from_ttc(request: HttpRequest, *, asked: bool) -> dict[str, Any]:
    form = FromTtcForm(request.GET if asked else None, prefix="x")
    if asked and form.is_valid():
        rate = Decimal(form.cleaned_data["rate"])
        ht, vat = policy.without_vat(form.cleaned_data["ttc"], rate)
        return {"ttc_form": form, "ttc_ht": ht, "ttc_vat": vat}
    return {"ttc_form": form, "ttc_ht": None, "ttc_vat": None}


def _helpers(request: HttpRequest) -> dict[str, Any]:
    """Margins, conditional escompte and credit notes: each with the form that asks it."""
    asked = request.GET
    margin_form = MarginForm(asked if "marge" in asked else None, prefix="m")
    early_form = EarlyPaymentForm(asked if "anticipe" in asked else None, prefix="e")
    credit_form = CreditForm(asked if "avoir" in asked else None, prefix="a")
    margin = early = credit = largest = None
    if margin_form.is_valid():
        kept = margin_form.cleaned_data
        margin = helpers.margin_of(kept["buying"], kept["selling"], Decimal(kept["rate"]))
        if kept["least"] is not None:
            largest = helpers.largest_discount(kept["buying"], kept["selling"], kept["least"])
    if early_form.is_valid():
        kept = early_form.cleaned_data
        early = helpers.early_payment(kept["ttc"], kept["percent"], Decimal(kept["rate"]))
    if credit_form.is_valid():
        kept = credit_form.cleaned_data
        credit = helpers.credit_of(
            kept["invoiced"],
            [kept["credited"] or policy.ZERO],
            kept["asked"],
            Decimal(kept["rate"]),
        )
    return {
        "margin_form": margin_form,
        "margin": margin,
        "largest": largest,
        "early_form": early_form,
        "early": early,
        "credit_form": credit_form,
        "credit": credit,
    }
