from datetime import datetime

import pytest

from acquis.accounts.models import Organisation
from acquis.certification.cpf import queries
from acquis.practice.demo.load import SLUG, load_demo

pytestmark = pytest.mark.django_db


def test_some_are_told_some_are_ready_and_one_lacks_a_commune(now: datetime) -> None:
    load_demo(now=now, say=lambda _line: None)
    centre = Organisation.objects.get(slug=SLUG)
    found = queries.counts(centre, now.date())
    status = sorted(queries.deliveries(centre).values_list("status", flat=True))
    assert status == ["accepted", "rejected", "todo", "waiting", "waiting"]
    assert (found.ready, found.incomplete, list(found.gaps)) == (3, 1, ["birth_city"])
    assert (found.late, found.soon) == (0, 4)
