"""People and letters of these tests."""

from datetime import datetime

import pytest

from acquis.accounts.enums import Role
from acquis.accounts.models import User, Workspace
from acquis.desk.directory.models import Customer
from acquis.desk.documents.models import Letter
from tests.desk.documents.letters import made_final
from tests.factories import accounts
from tests.factories import desk as make


@pytest.fixture
def supervisor(workspace: Workspace) -> User:
    return accounts.user(Role.SUPERVISOR, at=workspace.organisation)


@pytest.fixture
def known(workspace: Workspace) -> Customer:
    return make.customer(
        workspace, title="Mme", first_name="Odile", last_name="Lefèvre", reference="C-00042",
        address_1="3 rue de la Paix", postcode="59000", city="Lille",
    )  # fmt: skip


@pytest.fixture
def final(known: Customer, adviser: User, now: datetime) -> Letter:
    return made_final(known, adviser, now)
