"""Decisions on blocks: what the rule proposes, what the jury decides, what it may not."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.frameworks.content import decides_over_blocks
from acquis.certification.grading import policy, units
from acquis.certification.grading.actions.close_deliberation import close_deliberation
from acquis.certification.grading.actions.conclude_session import conclude_session
from acquis.certification.grading.actions.decide_criterion import decide_criterion
from acquis.certification.grading.actions.decide_unit import decide_unit
from acquis.certification.grading.actions.open_deliberation import open_deliberation
from acquis.certification.grading.actions.open_grids import open_grids
from acquis.certification.grading.errors import (
    AssessedHere,
    DecisionChanged,
    DeliberationClosed,
    DepartureReasonMissing,
    GridsStillOpen,
    JuryNotIndependent,
    NotInTheJury,
    OutcomeAgainstBlocks,
    OutcomeAgainstRule,
    UnknownUnit,
    VerdictMissing,
)
from acquis.certification.grading.models import Grid
from acquis.certification.grading.presentation import progress_of
from acquis.certification.grading.queries import sessions_to_open
from acquis.certification.juries.models import DeclaredLink
from acquis.certification.registrations.models import Enrolment, Result
from tests.factories import certification as make
from tests.factories import grading
from tests.factories.grading import ACQUIRED, NOT_ACQUIRED

NOT_ASSESSED = "not_assessed"


def block(code: str, *criteria: str, competency: str = "", methods: Any = ()) -> dict[str, Any]:
    own = competency or f"C-{code}"
    return {
        "code": code,
        "title": f"Bloc {code}",
        "activities": [],
        "competencies": [{"code": own, "statement": f"Tenir {code}"}],
        "criteria": [
            {"code": one, "text": f"Critère {one}", "competencies": [own], "methods": list(methods)}
            for one in criteria
        ],
    }


def content(*blocks: dict[str, Any], kind: str = "titre_professionnel", **rules: Any) -> dict:
    return {
        "title": "Titre",
        "kind": kind,
        "blocks": list(blocks),
        "assessments": [],
        "rules": rules,
    }


def two_blocks(**rules: Any) -> dict[str, Any]:
    return content(block("CCP1", "A1", "A2"), block("CCP2", "B1", "B2"), **rules)


def proposed(data: dict[str, Any], verdicts: dict[str, str], scope: str = "", **own: bool):
    decided = {("competency", code): value for code, value in own.items()}
    found = policy.proposals(data, scope, verdicts, decided)
    return {(one.kind, one.code): one for one in found}


def filea(got: int, total: int = 15, **rules: Any) -> policy.Proposal:
    data = content(
        block("B1", *(f"K{n}" for n in range(total))),
        kind="certificat_professionnel",
        **({"pass_ratio": "0.70"} | rules),
    )
    verdicts = {f"K{n}": ACQUIRED if n < got else NOT_ACQUIRED for n in range(total)}
    return proposed(data, verdicts)["block", ""]


def test_eleven_of_fifteen_pass_at_seventy_percent_and_ten_do_not():
    assert filea(11).acquired
    assert not filea(10).acquired
    assert units.calculation(filea(11)) == (
        "Critères acquis : 11 sur 15. La règle en demande 11 : 10 × 11 = 110, au moins 7 × 15 = 105."
    )
    assert "10 × 10 = 100, moins que 7 × 15 = 105." in units.calculation(filea(10))


def test_a_critical_criterion_fails_whatever_the_count():
    missed = filea(14, critical=["K14"])

    assert not missed.acquired
    assert units.calculation(missed).endswith("Critère éliminatoire non acquis : K14.")
    assert filea(14, critical=["K0"]).acquired


def test_what_is_not_assessed_here_counts_for_nothing():
    data = two_blocks(pass_ratio="0.50")
    found = proposed(
        data, {"A1": ACQUIRED, "A2": NOT_ASSESSED, "B1": NOT_ASSESSED, "B2": NOT_ASSESSED}
    )

    assert (found["block", "CCP1"].got, found["block", "CCP1"].total) == (1, 1)
    assert not found["block", "CCP2"].acquired
    assert units.calculation(found["block", "CCP2"]) == "Rien n’a été évalué dans cette épreuve."


def test_a_rule_may_count_competencies_and_the_jury_decides_them():
    data = content(
        {
            **block("B1", "A1", "A2", competency="C1"),
            "competencies": [
                {"code": "C1", "statement": "Une"},
                {"code": "C2", "statement": "Deux"},
            ],
        },
        kind="rs",
        pass_ratio="1",
        pass_unit="competency",
        competency_ratio="0.50",
    )
    data["blocks"][0]["criteria"].append({"code": "X", "text": "", "competencies": ["C2"]})
    data["blocks"][0]["criteria"].append({"code": "W", "text": "", "competencies": []})
    verdicts = {"A1": ACQUIRED, "A2": NOT_ACQUIRED, "X": NOT_ACQUIRED, "W": ACQUIRED}

    found = proposed(data, verdicts)
    assert found["competency", "C1"].acquired  # one of two is the half asked for
    assert (found["block", ""].got, found["block", ""].total) == (2, 3)
    assert not found["block", ""].acquired
    assert proposed(data, verdicts, C2=True)["block", ""].acquired
    assert units.calculation(found["block", ""]).startswith("Compétences acquises : 2 sur 3.")


def test_competencies_are_counted_alone_where_no_criterion_serves_the_whole_block():
    data = content(block("B1", "A1", competency="C1"), kind="rs", pass_unit="competency")
    data["rules"]["pass_ratio"] = "1"

    whole = proposed(data, {"A1": ACQUIRED})["block", ""]

    assert (whole.got, whole.total, whole.acquired) == (1, 1, True)


@given(st.integers(1, 60), st.integers(0, 60), st.integers(1, 100))
def test_one_more_acquired_never_fails_who_passed(total, got, percent):
    got, ratio = min(got, total), f"{percent / 100:.2f}"
    if filea(got, total, pass_ratio=ratio).acquired and got < total:
        assert filea(got + 1, total, pass_ratio=ratio).acquired
    assert filea(got, total, pass_ratio=ratio).acquired == (100 * got >= percent * total)


@given(st.lists(st.booleans(), max_size=6))
def test_an_outcome_is_partial_only_when_some_and_not_all_are_obtained(blocks):
    outcome = policy.outcome_of(blocks)

    assert (outcome == policy.PASSED) == (bool(blocks) and all(blocks))
    assert (outcome == policy.FAILED) == (not any(blocks))


def test_what_the_framework_states_wins_over_the_rule_of_its_kind():
    assert policy.pass_rule(two_blocks()).by_block
    assert not policy.pass_rule(two_blocks(by_block=False)).by_block
    assert policy.pass_rule(two_blocks()).sovereign
    assert not policy.pass_rule(two_blocks(pass_ratio="0.70")).sovereign
    assert policy.pass_rule(two_blocks(pass_ratio="0.70", sovereign=True)).sovereign
    assert decides_over_blocks({**two_blocks(), "kind": "rncp"})
    assert not decides_over_blocks({**two_blocks(certification_jury=False), "kind": "rncp"})
    assert not decides_over_blocks(content(block("B1", "A1"), kind="rncp"))


def test_a_criterion_that_the_exam_cannot_see_is_marked_elsewhere():
    data = two_blocks()
    data["blocks"][0]["criteria"][0]["methods"] = ["questionnaire"]
    data["blocks"][0]["criteria"][1]["methods"] = ["roleplay", "questionnaire"]
    data["assessments"] = [
        {"scope": {"type": "whole", "block": None}, "phases": [{"method": "roleplay", "steps": []}]}
    ]

    assert [line.elsewhere for line in policy.grid_lines(data, "")] == [True, False, False, False]


# ---- The jury ----


def whole(data: dict[str, Any] | None = None, **given: Any) -> ExamSession:
    session = grading.session(candidates=0, content=data or two_blocks(), **given)
    session.block = ""
    session.save(update_fields=["block"])
    return session


def opened(session: ExamSession, *, refused: tuple[str, ...] = (), **enrolment: Any):
    candidate = grading.add_candidate(session, **enrolment)
    for grid in grading.grids(session):
        grading.closed(grid, not_acquired=refused)
    return open_deliberation(candidate=candidate, by=grading.first_juror(session), at=grading.AT)


def close(deliberation, outcome, **given):
    session = deliberation.candidate.session
    values = {
        "reasons": "Motifs du jury.",
        "present": list(session.jurors.values_list("pk", flat=True)),
        "by": grading.first_juror(session),
        "at": grading.AT,
    } | given
    return close_deliberation(deliberation=deliberation, outcome=outcome, **values)


def decide(deliberation, code, verdict, reason="", **given):
    values = {
        "kind": "block",
        "by": grading.first_juror(deliberation.candidate.session),
        "at": grading.AT,
    } | given
    return decide_unit(
        deliberation=deliberation, code=code, verdict=verdict, reason=reason, **values
    )


@pytest.mark.django_db
def test_a_partial_success_keeps_its_block_and_says_how_it_was_counted():
    session = whole()
    deliberation = opened(session, refused=("B1",))
    with pytest.raises(OutcomeAgainstBlocks):
        close(deliberation, "passed")

    closed = close(deliberation, "partial")
    conclude_session(session=session, by=grading.first_juror(session), at=grading.AT)

    rows = {one.code: one for one in closed.units.filter(kind="block")}
    assert (rows["CCP1"].verdict, rows["CCP2"].verdict) == (ACQUIRED, NOT_ACQUIRED)
    assert rows["CCP2"].calculation.startswith("Critères acquis : 1 sur 2.")
    result = Result.objects.get()
    assert (result.outcome, result.blocks) == ("partial", ["CCP1"])
    with pytest.raises(IntegrityError), transaction.atomic():
        closed.units.update(verdict=ACQUIRED)
    with pytest.raises(DeliberationClosed):
        decide(closed, "CCP2", ACQUIRED, "Trop tard.")


@pytest.mark.django_db
def test_a_sovereign_jury_leaves_a_proposal_with_a_reason_only():
    session = whole()
    deliberation = opened(session, refused=("B1",))
    with pytest.raises(DepartureReasonMissing):
        decide(deliberation, "CCP2", ACQUIRED)
    with pytest.raises(VerdictMissing):
        decide(deliberation, "CCP2", NOT_ASSESSED)
    with pytest.raises(UnknownUnit):
        decide(deliberation, "CCP9", ACQUIRED)
    with pytest.raises(UnknownUnit):  # criteria make competencies here, nobody decides them
        decide(deliberation, "C-CCP2", ACQUIRED, "Motif.", kind="competency")
    with pytest.raises(NotInTheJury):
        decide(deliberation, "CCP2", ACQUIRED, "Motif.", by=session.manager)

    decided = decide(deliberation, "CCP2", ACQUIRED, "Rattrapé à l’entretien.", revision=0)
    with pytest.raises(DecisionChanged):
        decide(deliberation, "CCP2", NOT_ACQUIRED, revision=0)

    assert decided.revision == 1
    unit = close(deliberation, "passed").units.get(kind="block", code="CCP2")
    assert (unit.proposed, unit.verdict) == (NOT_ACQUIRED, ACQUIRED)
    assert unit.reason == "Rattrapé à l’entretien."


@pytest.mark.django_db
def test_a_proposal_that_moved_after_the_decision_asks_for_its_reason_again():
    deliberation = opened(whole())
    decide(deliberation, "CCP2", ACQUIRED)
    decide_criterion(
        deliberation=deliberation,
        criterion="B1",
        verdict=NOT_ACQUIRED,
        reason="Relu ensemble.",
        by=grading.first_juror(deliberation.candidate.session),
        at=grading.AT,
    )

    with pytest.raises(DepartureReasonMissing):
        close(deliberation, "passed")
    assert close(deliberation, "passed", departure="Niveau global atteint.").outcome == "passed"


@pytest.mark.django_db
def test_a_rule_that_binds_the_jury_lets_no_block_be_decided_otherwise():
    deliberation = opened(whole(two_blocks(pass_ratio="1")), refused=("B1",))

    with pytest.raises(OutcomeAgainstRule) as refusal:
        decide(deliberation, "CCP2", ACQUIRED, "Motif.")
    assert "1 sur 2" in str(refusal.value)
    with pytest.raises(OutcomeAgainstBlocks):
        close(deliberation, "failed")


@pytest.mark.django_db
def test_one_block_alone_is_never_a_partial_success():
    session = grading.session(candidates=1)
    deliberation = grading.deliberation(session, session.candidates.get())

    with pytest.raises(OutcomeAgainstBlocks):
        close(deliberation, "partial")


@pytest.mark.django_db
def test_a_link_declared_since_the_session_opened_bars_the_juror():
    session = whole()
    deliberation = opened(session)
    DeclaredLink.objects.create(
        juror=session.jurors.first().juror,
        candidate_id=deliberation.candidate.enrolment.candidate_id,
        nature=DeclaredLink.Nature.values[0],
        declared_at=grading.AT,
    )

    with pytest.raises(JuryNotIndependent):
        close(deliberation, "passed")
    deliberation.refresh_from_db()
    assert deliberation.closed_at is None


@pytest.mark.django_db
def test_only_what_another_exam_covers_may_be_left_unassessed():
    data = two_blocks()
    data["blocks"][0]["criteria"][0]["methods"] = ["questionnaire"]
    data["assessments"] = [
        {"scope": {"type": "whole", "block": None}, "phases": [{"method": "roleplay", "steps": []}]}
    ]
    session = whole(data)
    candidate = grading.add_candidate(session)
    for grid in grading.grids(session):
        assert grid.marks.get(criterion="A1").verdict == NOT_ASSESSED
        with pytest.raises(AssessedHere):
            grading.mark(grid, "A2", NOT_ASSESSED)
        for criterion in ("A2", "B1", "B2"):
            grading.mark(grid, criterion, ACQUIRED)
        grading.close_grid(
            grid=grid, general_observation="", by=grading.juror_of(grid), at=grading.AT
        )
    by = grading.first_juror(session)
    deliberation = open_deliberation(candidate=candidate, by=by, at=grading.AT)

    with pytest.raises(AssessedHere):
        decide_criterion(
            deliberation=deliberation,
            criterion="A2",
            verdict=NOT_ASSESSED,
            reason="Non vu.",
            by=by,
            at=grading.AT,
        )
    assert close(deliberation, "passed").outcome == "passed"


# ---- Over blocks ----


@pytest.mark.django_db
def test_the_final_interview_of_a_capitalisation_has_no_grid_and_takes_no_block_away():
    session = whole()
    candidate = grading.add_candidate(session, route=Enrolment.Route.CAPITALISATION)
    for code in ("CCP1", "CCP2"):
        make.held(candidate.enrolment, code, pv_reference="PV-2026-0001")
    by = grading.first_juror(session)

    assert open_grids(session=session, by=session.manager, at=grading.AT) == []
    assert not sessions_to_open(by).exists()
    assert [row.ready for row in progress_of(session)] == [True]
    deliberation = open_deliberation(candidate=candidate, by=by, at=grading.AT)
    with pytest.raises(UnknownUnit):
        decide(deliberation, "CCP1", NOT_ACQUIRED, "Motif.")
    with pytest.raises(OutcomeAgainstBlocks):
        close(deliberation, "failed")
    with pytest.raises(DepartureReasonMissing):
        close(deliberation, "partial")
    closed = close(deliberation, "partial", departure="La vision du métier n’est pas établie.")

    assert not Grid.objects.exists()
    assert {one.verdict for one in closed.units.all()} == {ACQUIRED}
    assert closed.units.first().calculation.startswith("Au livret depuis le 2 mars 2026")


@pytest.mark.django_db
def test_a_certification_jury_decides_over_the_results_of_the_blocks():
    session = whole(two_blocks(certification_jury=True))
    candidate = grading.add_candidate(session)
    tested = make.enrolment(candidate.enrolment.candidate, session.version, block="CCP1")
    Result.objects.create(
        enrolment=tested,
        outcome="passed",
        blocks=["CCP1"],
        sat_on=make.DAY.date(),
        session_reference="S-BLOC-1",
        decided_at=make.DAY,
    )
    by = grading.first_juror(session)
    assert not sessions_to_open(by).exists()

    deliberation = open_deliberation(candidate=candidate, by=by, at=grading.AT)
    found = {one.code: one for one in units.units_of(deliberation)}
    assert (found["CCP1"].proposed, found["CCP2"].proposed) == (True, False)
    assert "S-BLOC-1" in found["CCP1"].calculation
    assert found["CCP2"].calculation == "Aucun résultat d’épreuve pour ce bloc."
    decide(deliberation, "CCP2", ACQUIRED, "Épreuve reconnue par équivalence.")

    assert close(deliberation, "passed").outcome == "passed"


@pytest.mark.django_db
def test_who_is_not_noted_present_is_not_deliberated_over_blocks():
    session = whole(two_blocks(certification_jury=True))
    candidate = grading.add_candidate(session, present=None)

    with pytest.raises(GridsStillOpen):
        open_deliberation(candidate=candidate, by=grading.first_juror(session), at=grading.AT)
