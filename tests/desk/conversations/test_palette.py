"""Ctrl+K in a desk."""

import pytest
from django.urls import reverse

from acquis.accounts.models import Workspace
from acquis.kernel.testing import StrictClient
from tests.factories import desk as make

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
