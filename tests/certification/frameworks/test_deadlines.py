"""Ends of validity on the board of deadlines."""

from datetime import date

import pytest

from acquis.certification.frameworks.deadlines import KINDS, renewal_day
from acquis.certification.frameworks.models import Framework
from tests.factories import certification as make

pytestmark = pytest.mark.django_db


def test_a_renewal_is_filed_seven_months_before() -> None:
    assert renewal_day(date(2027, 12, 31)) == date(2027, 5, 31)
    assert renewal_day(date(2027, 9, 30)) == date(2027, 2, 28)


def test_titles_end_on_their_day_and_registrations_are_renewed_before() -> None:
    centre = make.organisation()
    title = make.framework_version(organisation=centre, code="T", valid_to=date(2027, 7, 5))
    rncp = make.framework_version(organisation=centre, code="R", valid_to=date(2028, 7, 31))
    Framework.objects.filter(pk=rncp.framework_id).update(kind="rncp")
    make.framework_version(organisation=centre, code="S")
    make.framework_version(organisation=make.organisation(), code="A", valid_to=date(2027, 7, 5))

    def found():
        return {one.url: one for one in KINDS[0].find(None, centre, make.DAY)}

    lines = {one.title[-2:-1]: one for one in found().values()}
    assert {code: one.due for code, one in lines.items()} == {
        "T": date(2027, 7, 5),
        "R": date(2027, 12, 31),
    }
    assert not any(one.done for one in lines.values())
    make.framework_version(organisation=centre, code="T", valid_from=date(2027, 7, 6))
    assert [one.done for one in found().values() if one.title.endswith("(T)")] == [True]
    assert title.valid_to == date(2027, 7, 5)
