"""Who leads the desk."""

import pytest

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.kernel.testing import StrictClient
from tests.factories import accounts


@pytest.fixture
def supervisor(workspace: Workspace) -> User:
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation)


@pytest.fixture
def supervising(supervisor: User) -> StrictClient:
    client = StrictClient()
    client.force_login(supervisor)
    return client
