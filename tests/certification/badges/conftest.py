import pytest

from tests.factories import badges


@pytest.fixture
def badge():
    return badges.badge()
