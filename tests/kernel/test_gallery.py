import re

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=[\"']")
PAGES = [
    ("kernel:gallery", []),
    ("kernel:gallery_focus", []),
    *(("kernel:gallery_page", [code]) for code in ("400", "403", "404", "422", "500")),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "args"), PAGES)
def test_gallery_opens_in_a_demonstration_without_inline_code(client, name, args):
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    assert INLINE.findall(answer.content.decode()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "args"), PAGES)
def test_gallery_asks_to_sign_in_outside_a_demonstration(client, settings, name, args):
    settings.DEMO = False
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 302
    assert "next=" in answer["Location"]


@pytest.mark.django_db
def test_gallery_shows_the_last_of_ten_thousand_rows(client):
    answer = client.get(reverse("kernel:gallery"), {"page": 1250})
    assert "Camille Durand-10000" in answer.content.decode()


@pytest.mark.django_db
def test_language_switch_speaks_the_chosen_language_and_comes_back(client):
    answer = client.post(reverse("kernel:language"), {"language": "en", "next": "/galerie/"})
    assert answer.status_code == 302
    assert answer["Location"] == "/galerie/"
    assert 'lang="en"' in client.get("/galerie/").content.decode()


def test_the_page_of_a_server_error_needs_nothing():
    assert "Code 500" in render_to_string("500.html")
