"""The catalogue, the orders and the calculator on screen."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.urls import reverse

from acquis.accounts.models import Workspace
from acquis.kernel.testing import StrictClient
from tests.factories import desk as make

pytestmark = pytest.mark.django_db

CASCADE = {
    "calcul": "1", "l1-quantity": "12", "l1-unit_price": "85,00", "l1-vat_rate": "20.00",
    "rabais": "5", "remise_1": "3", "escompte": "2", "carriage": "18",
}  # fmt: skip


def test_products_are_found_and_read(signed_in: StrictClient, workspace: Workspace) -> None:
    alma = make.product(workspace, label="Robot Alma", reference="ALM-100", stock=0)
    make.product(workspace, label="Café", category="Épicerie")
    index = reverse("sales:index", args=[workspace.pk])

    found = signed_in.get(index, {"q": "alma"}).context["rows"]
    family = signed_in.get(index, {"famille": "Épicerie"}).context["rows"]
    page = signed_in.get(reverse("sales:product", args=[workspace.pk, alma.pk])).content.decode()

    assert [product for product, _ttc in found] == [alma]
    assert [product.label for product, _ttc in family] == ["Café"]
    assert "120,00" in page
    assert "épuisé" in page


def test_the_catalogue_costs_the_same_for_one_and_for_thirty(
    signed_in: StrictClient, workspace: Workspace, count_queries: Callable[..., int]
) -> None:
    index = reverse("sales:index", args=[workspace.pk])
    make.product(workspace)
    one = count_queries(lambda: signed_in.get(index))
    for _ in range(29):
        make.product(workspace)

    assert count_queries(lambda: signed_in.get(index)) == one


def test_an_order_shows_its_lines_and_total(signed_in: StrictClient, workspace: Workspace) -> None:
    order = make.order(make.customer(workspace), number="VB-1")

    page = signed_in.get(reverse("sales:order", args=[workspace.pk, order.pk])).content.decode()

    assert "VB-1" in page
    assert "120,00" in page


def test_the_calculator_shows_each_step(signed_in: StrictClient, workspace: Workspace) -> None:
    page = reverse("sales:calculator", args=[workspace.pk])

    text = signed_in.get(page, CASCADE).content.decode()

    for amount in ("969,00", "939,93", "921,13", "939,13", "187,83"):
        assert amount in text
    assert "126,96" in text


def test_the_calculator_explains_what_it_cannot_read(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    page = reverse("sales:calculator", args=[workspace.pk])

    answer = signed_in.get(page, CASCADE | {"l1-quantity": "douze"})

    assert answer.context["result"] is None
    assert answer.context["rows"][0].errors
    assert signed_in.get(page, {"ttc-calcul": "1", "x-ttc": "49,99", "x-rate": "20.00"}).context[
        "ttc_ht"
    ] == Decimal("41.66")


def test_the_calculator_opens_with_a_product(signed_in: StrictClient, workspace: Workspace) -> None:
    make.product(workspace, reference="ALM-100", label="Robot Alma")

    page = signed_in.get(
        reverse("sales:calculator", args=[workspace.pk]), {"produit": "ALM-100"}
    ).content.decode()

    assert "Robot Alma" in page
