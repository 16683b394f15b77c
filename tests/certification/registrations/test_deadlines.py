"""Windows to come again on the board of deadlines (X-06, X-09)."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from acquis.accounts.enums import Role
from acquis.certification.registrations import files, policy
from acquis.certification.registrations.actions import record_outcome
from acquis.certification.registrations.deadlines import KINDS
from acquis.certification.registrations.models import Result
from tests.factories import certification as make

CAPI, TRAINING = policy.CAPITALISATION, "training"


@pytest.mark.parametrize(
    ("sat", "taken", "block", "route", "several", "counts"),
    [
        ("", TRAINING, "", TRAINING, False, True),
        ("", CAPI, "", TRAINING, False, True),
        ("CCP1", TRAINING, "", TRAINING, False, True),
        ("", TRAINING, "", TRAINING, True, True),
        ("CCP1", TRAINING, "", TRAINING, True, False),
        ("", CAPI, "", TRAINING, True, False),
        ("", CAPI, "", CAPI, True, True),
        ("", TRAINING, "", CAPI, True, False),
        ("", TRAINING, "CCP1", TRAINING, True, True),
        ("CCP1", TRAINING, "CCP1", TRAINING, True, True),
        ("CCP2", TRAINING, "CCP1", TRAINING, True, False),
        ("", CAPI, "CCP1", TRAINING, True, False),
        ("", CAPI, "CCP1", TRAINING, False, True),
    ],
)
def test_what_is_an_attempt_at_what(sat, taken, block, route, several, counts) -> None:
    found = policy.counts_for(sat, taken, block=block, route=route, several=several)
    assert found is counts


@given(st.sampled_from(["", "CCP1"]), st.booleans())
def test_the_exam_that_was_sat_is_an_attempt_at_itself(block: str, several: bool) -> None:
    assert policy.counts_for(block, TRAINING, block=block, route=TRAINING, several=several)


pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return make.organisation()


def content(**rules):
    made = make.ccp1_content()
    made["rules"] = {**made.get("rules", {}), **rules}
    return made


def failed(centre, days_ago: int, *, version=None, outcome="failed", **fields):
    version = version or make.framework_version(
        content=content(retake_within="P1Y", attempts_max=2)
    )
    enrolled = make.enrolment(make.candidate(centre), version, **fields)
    decide(enrolled, days_ago, outcome)
    return enrolled


def decide(enrolled, days_ago: int, outcome="failed"):
    record_outcome(
        enrolment=enrolled,
        outcome=outcome,
        blocks=[],
        sat_on=today() - timedelta(days=days_ago),
        session_reference=f"S-{enrolled.pk}-{days_ago}",
        by=None,
        at=timezone.now(),
    )


def today() -> date:
    return timezone.localtime().date()


def lines(centre):
    manager = make.person(Role.SESSION_MANAGER, organisation=centre)
    (kind,) = KINDS
    return list(kind.find(manager, centre, timezone.now()))


def test_a_failure_opens_a_window_until_its_last_day(centre) -> None:
    enrolled = failed(centre, 10)
    (line,) = lines(centre)
    assert line.title == enrolled.candidate.full_name
    assert line.due == policy.later(today() - timedelta(days=10), "P1Y")
    assert line.due == files.right_to_come_again(enrolled.results.get()).until
    assert dict(line.facts) == {"présentations restantes": 1}
    assert (line.done, line.urgency(today())) == (False, "later")


def test_near_its_end_it_is_told(centre) -> None:
    failed(centre, 330)
    (line,) = lines(centre)
    assert line.urgency(today()) == "soon"


def test_with_a_seat_in_a_later_session_it_is_held(centre) -> None:
    enrolled = failed(centre, 10)
    again = make.enrolment(enrolled.candidate, enrolled.version, attempt=2)
    session = make.bare_session(
        centre, version=enrolled.version, starts_at=timezone.now() + timedelta(days=40)
    )
    seat = make.seat(session, enrolment=again)
    (line,) = lines(centre)
    assert (line.done, dict(line.facts)["session prévue"]) == (True, 1)
    type(session).objects.filter(pk=session.pk).update(state="cancelled")
    assert seat
    (line,) = lines(centre)
    assert not line.done


def test_no_line_once_obtained_exhausted_past_or_without_a_window(centre) -> None:
    obtained = failed(centre, 90)
    decide(make.enrolment(obtained.candidate, obtained.version, attempt=2), 30, "passed")
    exhausted = failed(centre, 90)
    decide(make.enrolment(exhausted.candidate, exhausted.version, attempt=2), 30)
    failed(centre, 400)
    failed(make.organisation(), 10)  # of another centre
    open_ended = content(retake_within=None)
    open_ended["kind"] = "rs"
    failed(centre, 10, version=make.framework_version(content=open_ended, code="RS1"))
    assert lines(centre) == []


def renewed(old, **rules):
    """The edition that replaces this one, under another code of the registers."""
    return make.framework_version(
        content=content(retake_within="P1Y", **rules),
        code="RS9999",
        previous=old,
        correspondences=[{"from": "CCP1", "to": "CCP1", "kind": "block"}],
    )


def test_the_window_runs_from_the_first_exam_through_a_renewal(centre) -> None:
    first = failed(centre, 90)
    new = renewed(first.version, attempts_max=3)
    decide(make.enrolment(first.candidate, new), 30)

    (line,) = lines(centre)

    assert line.due == policy.later(today() - timedelta(days=90), "P1Y")
    assert dict(line.facts) == {"présentations restantes": 1}
    again = Result.objects.get(enrolment__version=new)
    assert files.right_to_come_again(again).until == line.due


@pytest.mark.parametrize("outcome", ["passed", "failed"])
def test_no_line_once_obtained_or_exhausted_under_the_code_of_a_renewal(centre, outcome) -> None:
    first = failed(centre, 90)
    new = renewed(first.version, attempts_max=2)
    failed(centre, 400, version=new)  # of somebody else
    decide(make.enrolment(first.candidate, new), 30, outcome)

    assert lines(centre) == []


def test_an_exam_of_another_block_under_that_code_leaves_the_window(centre) -> None:
    first = failed(centre, 90)
    new = renewed(first.version)
    decide(make.enrolment(first.candidate, new, block="CCP2"), 30)
    windows = {line.due for line in lines(centre)}

    assert policy.later(today() - timedelta(days=90), "P1Y") in windows


def test_many_candidates_ask_as_often_as_one(centre, count_queries) -> None:
    manager = make.person(Role.SESSION_MANAGER, organisation=centre)
    (kind,) = KINDS
    old = failed(centre, 10).version
    version = renewed(renewed(old, attempts_max=2), attempts_max=2)
    failed(centre, 10, version=version)

    def found():
        return list(kind.find(manager, centre, timezone.now()))

    asked = count_queries(found)
    for days in (20, 30, 40):
        failed(centre, days, version=version)
    assert len(found()) == 5
    assert count_queries(found) == asked
