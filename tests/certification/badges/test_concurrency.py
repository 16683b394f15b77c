"""Keys that several processes need first at the same moment are made once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from acquis.certification.badges.actions import keys_in_force
from acquis.certification.badges.models import BadgeKey
from tests.factories import accounts
from tests.factories.grading import AT


@pytest.mark.django_db(transaction=True)
def test_keys_that_are_needed_at_once_are_made_once() -> None:
    organisation = accounts.organisation()
    gate = Barrier(3)

    def needed(_worker: int) -> tuple[int, int]:
        gate.wait(timeout=20)
        try:
            pair = keys_in_force(organisation=organisation, by=None, at=AT)
        finally:
            connections.close_all()
        return pair.rsa.pk, pair.ed25519.pk

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(needed, range(3)))

    assert len(set(answers)) == 1
    assert BadgeKey.objects.count() == 2
