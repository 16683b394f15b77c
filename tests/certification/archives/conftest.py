import pytest
from django.utils import timezone

from acquis.regulation.actions.install_parameters import install_parameters


@pytest.fixture(autouse=True)
def parameters(db):
    """The times that the regulation gives."""
    install_parameters(by=None, at=timezone.now())
