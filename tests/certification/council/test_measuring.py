"""What is counted of a season, and what is not told of few people."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from acquis.certification.council import measuring, season
from acquis.certification.council.models import SurveyAnswer
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.papers.models import Draw
from acquis.certification.registrations.models import Accommodation
from tests.factories import certification as sessions
from tests.factories import council as make
from tests.factories import grading

pytestmark = pytest.mark.django_db


def counted(session, *, year=2026, as_of=make.AFTER):
    """The measured pack of the session's certification."""
    now, before = (
        season.read(session.organisation, session.version.framework, one, as_of)
        for one in (year, year - 1)
    )
    letters = {key: f"J{key}" for key in measuring.jurors_of([now, before])}
    return measuring.measured(now, before, letters)


def by_key(rows):
    return {row["key"]: row for row in rows}


def test_success_is_counted_over_everybody_and_by_route():
    data = counted(make.season(candidates=14, routes=("training", "vae")))

    assert data["counts"] == {
        "sessions": 1, "candidates": 14, "passages": 14, "jurors": 3, "grids": 42, "marks": 252,
        "answers": 0,
    }  # fmt: skip
    outcomes = by_key(data["sections"]["outcomes"])
    assert outcomes["passed"]["figures"]["success"]["value"] == pytest.approx(6 / 14, abs=1e-6)
    assert outcomes["partial"]["n"] == 0
    routes = by_key(data["sections"]["routes"])
    assert {key: row["n"] for key, row in routes.items()} == {"training": 7, "vae": 7}
    assert all(row["caution"] for row in routes.values())


def test_a_route_of_few_is_hidden_and_cannot_be_had_by_subtraction():
    session = make.season(candidates=12, routes=("training",))
    make.judge(session, candidates=3, routes=("vae",), first=50)
    routes = by_key(counted(session)["sections"]["routes"])

    assert (routes["vae"]["hidden"], routes["training"]["hidden"]) == ("few", "whole")
    for row in routes.values():
        assert (row["n"], row["people"], row["figures"]) == (None, None, {})


def arrange(session, seats):
    for seat in seats:
        sessions.accommodation(seat.enrolment)
    Accommodation.objects.update(
        decision_date=session.starts_at.date() - timedelta(days=9), created_at=make.AT
    )


def test_accommodations_are_one_group_and_hide_each_person():
    session = make.season(candidates=14)
    seats = list(session.candidates.order_by("order"))
    arrange(session, seats[:7])
    rows = by_key(counted(session)["sections"]["accommodations"])
    assert {key: row["n"] for key, row in rows.items()} == {"with": 7, "without": 7}

    session = make.season(candidates=14, failing=frozenset(range(7)))
    arrange(session, list(session.candidates.order_by("order"))[:7])
    rows = by_key(counted(session)["sections"]["accommodations"])
    assert {row["hidden"] for row in rows.values()} == {"each"}
    assert not any(row["figures"] for row in rows.values())


def test_an_accommodation_that_had_ended_or_came_later_does_not_count():
    session = make.season(candidates=12)
    first, second, *_ = session.candidates.order_by("order")
    arrange(session, [first, second])
    Accommodation.objects.filter(enrolment=first.enrolment).update(
        ended_at=session.starts_at - timedelta(days=1)
    )
    Accommodation.objects.filter(enrolment=second.enrolment).update(
        decision_date=session.starts_at.date() + timedelta(days=1)
    )
    assert list(by_key(counted(session)["sections"]["accommodations"])) == ["without"]


def test_criteria_have_their_difficulty_and_their_discrimination():
    data = counted(make.season(candidates=35))
    criteria = data["sections"]["criteria"]

    # Candidate n misses the first n % 7 criteria: the first is missed by six in seven.
    shares = [row["figures"]["success"]["value"] for row in criteria]
    assert shares == pytest.approx([n / 7 for n in range(1, 7)], abs=1e-6)
    assert all(row["figures"]["discrimination"]["value"] > 0.3 for row in criteria)
    assert criteria[0]["label"] == "La demande n° 1 du client est comprise"


