from collections.abc import Callable

import pytest

from acquis.accounts.models import User, Workspace
from acquis.kernel.testing import StrictClient
from tests.factories import desk as make


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make.desk()


@pytest.fixture
def adviser(workspace: Workspace) -> User:
    return make.adviser(workspace.organisation)


@pytest.fixture
def signed_in(adviser: User) -> StrictClient:
    client = StrictClient()
    client.force_login(adviser)
    return client


@pytest.fixture
def htmx() -> dict[str, str]:
    """The header by which a page in place asks for a part."""
    return {"HX-Request": "true"}


Count = Callable[[Callable[[], object]], int]
