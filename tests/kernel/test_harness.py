"""The harness itself: what it must catch, it catches."""

import socket
import warnings

import pytest
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory
from pytest_socket import SocketConnectBlockedError
from zeal.errors import NPlusOneError

from acquis.kernel import testing
from acquis.kernel.models import IdempotencyRecord
from acquis.kernel.testing import SafeMethodsDoNotWrite, StrictClient, WriteOnSafeMethod
from tests.factories import accounts


def rendered(source, **context):
    return engines["django"].from_string(source).render(context)


def test_unknown_template_variable_fails():
    with pytest.raises(AssertionError, match="candidat"):
        rendered("Bonjour {{ candidat }}")


def test_unknown_attribute_fails():
    with pytest.raises(AssertionError, match=r"job\.nam"):
        rendered("{{ job.nam }}", job=object())


def test_unknown_variable_behind_a_filter_fails():
    with pytest.raises(AssertionError, match="candidat"):
        rendered("{{ candidat|default:'–' }}")


def test_conditions_may_ask_whether_a_variable_exists():
    assert rendered("{% if candidat %}x{% else %}y{% endif %}") == "y"
    assert rendered("{% firstof candidat 'z' %}") == "z"


def test_known_empty_values_are_shown_empty():
    assert rendered("[{{ nom }}]", nom="") == "[]"


def served(method, act):
    def view(request):
        act()
        return HttpResponse()

    return SafeMethodsDoNotWrite(view)(RequestFactory().generic(method, "/"))


@pytest.fixture
def write(now):
    return lambda: IdempotencyRecord.objects.create(scope="s", key="k", created_at=now)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_that_writes_fails(method, write):
    with pytest.raises(WriteOnSafeMethod, match="kernel_idempotencyrecord"):
        served(method, write)


@pytest.mark.django_db
def test_looking_that_removes_fails(write):
    write()
    with pytest.raises(WriteOnSafeMethod):
        served("GET", IdempotencyRecord.objects.all().delete)


@pytest.mark.django_db
def test_posting_may_write(write):
    served("POST", write)
    assert IdempotencyRecord.objects.exists()


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<style>p { color: red }</style>",
        '<p style="color: red">',
        '<button onclick="go()">',
        '<button hx-on:click="go()">',
        '<a href="javascript:go()">',
        '<a href=" JavaScript:go()">',
        '<a href="java&#115;cript:go()">',
        '<SCRIPT data-src="/static/app.js"></SCRIPT>',
        '<img alt="x"onerror="go()">',
        "<svg/onload = go()>",
    ],
)
def test_what_the_content_policy_would_refuse_is_found(source):
    assert testing.inline_faults(source)


def test_what_the_content_policy_accepts_is_left_alone():
    source = (
        '<script src="/static/app.js"></script>'
        '<script type="application/json">{"a": 1}</script><p class="style">on the phone</p>'
    )
    assert testing.inline_faults(source) == []


@pytest.mark.urls("tests.kernel.faulty_urls")
def test_client_refuses_a_page_with_inline_code():
    with pytest.raises(AssertionError, match="onclick= on <p>"):
        StrictClient().get("/")


@pytest.mark.django_db
@pytest.mark.urls("tests.kernel.faulty_urls")
def test_page_that_queries_once_a_row_fails():
    for _ in range(4):
        accounts.user()
    with pytest.raises(NPlusOneError):
        StrictClient().get("/lignes/")


def test_warnings_are_errors():
    with pytest.raises(UserWarning, match="careful"):
        warnings.warn("careful", stacklevel=1)


def test_network_is_out_of_reach():
    # The refusal itself, or the warning of it, which is an error here.
    blocked = (SocketConnectBlockedError, UserWarning)
    with socket.socket() as outside, pytest.raises(blocked):
        outside.connect(("192.0.2.1", 80))
