"""Coming again after a failure or a partial success, on the terms of each framework (X-06, X-09)."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.certification import frameworks
from acquis.certification.registrations import access, actions, errors, files, policy
from acquis.certification.registrations.models import Candidate, Enrolment, Result, RetakeRight
from acquis.certification.registrations.policy import Attempt, RetakeRules, Way
from acquis.certification.registrations.policy.retakes import closing_bars
from acquis.kernel import trace
from tests.factories import certification as make
from tests.factories.certification import DAY

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


@pytest.fixture
def candidate(db: None) -> Candidate:
    return make.candidate(make.organisation())


def version(**rules: Any):
    content = make.ccp1_content()
    content["rules"] |= rules
    return make.framework_version(content=content)


def strict(**rules: Any):
    """A framework with the terms of FILEA."""
    return version(
        **{
            "retake_within": "P1Y",
            "attempts_max": 2,
            "retake_proof": "experience",
            "retake_beyond": "refused",
            **rules,
        }
    )


def enrol(
    candidate: Candidate, version, at: datetime = DAY, *, block: str = "CCP1", route="training"
) -> Enrolment:
    return actions.enrol(
        candidate=candidate, version=version, block=block, route=route, by=make.person(), at=at
    )


def sat(enrolment: Enrolment, at: datetime = DAY, outcome: str = "failed", **fields: Any) -> Result:
    return actions.record_outcome(
        **{
            "enrolment": enrolment,
            "outcome": outcome,
            "blocks": [],
            "sat_on": at.date(),
            "session_reference": f"S-{enrolment.pk}",
            "by": make.person(),
            "at": at,
            **fields,
        }
    )


def days(count: int) -> datetime:
    return DAY + timedelta(days=count)


def test_nobody_is_enrolled_twice_before_a_jury_has_decided(candidate) -> None:
    title = version()
    first = enrol(candidate, title)

    with pytest.raises(errors.AlreadyEnrolled, match="CCP1"):
        enrol(candidate, title)

    assert candidate.enrolments.get() == first


def test_after_a_failure_comes_a_second_attempt_and_never_a_third(candidate) -> None:
    exam = strict()
    sat(enrol(candidate, exam))

    second = enrol(candidate, exam, days(100))
    sat(second, days(150))

    assert second.attempt == 2
    line = trace.lines(second.trace_stream).filter(verb="candidate.enrolled").latest("pk")
    assert line.data["attempt"] == 2
    with pytest.raises(errors.TooManyAttempts, match="2 présentations à CCP1"):
        enrol(candidate, exam, days(200))
    assert candidate.enrolments.count() == 2


@pytest.mark.parametrize(
    ("at", "refused"),
    [
        (datetime(2027, 11, 20, 22, 59, tzinfo=DAY.tzinfo), False),  # 23:59 in Paris
        (datetime(2027, 11, 20, 23, 0, tzinfo=DAY.tzinfo), True),  # midnight there
    ],
)
def test_the_last_day_to_enrol_again_is_the_one_in_paris(candidate, at, refused) -> None:
    exam = strict()
    sat(enrol(candidate, exam))
    if refused:
        with pytest.raises(errors.RetakeTooLate, match="20 novembre 2027"):
            enrol(candidate, exam, at)
    else:
        assert enrol(candidate, exam, at).attempt == 2


def test_a_missing_paper_bars_the_exam_and_not_the_enrolment(candidate) -> None:
    """Experience and a new training may still be brought; the file is open meanwhile."""
    exam = strict()
    sat(enrol(candidate, exam))
    again = enrol(candidate, exam, days(100))

    with pytest.raises(errors.MayNotSit, match="expérience professionnelle"):
        access.refuse_barred(again, days(120).date())
    assert "experience" in files.papers_asked(again, days(120).date())
    make.proof(again, "experience")
    access.refuse_barred(again, days(120).date())


def test_a_title_takes_back_who_comes_late_with_a_new_training(candidate) -> None:
    title = version()
    sat(enrol(candidate, title))
    again = enrol(candidate, title, days(400))

    with pytest.raises(errors.MayNotSit, match="nouvelle formation"):
        access.refuse_barred(again, days(420).date())
    make.proof(again, "new_training")
    access.refuse_barred(again, days(420).date())


def test_an_attempt_counts_through_the_editions_of_its_certification(candidate) -> None:
    for count in range(2):
        sat(enrol(candidate, strict(), days(count * 60)), days(count * 60 + 30))

    with pytest.raises(errors.TooManyAttempts):
        enrol(candidate, strict(), days(150))


def renewed(old, *pairs: tuple[str, str]):
    """The edition that replaces this one, under another code of the registers."""
    return make.framework_version(
        code="RS9999",
        content=old.content,
        previous=old,
        correspondences=[{"from": one, "to": other, "kind": "block"} for one, other in pairs],
    )


def two_blocks():
    exam = strict()
    exam.content["blocks"].append({**exam.content["blocks"][0], "code": "CCP2"})
    return make.framework_version(content=exam.content)


def test_an_attempt_counts_under_the_code_that_a_renewal_gave(candidate) -> None:
    old = two_blocks()
    new = renewed(old, ("CCP1", "CCP2"), ("CCP2", "CCP1"))
    for count in range(2):
        sat(enrol(candidate, old, days(count * 60)), days(count * 60 + 30))

    with pytest.raises(errors.TooManyAttempts):
        enrol(candidate, new, days(150), block="CCP2")
    assert enrol(candidate, new, days(150), block="CCP1").attempt == 1
    assert files.attempts_of(candidate, new, "CCP1", "training") == []


def test_under_another_code_what_nobody_put_in_correspondence_counts_for_nothing(
    candidate,
) -> None:
    old = two_blocks()
    sat(enrol(candidate, old))

    assert files.attempts_of(candidate, renewed(old), "CCP1", "training") == []


def test_the_exam_of_another_certification_is_no_attempt(candidate) -> None:
    sat(enrol(candidate, strict()))

    other = make.framework_version(code="RS9998", content=strict().content)

    assert files.attempts_of(candidate, other, "CCP1", "training") == []


# ---- What a jury decided, and what an appeal takes away ----


def test_a_result_told_twice_is_kept_once(candidate) -> None:
    enrolment = enrol(candidate, version())

    first = sat(enrolment, outcome="partial", blocks=["CCP1"])
    again = sat(enrolment, outcome="failed")
    elsewhere = sat(enrolment, outcome="failed", session_reference="S-ailleurs")

    assert again == elsewhere == first == Result.objects.get()
    assert (first.outcome, first.blocks, first.annulled_at) == ("partial", ["CCP1"], None)
    line = trace.lines(enrolment.trace_stream).get(verb="candidate.result")
    assert (line.data["outcome"], line.data["blocks"]) == ("partial", ["CCP1"])


def test_an_annulled_result_stays_written_and_counts_no_more(candidate) -> None:
    exam, by = strict(), make.person()
    enrolment = enrol(candidate, exam)
    result = sat(enrolment)
    assert files.right_to_come_again(result).left == 1

    actions.annul_result(result=result, reason=" Consigne mal donnée. ", by=by, at=days(5))

    result.refresh_from_db()
    assert (result.outcome, result.annulled_at, result.annulled_by) == ("failed", days(5), by)
    assert result.annulment_reason == "Consigne mal donnée."
    assert files.attempts_of(candidate, exam, "CCP1", "training") == []
    access.refuse_barred(enrolment, days(30).date())  # no paper more, no further attempt
    with pytest.raises(errors.AlreadyEnrolled):  # the same enrolment is presented again
        enrol(candidate, exam, days(30))
    line = trace.lines(enrolment.trace_stream).get(verb="candidate.result_annulled")
    assert "Consigne" not in str(line.data)
    assert trace.personal_part(line) == {"reason": "Consigne mal donnée."}


def test_an_annulment_asks_for_its_reason_and_happens_once(candidate) -> None:
    result = sat(enrol(candidate, version()))
    by = make.person()

    with pytest.raises(errors.AnnulmentReasonMissing):
        actions.annul_result(result=result, reason="  ", by=by, at=DAY)
    assert not Result.objects.filter(annulled_at__isnull=False).exists()
    actions.annul_result(result=result, reason="Recours accepté.", by=by, at=DAY)
    with pytest.raises(errors.ResultAnnulled):
        actions.annul_result(result=result, reason="Encore.", by=by, at=days(1))
    result.refresh_from_db()
    assert (result.annulment_reason, result.annulled_at) == ("Recours accepté.", DAY)


def test_the_new_sitting_after_an_annulment_has_its_own_result(candidate) -> None:
    exam = strict()
    enrolment = enrol(candidate, exam)
    actions.annul_result(result=sat(enrolment), reason="Motif.", by=make.person(), at=days(5))

    second = sat(enrolment, days(40), session_reference="S-autre")

    assert second.annulled_at is None
    assert files.right_to_come_again(second).left == 1  # it is the first attempt
    assert files.right_to_come_again(second).until == policy.later(days(40).date(), "P1Y")


# ---- A new sitting owed ----


def granted(enrolment: Enrolment, at: datetime = DAY, **fields: Any) -> RetakeRight:
    return actions.grant_retake(
        **{
            "enrolment": enrolment,
            "source": "appeal",
            "reference": "REC-2026-0001",
            "by": make.person(),
            "at": at,
            **fields,
        }
    )


def test_an_accepted_appeal_owes_one_sitting_and_annuls_the_result(candidate) -> None:
    enrolment = enrol(candidate, strict())
    result = sat(enrolment)

    right = granted(enrolment, days(20))
    assert granted(enrolment, days(21)) == right

    result.refresh_from_db()
    assert (result.annulled_at, result.annulment_reason) == (
        days(20),
        "Recours accepté : REC-2026-0001",
    )
    assert RetakeRight.objects.get().granted_at == days(20)
    verbs = trace.lines(enrolment.trace_stream).values_list("verb", flat=True)
    assert list(verbs).count("candidate.retake_granted") == 1
    assert list(verbs).count("candidate.result_annulled") == 1


def test_the_sitting_of_an_appeal_is_no_further_attempt(candidate) -> None:
    exam = strict()
    sat(enrol(candidate, exam))
    second = enrol(candidate, exam, days(100))
    sat(second, days(150))
    right = granted(second, days(170))
    actions.use_retake(right=right, session="S-neuve", by=make.person(), at=days(180))

    make.proof(second, "experience")
    access.refuse_barred(second, days(200).date())
    third_sitting = sat(second, days(200), session_reference="S-neuve")

    assert third_sitting.annulled_at is None
    assert len(files.attempts_of(candidate, exam, "CCP1", "training")) == 2


def test_a_sitting_that_an_incident_spoilt_counts_for_nothing(candidate) -> None:
    """The right is owed before the jury decides: what it decides is kept and annulled."""
    exam = strict()
    enrolment = enrol(candidate, exam)
    right = granted(enrolment, source="incident", reference="S-gâchée")

    spoilt = sat(enrolment, session_reference="S-gâchée")

    assert (spoilt.annulled_at, spoilt.annulment_reason) == (DAY, "Incident de session : S-gâchée")
    assert sat(enrolment, session_reference="S-gâchée") == spoilt
    assert files.attempts_of(candidate, exam, "CCP1", "training") == []
    assert RetakeRight.objects.get().used_in == ""

    actions.use_retake(right=right, session="S-autre", by=make.person(), at=days(10))
    assert sat(enrolment, days(30), session_reference="S-autre").annulled_at is None


def test_a_sitting_owed_is_used_once(candidate) -> None:
    right, by = granted(enrol(candidate, version())), make.person()

    used = actions.use_retake(right=right, session="S-autre", by=by, at=days(10))
    with pytest.raises(errors.RetakeRightUsed, match="S-autre"):
        actions.use_retake(right=right, session="S-3", by=by, at=days(11))

    right.refresh_from_db()
    assert used == right
    assert (right.used_in, right.used_at) == ("S-autre", days(10))
    line = trace.lines(right.trace_stream).get(verb="candidate.retake_used")
    assert line.data["reference"] == "S-autre"
