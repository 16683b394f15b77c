"""An open grid may be kept on its juror's device, by a service worker that rules nothing but grids."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from acquis.certification.grading.models import Grid
from acquis.certification.grading.views.grids import KEEPER
from tests.factories import grading

pytestmark = pytest.mark.django_db
TWELVE_HOURS = "43200"


@pytest.fixture
def grid():
    return grading.grids(grading.session(candidates=1))[0]


def page_of(client, grid):
    client.force_login(grading.juror_of(grid))
    return client.get(reverse("grading:grid", args=[grid.pk]))


def constant(name):
    return re.search(rf'^const {name} = "([^"]+)"', KEEPER.read_text(), re.MULTILINE)[1]


def test_the_worker_is_a_script_asked_for_anew_and_under_the_policy_of_content(client):
    answer = client.get(reverse("grading:keeper"))

    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert answer.content == KEEPER.read_bytes()


def test_the_worker_lies_where_it_can_rule_grids_and_nothing_else(client):
    """A browser lets a worker rule what lies under its own address, unless told otherwise."""
    answer = client.get(reverse("grading:keeper"))
    rules = reverse("grading:keeper").rpartition("/")[0]

    assert "Service-Worker-Allowed" not in answer
    assert rules == "/notation/grilles"
    assert reverse("grading:grid", args=[7]) == f"{rules}/7/"
    assert not reverse("grading:home").startswith(rules)


def test_the_worker_knows_the_addresses_and_the_cookie_of_the_settings():
    assert constant("FILES") == settings.STATIC_URL
    assert constant("SIGN_IN_COOKIE") == settings.CSRF_COOKIE_NAME
    assert not settings.CSRF_COOKIE_HTTPONLY


def test_an_open_grid_may_be_kept_for_as_long_as_a_sign_in_lasts(client, grid):
    answer = page_of(client, grid)

    assert answer["Acquis-Keep"] == TWELVE_HOURS == str(settings.SESSION_COOKIE_AGE)
    text = answer.content.decode()
    assert text.count('data-kept-notice="" hidden=""') == 1
    assert text.count('data-kept-marks=""') == 1
    assert f'data-keeper="{reverse("grading:keeper")}"' in text


def test_a_closed_grid_is_not_kept(client, grid):
    Grid.objects.filter(pk=grid.pk).update(closed_at=timezone.now())

    answer = page_of(client, grid)

    assert "Acquis-Keep" not in answer
    assert "data-kept-notice" not in answer.content.decode()


def test_neither_a_refused_closing_nor_another_s_grid_nor_other_pages_are_kept(client, grid):
    juror = grading.juror_of(grid)
    other = Grid.objects.exclude(juror__juror__user=juror)[0]
    client.force_login(juror)

    for answer in (
        client.post(reverse("grading:close_grid", args=[grid.pk]), {"general_observation": ""}),
        client.get(reverse("grading:grid", args=[other.pk])),
        client.get(reverse("grading:home")),
        client.get(reverse("grading:read_grid", args=[grid.pk])),
    ):
        assert "Acquis-Keep" not in answer


def test_what_was_typed_can_never_be_taken_for_the_places_that_the_worker_fills(client, grid):
    typed = 'data-kept-marks="" data-kept-notice="" hidden=""'
    grading.mark(grid, "CP1.1", grading.ACQUIRED)
    grid.marks.filter(criterion="CP1.1").update(observation=typed)

    text = page_of(client, grid).content.decode()

    assert text.count('data-kept-marks=""') == 1
    assert text.count('data-kept-notice="" hidden=""') == 1