def test_the_stern_juror_is_told_by_severity_and_the_others_agree():
    session = make.season(candidates=35)
    data = counted(session)
    jurors = by_key(data["sections"]["jurors"])
    stern, *others = [f"J{one.juror_id}" for one in session.jurors.order_by("pk")]

    severity = {key: row["figures"]["severity"] for key, row in jurors.items()}
    assert severity[stern]["low"] > 0.1
    assert all(severity[one]["high"] < 0 for one in others)
    assert severity[stern]["n"] == 35
    pairs = by_key(data["sections"]["pairs"])
    assert pairs[" – ".join(others)]["figures"]["kappa"]["value"] == 1
    assert pairs[" – ".join([stern, others[0]])]["figures"]["kappa"]["high"] < 1
    whole = data["sections"]["agreement"][0]
    assert (whole["key"], whole["people"]) == ("all", 35)
    assert whole["figures"]["raw"]["value"] > whole["figures"]["kappa"]["value"]


def test_two_jurors_are_not_compared():
    data = counted(make.season(candidates=12, jurors=2))

    assert {row["hidden"] for row in data["sections"]["jurors"]} == {"jurors"}
    assert data["sections"]["pairs"] == []
    assert data["sections"]["agreement"][0]["figures"]["kappa"]


def test_one_juror_alone_agrees_with_nobody():
    data = counted(make.season(candidates=6, jurors=1))
    assert (data["sections"]["agreement"], data["sections"]["pairs"]) == ([], [])


def test_four_candidates_are_told_nothing_of():
    sections = counted(make.season(candidates=4))["sections"]

    for name in ("outcomes", "routes", "criteria", "jurors", "agreement", "delays"):
        assert sections[name], name
        assert not any(row["figures"] for row in sections[name]), name


def test_the_year_before_stands_beside_with_the_change():
    session = make.season(candidates=35)
    last_year = make.again(session, make.AT.replace(year=2025))
    for n in range(5):
        make.judge(last_year, candidates=3, first=100 + 3 * n)  # these all pass
    data = counted(session)
    passed = by_key(data["sections"]["outcomes"])["passed"]["figures"]["success"]

    assert (data["counts"]["candidates"], data["counts_before"]["candidates"]) == (35, 15)
    assert passed["before"] == 1
    assert passed["change"]["high"] < 0
    assert "before" not in counted(session, year=2025)["sections"]["outcomes"][0]["figures"]["success"]  # fmt: skip


def test_what_the_year_before_hid_stays_hidden():
    session = make.season(candidates=35)
    make.judge(make.again(session, make.AT.replace(year=2025)), candidates=3, first=100)
    assert "before" not in counted(session)["sections"]["outcomes"][0]["figures"]["success"]


def test_the_year_is_that_of_paris():
    session = make.season(candidates=5)
    session.starts_at = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    session.save()
    assert counted(session)["counts"]["candidates"] == 0
    later = datetime(2027, 6, 1, tzinfo=UTC)
    assert counted(session, year=2027, as_of=later)["counts"]["candidates"] == 5


def test_what_was_decided_later_or_cancelled_is_not_counted():
    session = make.season(candidates=5)
    assert counted(session, as_of=make.AT)["counts"]["candidates"] == 0
    session.state = ExamSession.State.CANCELLED
    session.save()
    assert counted(session)["counts"]["candidates"] == 0


def test_criteria_assessed_elsewhere_count_for_nothing():
    session = make.season(candidates=7, elsewhere="CP1.1")
    sections = counted(session)["sections"]

    assert "CP1.1" not in by_key(sections["criteria"])
    assert "CP1.1" not in by_key(sections["agreement"])


def test_a_code_that_the_edition_does_not_have_is_left_out():
    session = make.season(candidates=7, renamed="CP1.1")
    assert len(counted(session)["sections"]["criteria"]) == 5


