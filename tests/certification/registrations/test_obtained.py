"""What a jury pronounced is obtained before any document says it, and falls with its decision (X-06)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.certification.registrations import actions, errors, files, following, policy
from acquis.certification.registrations.models import Candidate, Enrolment, HeldBlock, Result
from acquis.certification.registrations.policy import Decision, Withdrawal
from acquis.kernel import trace
from tests.certification.registrations.test_editions import enrol, title
from tests.factories import certification as make
from tests.factories.certification import DAY

ONE, OTHER = 1, 2


def decision(block: str = "", outcome: str = "passed", *blocks: str, **fields: Any) -> Decision:
    return Decision(
        **{
            "enrolment": ONE,
            "edition": ONE,
            "block": block,
            "outcome": outcome,
            "blocks": blocks,
            "at": DAY,
            **fields,
        }
    )


# ---- The rule ----


@pytest.mark.parametrize(
    ("pronounced", "granted"),
    [
        (decision("CCP1"), {"CCP1"}),
        (decision(""), {""}),
        (decision("", "partial", "CCP1", "CCP3"), {"CCP1", "CCP3"}),
        (decision("CCP1", "failed"), set()),
        (decision("", "failed", "CCP1"), set()),  # the jury gave no partial success
    ],
)
def test_a_success_grants_what_the_exam_was_for_and_a_partial_one_its_blocks(pronounced, granted):
    assert policy.obtained([pronounced]) == {(ONE, block) for block in granted}


def test_a_synthesis_test_holds_until_the_certification_jury_has_pronounced() -> None:
    test = decision("B1", proposes=True)
    assert policy.obtained([test]) == {(ONE, "B1")}
    refused = decision("", "failed", enrolment=OTHER)
    kept = decision("", "partial", "B1", enrolment=OTHER)
    assert policy.obtained([test, refused]) == frozenset()
    assert policy.obtained([test, kept]) == {(ONE, "B1")}
    assert policy.obtained([test, refused, test]) == {(ONE, "B1")}  # taken again since
    elsewhere = decision("", "failed", edition=OTHER)
    assert policy.obtained([test, elsewhere]) == {(ONE, "B1")}


@pytest.mark.parametrize(
    ("enrolment", "block", "hours", "left"),
    [
        (ONE, "CCP1", 1, set()),
        (ONE, "CCP1", 0, set()),
        (ONE, "CCP1", -1, {"CCP1"}),  # it withdrew what an earlier sitting had granted
        (ONE, "CCP2", 1, {"CCP1"}),
        (OTHER, "CCP1", 1, {"CCP1"}),
    ],
)
def test_what_was_withdrawn_since_is_obtained_no_more(enrolment, block, hours, left) -> None:
    fallen = Withdrawal(enrolment, block, DAY + timedelta(hours=hours))
    assert policy.obtained([decision("CCP1")], [fallen]) == {(ONE, code) for code in left}


_DECISIONS = st.lists(
    st.builds(
        decision,
        st.sampled_from(["", "B1", "B2"]),
        st.sampled_from(["passed", "partial", "failed"]),
        st.sampled_from(["B1", "B2"]),
    )
)


@given(_DECISIONS, _DECISIONS)
def test_another_decision_never_takes_away_what_a_jury_granted(before, after) -> None:
    assert policy.obtained(before) <= policy.obtained([*before, *after])


# ---- Enrolling who has just passed ----


@pytest.fixture
def candidate(db: None) -> Candidate:
    return make.candidate(make.organisation())


def sat(enrolment: Enrolment, outcome: str = "passed", *blocks: str, at: datetime = DAY) -> Result:
    return actions.record_outcome(
        enrolment=enrolment,
        outcome=outcome,
        blocks=blocks,
        sat_on=at.date(),
        session_reference=f"S-{enrolment.pk}-{at:%d}",
        by=make.person(),
        at=at,
    )


def test_a_block_that_was_passed_is_not_taken_again_before_its_certificate(candidate) -> None:
    version = title()
    sat(enrol(candidate, version, "CCP1"))
    assert not HeldBlock.objects.exists()

    with pytest.raises(errors.AlreadyObtained, match="CCP1"):
        enrol(candidate, version, "CCP1")
    assert enrol(candidate, version, "CCP2").block == "CCP2"
    with pytest.raises(errors.RemainingBlocksOnly, match=r"CCP1\).*CCP2"):
        enrol(candidate, version)


def test_who_passed_the_whole_takes_neither_it_nor_a_block_of_it(candidate) -> None:
    version = title()
    sat(enrol(candidate, version))

    for block in ("", "CCP1", "CCP2"):
        with pytest.raises(errors.AlreadyObtained):
            enrol(candidate, version, block)
    assert candidate.enrolments.count() == 1


def test_a_partial_success_bars_the_block_that_it_keeps_before_its_livret(candidate) -> None:
    version = title()
    sat(enrol(candidate, version), "partial", "CCP1")

    with pytest.raises(errors.AlreadyObtained, match="CCP1"):
        enrol(candidate, version, "CCP1")
    with pytest.raises(errors.RemainingBlocksOnly):
        enrol(candidate, version)
    assert enrol(candidate, version, "CCP2").block == "CCP2"


def test_a_synthesis_test_that_was_passed_is_not_taken_again(candidate) -> None:
    """Its result gives no line of the livret: the certification jury decides (X-10)."""
    version = title("B1", "B2", certification_jury=True)
    sat(enrol(candidate, version, "B1"))

    with pytest.raises(errors.AlreadyObtained, match="B1"):
        enrol(candidate, version, "B1")
    whole = enrol(candidate, version)
    sat(whole, "partial", "B2", at=DAY + timedelta(days=9))

    assert enrol(candidate, version, "B1").attempt == 2  # the jury did not grant it
    with pytest.raises(errors.AlreadyObtained, match="B2"):
        enrol(candidate, version, "B2")


def test_what_was_passed_is_carried_to_the_edition_that_replaces_it(candidate) -> None:
    old = title("A", "B")
    correspondences = ({"from": "A", "to": "CCP1", "kind": "block"},)
    new = title("CCP1", "CCP2", previous=old, correspondences=correspondences)
    sat(enrol(candidate, old, "A"))

    with pytest.raises(errors.AlreadyObtained, match="CCP1"):
        enrol(candidate, new, "CCP1")
    assert enrol(candidate, new, "CCP2").block == "CCP2"


def test_the_success_of_one_person_bars_nobody_else(candidate) -> None:
    version = title()
    sat(enrol(make.candidate(candidate.organisation), version, "CCP1"))

    assert enrol(candidate, version, "CCP1").block == "CCP1"


def test_who_failed_or_lost_the_certificate_may_be_enrolled_again(candidate) -> None:
    version, by = title(), make.person()
    first = enrol(candidate, version, "CCP1")
    sat(first)
    actions.record_result(
        enrolment=first, obtained_on=DAY.date(), pv_reference="PV-1", by=by, at=DAY
    )
    actions.revoke_result(enrolment=first, reason="Fraude.", by=by, at=DAY + timedelta(days=1))

    assert enrol(candidate, version, "CCP1").attempt == 2


# ---- A decision annulled takes with it what it granted ----


def held_by(enrolment: Enrolment, *blocks: str) -> None:
    for block in blocks:
        actions.record_result(
            enrolment=enrolment,
            block=block,
            obtained_on=DAY.date(),
            pv_reference="PV-2026-0001",
            by=make.person(),
            at=DAY,
        )


def test_an_annulled_partial_result_takes_its_blocks_out_of_the_livret(candidate) -> None:
    version, by = title("CCP1", "CCP2", "CCP3"), make.person()
    whole = enrol(candidate, version)
    result = sat(whole, "partial", "CCP1", "CCP2")
    held_by(whole, "CCP1", "CCP2")
    make.held(whole, "CCP3")  # typed from the livret that was brought

    actions.annul_result(
        result=result, reason="Recours accepté : REC-1", by=by, at=DAY + timedelta(days=5)
    )

    assert files.carried_blocks(candidate, version) == {"CCP3"}
    gone = files.withdrawn_lines(whole)
    assert [(one.block, one.withdrawal_reason, one.withdrawn_by) for one in gone] == [
        (code, "Recours accepté : REC-1", by) for code in ("CCP1", "CCP2")
    ]
    lines = trace.lines(whole.trace_stream).filter(verb="candidate.block_revoked")
    assert [line.data["block"] for line in lines] == ["CCP1", "CCP2"]
    assert trace.personal_part(lines[0]) == {"reason": "Recours accepté : REC-1"}


def test_an_annulment_leaves_what_another_exam_gave(candidate) -> None:
    version = title()
    first, second = enrol(candidate, version, "CCP1"), enrol(candidate, version, "CCP2")
    kept, spoilt = sat(first), sat(second)
    held_by(first, "CCP1")
    held_by(second, "CCP2")

    actions.annul_result(result=spoilt, reason="Consigne.", by=make.person(), at=DAY)

    assert files.carried_blocks(candidate, version) == {"CCP1"}
    assert Result.objects.get(annulled_at=None) == kept


def test_what_was_typed_before_the_exam_stays_when_the_decision_of_that_exam_falls(
    candidate,
) -> None:
    version, by = title(), make.person()
    whole = enrol(candidate, version)
    actions.record_held(
        enrolment=whole,
        block="CCP1",
        obtained_on=date(2024, 3, 2),
        pv_reference="PV-7",
        by=by,
        at=DAY,
    )
    result = sat(whole, "partial", "CCP1", "CCP2")
    held_by(whole, "CCP1", "CCP2")
    annulled_at = DAY + timedelta(days=5)

    actions.annul_result(result=result, reason="Consigne.", by=by, at=annulled_at)

    assert files.carried_blocks(candidate, version) == {"CCP1"}
    kept = files.lines_in_force().get()
    assert (kept.obtained_on, kept.pv_reference) == (date(2024, 3, 2), "PV-7")
    assert kept.earned_by is None
    gone = files.withdrawn_lines(whole).order_by("block")
    assert [(one.block, one.pv_reference, one.earned_by) for one in gone] == [
        ("CCP1", "PV-2026-0001", whole),
        ("CCP2", "PV-2026-0001", whole),
    ]
    line = trace.lines(whole.trace_stream).filter(verb="candidate.block_held").last()
    assert (line.data["block"], line.data["pv"], line.at) == ("CCP1", "PV-7", annulled_at)
    with pytest.raises(errors.AlreadyObtained, match="CCP1"):
        enrol(candidate, version, "CCP1")


def test_what_was_typed_stays_through_a_second_decision_that_falls(candidate) -> None:
    version, by = title(), make.person()
    whole = enrol(candidate, version)
    make.held(whole, "CCP1", pv_reference="PV-7")
    for days in (5, 30):
        at = DAY + timedelta(days=days)
        result = sat(whole, "partial", "CCP1", at=at)
        held_by(whole, "CCP1")
        actions.annul_result(result=result, reason="Consigne.", by=by, at=at)

    assert [line.pv_reference for line in files.lines_in_force()] == ["PV-7"]
    assert files.withdrawn_lines(whole).count() == 2
    actions.withdraw_held(held=files.lines_in_force().get(), by=by, at=DAY)  # typed by mistake
    assert files.carried_blocks(candidate, version) == set()


def test_the_new_sitting_after_an_annulment_gives_the_block_again(candidate) -> None:
    version = title()
    whole = enrol(candidate, version)
    result = sat(whole, "partial", "CCP1")
    held_by(whole, "CCP1")
    later = DAY + timedelta(days=5)
    actions.annul_result(result=result, reason="Consigne.", by=make.person(), at=later)

    sat(whole, "partial", "CCP1", at=later + timedelta(days=30))

    with pytest.raises(errors.AlreadyObtained):  # pronounced again, no livret yet
        enrol(candidate, version, "CCP1")
    held_by(whole, "CCP1")
    assert files.carried_blocks(candidate, version) == {"CCP1"}


def test_rooms_above_follow_an_annulment_in_its_own_transaction(candidate, monkeypatch) -> None:
    told: list[tuple[Any, ...]] = []
    monkeypatch.setattr(following, "_followers", [])
    following.follow_annulments(lambda *facts: told.append(facts))
    result, by = sat(enrol(candidate, title(), "CCP1")), make.person()

    actions.annul_result(result=result, reason="Consigne.", by=by, at=DAY)

    assert told == [(result, by, DAY)]
