"""Requests drawn from the API's own OpenAPI document: no server error, every answer as declared."""

import json

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings

from acquis.accounts.enums import Role
from acquis.accounts.models import Membership
from acquis.config.api import api
from tests.factories import accounts as make

EXAMPLES = 6  # an operation: the whole takes seconds


@pytest.fixture
def bearer(db):
    """A key with every scope that roles can give it."""
    place = make.organisation()
    person = make.user(Role.CERTIFYING_BODY, at=place)
    for role in set(Role) - {Role.CERTIFYING_BODY}:
        Membership.objects.create(user=person, organisation=place, role=role)
    return {"Authorization": f"Bearer {make.token(person)}"}


@pytest.fixture(autouse=True)
def _connection_stays_open():
    """A request ends by closing its connection, which here holds the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


schema = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema())))
schema.app = get_wsgi_application()


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_is_a_server_error(case, bearer):
    case.call_and_validate(
        headers=bearer,
        checks=[
            schemathesis.checks.not_a_server_error,
            schemathesis.specs.openapi.checks.status_code_conformance,
            schemathesis.specs.openapi.checks.content_type_conformance,
            schemathesis.specs.openapi.checks.response_schema_conformance,
        ],
    )
