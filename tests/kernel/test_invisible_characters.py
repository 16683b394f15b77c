"""NUL characters and overrides of direction never reach a view."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.http import urlencode

from acquis.kernel.middleware import NoInvisibleCharactersMiddleware

OVERRIDES = "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))
MARKS = "\u200e\u200f\u061c"  # what right-to-left languages are typed with


def cleaned(request: HttpRequest) -> None:
    NoInvisibleCharactersMiddleware(lambda _request: None).process_view(request)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_null_characters_are_dropped_and_the_text_stays(rf, method):
    request: HttpRequest = rf.generic(method, "/")
    request.GET = QueryDict("q=a%00b&q=c")
    if method == "POST":
        request.POST = QueryDict("body=Bon%00jour")
    cleaned(request)
    assert request.GET.getlist("q") == ["ab", "c"]
    if method == "POST":
        assert request.POST["body"] == "Bonjour"


@pytest.mark.parametrize("override", OVERRIDES)
def test_an_override_of_direction_disguises_no_name_and_no_link(rf, override):
    request = rf.post("/", {"name": f"facture{override}gpj.exe", "other": "déjà"})
    cleaned(request)
    assert request.POST["name"] == "facturegpj.exe"
    assert request.POST["other"] == "déjà"


def test_clean_values_and_the_marks_of_direction_are_left_as_they_are(rf):
    request = rf.get("/?" + urlencode({"q": f"שלום{MARKS} déjà"}))
    before = request.GET
    cleaned(request)
    assert request.GET is before


@pytest.mark.django_db
def test_a_page_answers_an_address_with_a_null_character(client):
    assert client.get("/connexion/?next=%00").status_code == 200


def test_the_name_of_a_file_is_read_as_it_is(rf):
    request = rf.post("/", {"file": SimpleUploadedFile("facture\u202egpj.exe", b"x")})
    cleaned(request)
    assert request.FILES["file"].name == "facturegpj.exe"
