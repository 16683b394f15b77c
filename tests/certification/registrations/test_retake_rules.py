"""The rules of coming again, without a database: terms, windows, attempts, editions that end (X-06, X-09)."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.certification import frameworks
from acquis.certification.registrations import policy
from acquis.certification.registrations.policy import Attempt, RetakeRules, Way
from acquis.certification.registrations.policy.retakes import closing_bars

SAT = date(2026, 11, 20)
TITLE, CERTIFICATE = "titre_professionnel", "certificat_professionnel"
EVERYTHING = frozenset({"experience", "new_training"})


def catalogue(name: str) -> dict[str, Any]:
    folder = Path(frameworks.__file__).parent / "catalogue"
    return json.loads((folder / f"{name}.json").read_text("utf-8"))


def filea() -> RetakeRules:
    return policy.retake_rules(catalogue("filea-appels-sortants"), CERTIFICATE)


def crcd() -> RetakeRules:
    return policy.retake_rules(catalogue("crcd-tp-00483-06"), TITLE)


def failures(*days: date, route: str = "training") -> list[Attempt]:
    return [Attempt(day, "failed", route) for day in days]


def barred(
    rules: RetakeRules,
    attempts: list[Attempt],
    on: date,
    *,
    route: str = "training",
    brought: frozenset[str] = EVERYTHING,
) -> dict[str, dict[str, Any]]:
    """Each code with what its sentence tells."""
    found = policy.bars(Way(route, rules=rules, attempts=attempts, brought=brought), on)
    return {bar.code: dict(bar.params) for bar in found}


# ---- The rules of a framework ----


def test_a_framework_that_states_its_terms_is_followed() -> None:
    assert filea() == RetakeRules(within="P1Y", attempts_max=2, proof="experience")


def test_a_title_that_states_nothing_follows_the_rules_of_titles() -> None:
    """A year without a new training, no number of attempts, a year to finish once it is closed."""
    assert crcd() == RetakeRules(within="P1Y", beyond="training", finish_within="P1Y")


def test_another_certification_that_states_nothing_sets_no_limit() -> None:
    rules = policy.retake_rules(catalogue("rs-optimiser-relation-client"), "rs")
    assert rules == RetakeRules()
    long_after = SAT + timedelta(days=3650)
    assert barred(rules, failures(SAT, SAT), long_after, brought=frozenset()) == {}
    assert policy.retake(rules, "training", failures(SAT)).until is None


def test_what_a_title_states_stands_before_the_rules_of_titles() -> None:
    stated = {"retake_within": "P6M", "retake_beyond": "refused", "finish_within": "P2Y"}
    rules = policy.retake_rules({"rules": stated}, TITLE)
    assert rules == RetakeRules(within="P6M", beyond="refused", finish_within="P2Y")


@pytest.mark.parametrize(
    ("day", "duration", "last"),
    [
        (SAT, "P1Y", date(2027, 11, 20)),  # X-09, the window
        (SAT, "P10D", date(2026, 11, 30)),  # X-09, the results
        (SAT, "P2W", date(2026, 12, 4)),
        (SAT, "P2M", date(2027, 1, 20)),
        (date(2027, 1, 31), "P1M", date(2027, 2, 28)),
        (date(2028, 2, 29), "P1Y", date(2029, 2, 28)),
    ],
)
def test_a_period_ends_on_the_same_day_of_its_last_month(day, duration, last) -> None:
    assert policy.later(day, duration) == last


@pytest.mark.parametrize("duration", ["", "1Y", "P1", "PT1H", "P1Y6M", "P1Y ", "P-1Y"])
def test_what_is_no_duration_is_refused(duration: str) -> None:
    with pytest.raises(ValueError, match=f"^{duration}$"):
        policy.later(SAT, duration)


# ---- FILEA: two attempts, within a year, with experience (X-09) ----


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        (date(2026, 11, 21), set()),
        (date(2027, 11, 20), set()),
        (date(2027, 11, 21), {"retake_window"}),
    ],
)
def test_the_window_lasts_to_its_last_day_and_nobody_comes_after_it(on: date, codes) -> None:
    assert set(barred(filea(), failures(SAT), on)) == codes


def test_who_comes_too_late_is_told_the_last_day_and_asked_for_no_paper() -> None:
    found = barred(filea(), failures(SAT), date(2027, 11, 21), brought=frozenset())
    assert found == {"retake_window": {"day": date(2027, 11, 20)}}


def test_coming_again_asks_for_experience_in_the_job() -> None:
    on, none = date(2027, 3, 1), frozenset[str]()
    assert set(barred(filea(), failures(SAT), on, brought=none)) == {"retake_experience"}
    assert barred(filea(), failures(SAT), on, brought=frozenset({"experience"})) == {}
    assert barred(filea(), [], on, brought=none) == {}  # a first exam asks for none
    assert policy.retake_papers(filea(), "training", failures(SAT), on) == ("experience",)
    assert policy.retake_papers(filea(), "training", [], on) == ()


def test_a_second_failure_is_the_last() -> None:
    twice = failures(SAT, date(2027, 3, 1))
    found = barred(filea(), twice, date(2027, 4, 1))
    assert found == {"attempts_used": {"attempts": 2, "maximum": 2}}


@pytest.mark.parametrize(("sat", "left", "allowed"), [(1, 1, True), (2, 0, False), (3, 0, False)])
def test_what_remains_is_counted_and_never_below_nothing(sat: int, left: int, allowed) -> None:
    right = policy.retake(filea(), "training", failures(*[SAT] * sat))
    assert (right.left, right.allowed) == (left, allowed)


@given(
    st.lists(st.dates(date(2020, 1, 1), date(2030, 1, 1)), min_size=1, max_size=6),
    st.randoms(use_true_random=False),
)
def test_the_window_runs_from_the_first_exam_whatever_came_after(days, order) -> None:
    shuffled = list(days)
    order.shuffle(shuffled)
    assert policy.retake(filea(), "training", failures(*shuffled)).until == policy.later(
        min(days), "P1Y"
    )


# ---- Titles: a year without a new training (X-06) ----


def test_beyond_the_year_a_new_training_is_the_way_back() -> None:
    last, late = date(2027, 11, 20), date(2027, 11, 21)
    none = frozenset[str]()
    assert barred(crcd(), failures(SAT), last, brought=none) == {}
    assert barred(crcd(), failures(SAT), late, brought=none) == {"retake_training": {"day": last}}
    assert barred(crcd(), failures(SAT), late, brought=frozenset({"new_training"})) == {}
    assert policy.retake_papers(crcd(), "training", failures(SAT), last) == ()
    assert policy.retake_papers(crcd(), "training", failures(SAT), late) == ("new_training",)


def test_a_title_sets_no_number_of_attempts() -> None:
    often = failures(*[SAT + timedelta(days=30 * n) for n in range(8)])
    assert barred(crcd(), often, date(2027, 11, 20)) == {}
    assert policy.retake(crcd(), "training", often).left is None


def test_the_year_binds_those_who_came_from_a_training_only() -> None:
    ten_years_on = SAT + timedelta(days=3650)
    came_freely = failures(SAT, route="free")
    assert policy.retake(crcd(), "free", came_freely).until is None
    assert barred(crcd(), came_freely, ten_years_on, route="free", brought=frozenset()) == {}


@pytest.mark.parametrize("rules", [filea(), crcd()], ids=["filea", "title"])
def test_a_vae_begins_anew_by_its_request_and_has_no_window(rules: RetakeRules) -> None:
    attempts = failures(SAT, route="vae")
    right = policy.retake(rules, "vae", attempts)
    assert (right.new_request, right.until) == (True, None)
    assert not policy.retake(rules, "training", attempts).new_request
    asked_again = policy.Request(date(2028, 1, 3), "accepted", date(2028, 2, 1))
    way = Way("vae", rules=rules, attempts=attempts, request=asked_again, brought=EVERYTHING)
    assert policy.bars(way, date(2028, 3, 1)) == []


# ---- An edition that is closed (X-02) ----


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        (date(2026, 7, 6), []),
        (date(2027, 7, 6), []),  # a year to the day after the last day of the edition
        (date(2027, 7, 7), ["finish_over"]),
    ],
)
def test_holders_of_blocks_have_a_year_to_finish_a_closed_edition(on: date, codes) -> None:
    way = Way(
        "capitalisation",
        blocks=["CCP1", "CCP2"],
        held={"CCP1", "CCP2"},
        rules=crcd(),
        valid_to=date(2026, 7, 6),
    )
    assert [bar.code for bar in policy.bars(way, on)] == codes


def test_an_edition_without_an_end_or_a_term_is_never_over() -> None:
    far = date(2099, 1, 1)
    assert closing_bars(crcd(), None, far) == []
    assert closing_bars(RetakeRules(), date(2026, 7, 6), far) == []


def test_once_the_jury_has_decided_the_enrolment_serves_no_more() -> None:
    way = Way("capitalisation", blocks=["CCP1"], decided_on=SAT, attempts=failures(SAT))
    (bar,) = policy.bars(way, SAT)
    assert (bar.code, dict(bar.params)) == ("already_decided", {"day": SAT})


# ---- Enrolling again ----
