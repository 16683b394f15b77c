import pytest

from tests.factories import frameworks


@pytest.fixture
def certifier():
    return frameworks.certifier()


@pytest.fixture
def signed(client, certifier):
    """A certifier at work."""
    client.force_login(certifier)
    return client


@pytest.fixture
def as_trainer(client, certifier):
    """A trainer of the same organisation at work."""
    client.force_login(frameworks.trainer(frameworks.place_of(certifier)))
    return client
