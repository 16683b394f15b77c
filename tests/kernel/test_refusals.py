import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal
from acquis.kernel.middleware import DomainRefusalMiddleware


class GridClosed(DomainRefusal):
    code = "tests.grid_closed"
    message = _("La grille de %(name)s est close.")
    kept = _("Votre observation est conservée.")


class Busy(DomainRefusal):
    code = "tests.busy"
    message = "Occupé à 100 %."
    status = 409


pytestmark = pytest.mark.django_db


def answer(error, path="/grille/", **headers):
    request = RequestFactory().get(path, headers=headers)
    request.user = AnonymousUser()
    return DomainRefusalMiddleware(lambda _: None).process_exception(request, error)


def test_refusal_fills_its_sentence():
    assert str(GridClosed(name="Zoé")) == "La grille de Zoé est close."


def test_sentence_without_parameters_is_said_as_it_is():
    assert str(Busy()) == "Occupé à 100 %."


def test_people_read_a_page_with_what_was_kept():
    response = answer(GridClosed(name="<Zoé>"))
    text = response.content.decode()
    assert response.status_code == 422
    assert "La grille de &lt;Zoé&gt; est close." in text
    assert "Votre observation est conservée." in text
    assert "<html" in text


def test_part_of_a_page_gets_a_part():
    text = answer(GridClosed(name="Zoé"), **{"HX-Request": "true"}).content.decode()
    assert "est close" in text
    assert "<html" not in text


@pytest.mark.parametrize(
    ("path", "headers"), [("/api/v1/grids", {}), ("/grille/", {"Accept": "application/json"})]
)
def test_programs_get_problem_details(path, headers):
    response = answer(Busy(), path, **headers)
    assert response.status_code == 409
    assert response["Content-Type"] == "application/problem+json"
    problem = json.loads(response.content)
    assert problem["type"] == "urn:acquis:refusal:tests.busy"
    assert (problem["status"], problem["code"]) == (409, "tests.busy")
    assert problem["detail"] == "Occupé à 100 %."


def test_a_fault_is_no_refusal():
    assert answer(ValueError("a bug")) is None
