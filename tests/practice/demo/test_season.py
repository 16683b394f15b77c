"""The plans of the demonstration hold, and cost no more than what the planner finds today."""

import pytest

from acquis.accounts.models import Organisation
from acquis.certification.planning import queries
from acquis.certification.planning.assembling import assemble, faults
from acquis.certification.planning.checking import violations
from acquis.certification.planning.models import SeasonPlan
from acquis.certification.planning.revisions import panels_in, plan_in
from acquis.certification.planning.solving import solve
from acquis.certification.planning.tasks import formed
from acquis.practice.demo.load import SLUG
from acquis.practice.demo.season import TITLE, Found, keep_found

pytestmark = pytest.mark.django_db


@pytest.fixture
def plans(loaded: tuple[str, ...], db: None) -> tuple[SeasonPlan, SeasonPlan]:
    """The plan of the title and that of a block."""
    title, block = queries.plans(Organisation.objects.get(slug=SLUG)).order_by("pk")
    return title, block


def test_one_plan_is_found_and_one_is_published_as_a_session(plans) -> None:
    title, block = plans
    assert (title.state, block.state) == ("solved", "published")
    assert title.slots.filter(position__gt=0).count() == 9 * 7
    session = block.sessions.get().session
    assert session.candidates.count() == 4
    assert session.jurors.filter(juror__user__is_demo=True).count() == 1
    for plan in plans:
        found = assemble(plan)
        content = queries.current_revision(plan).content
        solution, problem = plan_in(found, content), found.with_panels(panels_in(content))
        assert faults(found) == []
        assert violations(problem, solution.placed, solution.duties) == []


def test_what_is_stored_is_as_short_as_what_is_found_again(plans) -> None:
    found = assemble(plans[0])
    again = solve(found.with_panels(formed(found)))
    assert again.proofs[0].value == len({(day, jury) for _, day, jury, *_ in TITLE.hours})


def test_a_stored_timetable_that_breaks_a_rule_is_refused(plans, now) -> None:
    *others, last = TITLE.hours
    early = (*last[:3], *(at - 20 for at in last[3:]))
    clashing = Found(TITLE.juries, (*others, early), TITLE.proofs)
    with pytest.raises(ValueError, match="jury_busy"):
        keep_found(plans[0], clashing, plans[0].created_by, now)
