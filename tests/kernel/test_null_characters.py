"""NUL characters never reach a view."""

import pytest
from django.http import HttpRequest, QueryDict

from acquis.kernel.middleware import NoNullCharactersMiddleware


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_null_characters_are_dropped_and_the_text_stays(rf, method):
    request: HttpRequest = rf.generic(method, "/")
    request.GET = QueryDict("q=a%00b&q=c")
    if method == "POST":
        request.POST = QueryDict("body=Bon%00jour")
    NoNullCharactersMiddleware(lambda _request: None).process_view(request)
    assert request.GET.getlist("q") == ["ab", "c"]
    if method == "POST":
        assert request.POST["body"] == "Bonjour"


def test_clean_values_are_left_as_they_are(rf):
    request = rf.get("/", {"q": "déjà"})
    before = request.GET
    NoNullCharactersMiddleware(lambda _request: None).process_view(request)
    assert request.GET is before


@pytest.mark.django_db
def test_a_page_answers_an_address_with_a_null_character(client):
    assert client.get("/connexion/?next=%00").status_code == 200
