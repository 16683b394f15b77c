"""Ctrl+K in a desk."""

import pytest
from django.urls import reverse

from acquis.accounts.models import Workspace
from acquis.kernel.testing import StrictClient
from tests.factories import desk as make
from tests.factories import sales

pytestmark = pytest.mark.django_db


def test_the_palette_finds_customers_articles_and_products(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    make.customer(workspace, last_name="Brisard", reference="C-7")
    make.article(workspace, title="Entretenir la Brisa", body="Détartrer.")
    make.product(workspace, label="Machine Brisa", reference="BRI-100")
    address = reverse("conversations:palette", args=[workspace.pk])

    found = signed_in.get(address, {"q": "brisa"}).json()["results"]

    assert [result["detail"] for result in found] == ["C-7", "Procédure", "BRI-100"]
    assert signed_in.get(address, {"q": " "}).json() == {"results": []}
    for result in found:
        assert signed_in.get(result["url"]).status_code == 200


def test_products_and_price_lists_are_found_without_accents_and_in_the_plural(
    signed_in: StrictClient, workspace: Workspace
) -> None:
    make.product(workspace, label="Tasse émaillée", reference="TAS-1")
    sales.price_list(workspace, name="Grille « Été » des tasses")
    address = reverse("conversations:palette", args=[workspace.pk])

    def labels(typed: str) -> list[str]:
        return [one["label"] for one in signed_in.get(address, {"q": typed}).json()["results"]]

    assert labels("les tasses emaillees") == ["Tasse émaillée"]
    assert labels("tasses ete") == ["Grille « Été » des tasses"]
    assert labels("tas-1") == ["Tasse émaillée"]
