"""What every answer carries, and what a forged request gets."""

from importlib import import_module

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.config.settings import base
from acquis.kernel.testing import StrictClient
from tests.factories import accounts as make
from tests.rights import pages

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/connexion/", "/nulle-part/", "/api/v1/me", "/healthz"])
def test_every_answer_carries_the_headers(client, path):
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy  # the exam room holds the desk in a frame of its own
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_cookies_stay_out_of_reach_of_scripts_and_other_sites(client):
    person = make.user(Role.ADVISER)
    client.post("/connexion/", {"email": person.email, "password": make.PASSWORD})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    token = Client().get("/connexion/").cookies[settings.CSRF_COOKIE_NAME]
    assert token["samesite"] == "Lax"


def test_production_sends_cookies_over_https_alone(monkeypatch):
    for name in ("ACQUIS_SECRET_KEY", "ACQUIS_SEALING_KEY", "ACQUIS_HOSTS"):
        monkeypatch.setenv(name, "acquis.example")
    production = import_module("acquis.config.settings.production")
    assert production.SESSION_COOKIE_SECURE
    assert production.CSRF_COOKIE_SECURE
    assert production.SECURE_HSTS_SECONDS >= 31_536_000
    assert not production.DEMO
    assert not production.DEBUG


def stands_apart(page):
    """Pages that no cookie opens: a visitor's key or a gateway's signature stands for who it is."""
    return getattr(page.view, "csrf_exempt", False)


@pytest.mark.parametrize("page", pages(), ids=[page.name for page in pages()])
def test_a_forged_post_is_refused(page):
    """Without the token of its form, no page takes a POST; without its key, no page called by one."""
    client = StrictClient(enforce_csrf_checks=True)
    client.force_login(make.user(*Role, password=None))
    answer = client.post(reverse(page.name, kwargs=page.kwargs))
    assert answer.status_code in ({401, 403, 404} if stands_apart(page) else {403})


def test_a_person_is_not_named_by_a_cookie(client):
    client.cookies["sessionid"] = "0" * 32
    assert client.get("/").status_code == 302


def test_the_secret_of_sessions_has_no_default():
    assert base.SECRET_KEY
    assert "insecure" not in base.SECRET_KEY
