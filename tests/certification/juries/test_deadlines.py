"""Habilitations on the board of deadlines."""

from datetime import date

import pytest

from acquis.certification.juries.deadlines import KINDS
from tests.factories import certification as make

pytestmark = pytest.mark.django_db


def test_each_habilitation_that_ends_within_a_year_has_a_line() -> None:
    centre = make.organisation()
    near = make.juror(centre, accredited_to=date(2027, 1, 15))
    make.juror(centre, accredited_to=date(2030, 1, 1))
    make.juror(centre, accredited_to=None)
    make.juror(centre, accredited_to=date(2027, 1, 15), is_active=False)
    make.juror(make.organisation(), accredited_to=date(2027, 1, 15))
    found = list(KINDS[0].find(None, centre, make.DAY))
    assert [(one.title, one.due) for one in found] == [(near.full_name, date(2027, 1, 15))]
    assert found[0].urgency(date(2026, 11, 20)) == "soon"
    assert found[0].urgency(date(2027, 1, 16)) == "late"
