"""Who leads the desk, and a customer whom it knows."""

import pytest

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.directory.models import Customer
from acquis.kernel.testing import StrictClient
from tests.factories import accounts
from tests.factories import desk as make


@pytest.fixture
def supervisor(workspace: Workspace) -> User:
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation)


@pytest.fixture
def supervising(supervisor: User) -> StrictClient:
    client = StrictClient()
    client.force_login(supervisor)
    return client


@pytest.fixture
def known(workspace: Workspace) -> Customer:
    return make.customer(workspace, phone="+33639980001", postcode="42300", city="Roanne")
