"""What is obtained is obtained for good, through the editions of a certification (X-02, X-06)."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acquis.certification.registrations import access, actions, errors, files, policy
from acquis.certification.registrations.models import Candidate, Enrolment
from acquis.certification.registrations.policy import Edition
from tests.factories import certification as make
from tests.factories.certification import DAY

OLD, NEW, NEWEST = 1, 2, 3
CODES = st.sampled_from(["", "CCP1", "CCP2", "CCP3"])


# ---- Correspondences ----


@pytest.mark.parametrize(
    ("held", "pairs", "kept"),
    [
        ([], [("A", "CCP1")], set()),
        ([(OLD, "A")], [("A", "CCP1")], {"CCP1"}),
        ([(OLD, "A")], [("A", "CCP1"), ("A", "CCP2")], {"CCP1", "CCP2"}),
        ([(OLD, "A")], [("A", "CCP1"), ("B", "CCP1")], set()),  # half of what it replaces
        ([(OLD, "A"), (OLD, "B")], [("A", "CCP1"), ("B", "CCP1")], {"CCP1"}),
        ([(OLD, "A")], [], set()),  # nobody confirmed a correspondence
        ([(OLD, "CCP1")], [], set()),  # the same code is no correspondence
        ([(OLD, "")], [], {""}),
        ([(NEW, "CCP2")], [("A", "CCP1")], {"CCP2"}),
        ([(OLD, "A"), (NEW, "CCP2")], [("A", "CCP1")], {"CCP1", "CCP2"}),
        ([(99, "A"), (99, "")], [("A", "CCP1")], set()),  # of another certification
    ],
)
def test_a_block_of_the_edition_before_is_worth_what_replaces_it(held, pairs, kept) -> None:
    chain = [Edition(OLD), Edition(NEW, tuple(pairs))]
    assert policy.carried(held, chain) == kept


def test_a_block_goes_through_every_edition_or_is_lost_on_the_way() -> None:
    middle, last = Edition(NEW, (("A", "B"),)), Edition(NEWEST, (("B", "C"),))
    assert policy.carried([(OLD, "A")], [Edition(OLD), middle, last]) == {"C"}
    assert policy.carried([(OLD, "A")], [Edition(OLD), middle, Edition(NEWEST)]) == set()
    assert policy.carried([(NEW, "B")], [Edition(OLD), middle, last]) == {"C"}


@given(st.sets(st.tuples(st.sampled_from([OLD, NEW]), CODES)), st.lists(st.tuples(CODES, CODES)))
def test_to_hold_more_never_takes_a_block_away(held, pairs) -> None:
    named = tuple((before, after) for before, after in pairs if before and after)
    chain = [Edition(OLD), Edition(NEW, named)]
    before = policy.carried(held, chain)
    assert before <= policy.carried({*held, (OLD, "CCP1"), (NEW, "CCP2")}, chain)
    assert {block for key, block in held if key == NEW} <= before


# ---- An exam of an edition before ----


@pytest.mark.parametrize(
    ("block", "pairs", "renumbered", "codes"),
    [
        ("A", [("A", "CCP1")], False, {"CCP1"}),
        ("A", [("A", "CCP1")], True, {"CCP1"}),
        ("A", [("A", "CCP1"), ("A", "CCP2")], True, {"CCP1", "CCP2"}),
        ("A", [("A", "CCP1"), ("B", "CCP1")], False, set()),  # half of what it replaces
        ("CCP1", [("CCP1", "CCP2"), ("B", "CCP1")], False, {"CCP2"}),  # codes that changed hands
        ("CCP1", [], False, {"CCP1"}),  # the same certification: it keeps its code
        ("CCP1", [], True, set()),  # another code of the registers: nobody said what it is worth
        ("", [("A", "CCP1")], True, {""}),
    ],
)
def test_an_exam_of_the_edition_before_is_an_attempt_at_what_replaces_its_block(
    block, pairs, renumbered, codes
) -> None:
    chain = [Edition(OLD), Edition(NEW, tuple(pairs), renumbered)]
    assert policy.attempted(block, OLD, chain) == codes


def test_the_exam_of_an_only_block_is_an_attempt_at_the_whole_of_the_next_edition() -> None:
    sole = Edition(OLD, sole=True)
    assert policy.attempted("B1", OLD, [sole, Edition(NEW, renumbered=True)]) == {""}
    assert policy.attempted("B1", OLD, [sole]) == {"B1"}


def test_an_edition_out_of_the_chain_has_the_same_codes() -> None:
    later = Edition(NEW, (("CCP1", "CCP2"),))
    assert policy.attempted("CCP1", NEWEST, [Edition(OLD), later]) == {"CCP1"}


def test_a_block_divided_then_joined_again_is_the_same_exam() -> None:
    middle = Edition(NEW, (("A", "B"), ("A", "C")))
    last = Edition(NEWEST, (("B", "D"), ("C", "D")))
    assert policy.attempted("A", OLD, [Edition(OLD), middle, last]) == {"D"}


@given(CODES, st.lists(st.tuples(CODES, CODES)))
def test_under_another_code_an_exam_is_worth_what_its_success_would_be(block, pairs) -> None:
    named = tuple((before, after) for before, after in pairs if before and after)
    chain = [Edition(OLD), Edition(NEW, named, renumbered=True)]
    assert policy.attempted(block, OLD, chain) == policy.carried([(OLD, block)], chain)


# ---- Enrolling who holds something ----


@pytest.fixture
def candidate(db: None) -> Candidate:
    return make.candidate(make.organisation())


def content(*codes: str, **fields: Any) -> dict[str, Any]:
    """A title of these blocks; `certification_jury=True`: a jury decides over them."""
    made = make.ccp1_content()
    (block,) = made["blocks"]
    made["blocks"] = [block | {"code": code} for code in codes]
    made["rules"] |= fields
    return made


def title(*codes: str, correspondences: tuple = (), previous=None, **fields: Any):
    return make.framework_version(
        content=content(*(codes or ("CCP1", "CCP2")), **fields),
        correspondences=list(correspondences),
        previous=previous,
    )


def enrol(candidate: Candidate, version, block: str = "", route: str = "training") -> Enrolment:
    return actions.enrol(
        candidate=candidate, version=version, block=block, route=route, by=make.person(), at=DAY
    )


def hold(candidate: Candidate, version, *blocks: str) -> None:
    """Lines of the livret that the candidate brought."""
    enrolment = Enrolment(candidate=candidate, version=version)
    for block in blocks:
        make.held(enrolment, block)


def test_a_block_that_is_held_is_not_taken_again_and_the_others_are(candidate) -> None:
    version = title()
    hold(candidate, version, "CCP1")

    with pytest.raises(errors.AlreadyObtained, match="CCP1"):
        enrol(candidate, version, "CCP1")
    assert enrol(candidate, version, "CCP2").block == "CCP2"
    assert candidate.enrolments.count() == 1


def test_who_holds_the_whole_takes_neither_it_nor_one_of_its_blocks(candidate) -> None:
    version = title()
    hold(candidate, version, "")

    for block in ("", "CCP1", "CCP2"):
        with pytest.raises(errors.AlreadyObtained):
            enrol(candidate, version, block)


def test_a_partial_success_is_completed_by_the_blocks_that_are_left(candidate) -> None:
    version = title("CCP1", "CCP2", "CCP3")
    hold(candidate, version, "CCP1")

    with pytest.raises(errors.RemainingBlocksOnly, match=r"CCP1\).*CCP2, CCP3"):
        enrol(candidate, version)
    assert not candidate.enrolments.exists()


def test_who_holds_every_block_is_told_that_the_final_interview_remains(candidate) -> None:
    version = title()
    hold(candidate, version, "CCP1", "CCP2")

    with pytest.raises(errors.FinalInterviewOnly, match=r"CCP1, CCP2\).*entretien final"):
        enrol(candidate, version)
    assert not candidate.enrolments.exists()
    assert enrol(candidate, version, route="capitalisation").block == ""


@pytest.mark.parametrize("route", ["training", "capitalisation"])
def test_the_only_block_of_a_certification_is_the_whole_and_nothing_remains(
    candidate, route
) -> None:
    version = title("B1")
    hold(candidate, version, "B1")

    with pytest.raises(errors.AlreadyObtained, match=re.escape(str(version.framework))):
        enrol(candidate, version, route=route)


def test_the_whole_is_then_asked_for_by_capitalisation(candidate) -> None:
    version = title()
    hold(candidate, version, "CCP1")
    final = enrol(candidate, version, route="capitalisation")

    with pytest.raises(errors.MayNotSit, match="CCP2"):
        access.refuse_barred(final, DAY.date())
    hold(candidate, version, "CCP2")
    access.refuse_barred(final, DAY.date())


def test_a_certification_jury_decides_the_whole_of_who_holds_a_block(candidate) -> None:
    version = title(certification_jury=True)
    hold(candidate, version, "CCP1")

    assert enrol(candidate, version).block == ""


def test_what_an_earlier_edition_gave_is_held_in_the_one_that_replaces_it(candidate) -> None:
    old = title("A", "B")
    new = title(
        "CCP1",
        "CCP2",
        previous=old,
        correspondences=(
            {"from": "A", "to": "CCP1", "kind": "block"},
            {"from": "B", "to": "CCP2", "kind": "competency"},  # says nothing of blocks
        ),
    )
    hold(candidate, old, "A", "B")

    assert files.carried_blocks(candidate, new) == {"CCP1"}
    with pytest.raises(errors.AlreadyObtained, match="CCP1"):
        enrol(candidate, new, "CCP1")
    assert enrol(candidate, new, "CCP2").block == "CCP2"


def test_the_livret_of_one_person_gives_nothing_to_another(candidate) -> None:
    version = title()
    hold(make.candidate(candidate.organisation), version, "CCP1", "")

    assert enrol(candidate, version, "CCP1").block == "CCP1"