def test_subjects_have_their_exposure_and_their_openings():
    session = make.season(candidates=14)
    often, seldom = (sessions.subject(session.organisation) for _ in range(2))
    for n, seat in enumerate(session.candidates.order_by("order")):
        subject = often if n < 11 else seldom
        drawn = Draw.objects.create(
            session=session,
            candidate=seat,
            kind=subject.kind,
            subject=subject,
            pool=[],
            seed="0" * 64,
            drawn_at=make.AT,
            drawn_by=session.manager,
        )
        subject.openings.create(
            draw=drawn, opened_by=session.manager, opened_at=make.AT, purpose="exam"
        )
    rows = by_key(counted(session)["sections"]["subjects"])

    assert (rows[often.reference]["n"], rows[seldom.reference]["n"]) == (11, 3)
    assert (rows[often.reference]["opened"], rows[often.reference]["readers"]) == (11, 1)
    assert rows[often.reference]["figures"]["exposure"]["value"] == pytest.approx(11 / 14, abs=1e-6)
    # Three people had the second: what they became is hidden, and so is the other's.
    assert "success" not in rows[seldom.reference]["figures"]
    assert "success" not in rows[often.reference]["figures"]


def test_delays_run_from_step_to_step_and_promises_are_counted():
    """Summoned 40 days before for half, 20 for the others; told 12 days after, 10 were promised."""
    rules = {"results_within": "P10D", "summons_before": "P1M"}
    session = make.season(candidates=10, rules=rules)
    for n, seat in enumerate(session.candidates.order_by("order")):
        make.summoned(seat, days=40 if n % 2 else 20)
        make.told(seat, days=12, certified=n < 6, deposited=n < 5)
    rows = by_key(counted(session)["sections"]["delays"])

    assert {key: (row["n"], row["median"]) for key, row in rows.items()} == {
        "summons": (10, 30),
        "deliberation": (10, 1),
        "results": (10, 11),
        "certificate": (6, 12),
        "cpf": (5, 100),
    }
    assert (rows["summons"]["ninth"], rows["summons"]["longest"]) == (40, 40)
    in_time = {
        key: row["figures"]["in_time"]["value"]
        for key, row in rows.items()
        if "in_time" in row["figures"]
    }
    assert in_time == {"summons": 0.5, "results": 0, "cpf": 0}


def test_results_not_yet_due_break_no_promise():
    session = make.season(candidates=6, rules={"results_within": "P10D"})
    early = counted(session, as_of=make.AT + timedelta(days=5))["sections"]["delays"]
    assert "in_time" not in by_key(early)["deliberation"]["figures"]
    now = season.read(
        session.organisation, session.version.framework, 2026, make.AT + timedelta(days=30)
    )
    assert now.promises["results"] == season.Promise(0, 6)


def test_satisfaction_counts_those_who_agree_among_those_who_answered():
    session = make.season(candidates=12)
    framework = session.version.framework
    for n in range(8):
        SurveyAnswer.objects.create(
            organisation=session.organisation,
            framework=framework,
            year=2026,
            overall=4 if n < 6 else 2,
            welcome=3 if n < 4 else None,
        )
    data = counted(session)
    rows = by_key(data["sections"]["satisfaction"])

    assert data["counts"]["answers"] == 8
    assert rows["overall"]["figures"]["success"]["value"] == 0.75
    assert rows["welcome"]["hidden"] == "few"
    assert "jury" not in rows


def test_an_empty_season_has_no_rows():
    session = grading.session()
    data = counted(session)
    assert not any(rows for rows in data["sections"].values())
    assert not any(data["counts"].values())


def test_reading_takes_as_many_queries_for_one_candidate_as_for_many():
    def queries(session):
        with CaptureQueriesContext(connection) as caught:
            season.read(session.organisation, session.version.framework, 2026, make.AFTER)
        return len(caught)

    assert queries(make.season(candidates=1)) == queries(make.season(candidates=20))


def test_what_is_offered_is_each_certification_and_year_judged():
    session = make.season(candidates=3)
    make.judge(make.again(session, make.AT.replace(year=2025)), candidates=2, first=50)
    framework = session.version.framework
    assert season.years_of(session.organisation) == [(framework, 2026, 3), (framework, 2025, 2)]
