import pytest

from acquis.accounts.enums import Role
from acquis.certification.frameworks.actions.install_catalogue import install_catalogue
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.certification.registrations import files, policy, queries
from acquis.certification.registrations.models import Enrolment
from acquis.practice.demo.candidates import CANDIDATES, enrol_others
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db


def test_the_other_candidates_show_each_route_and_each_state() -> None:
    centre = make.organisation()
    by = make.person(Role.SESSION_MANAGER, organisation=centre)
    install_catalogue(by=by, at=DAY)
    version = FrameworkVersion.objects.get(framework__code="TP-00483", edition="06")
    enrol_others(centre=centre, version=version, by=by, at=DAY)
    enrolments = {one.candidate.birth_name: one for one in Enrolment.objects.all()}
    assert len(enrolments) == len(CANDIDATES)
    for one in enrolments.values():
        assert policy.bars(files.way_of(one), DAY.date()) == []
    assert len(queries.accommodations_of(enrolments["CARPENTIER"])) == 2
    assert queries.accommodations_of(enrolments["OUEDRAOGO"]) == []  # the decision is awaited
    assert files.with_missing_papers(centre).count() == len(CANDIDATES)
    assert queries.readiness(centre).incomplete == 1
