"""What ships fits the exams of the catalogue: sealed, validated, drawn for each of them."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from acquis.accounts.enums import Role
from acquis.certification import frameworks
from acquis.certification.papers import actions, policy, queries
from acquis.practice.enterprises import packs
from acquis.practice.scenarios import library
from acquis.practice.scenarios.actions.install_library import install_library
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db

CATALOGUE = Path(frameworks.__file__).parent / "catalogue"
FILES = {"TP-00483": "crcd-tp-00483-06", "CP-FFP-ASCAS": "filea-appels-sortants"}
EXAMS = [
    ("TP-00483", "CCP1", ["written", "exchanges", "recording"]),
    ("TP-00483", "CCP2", ["written", "exchanges"]),
    ("TP-00483", "", ["written", "exchanges", "recording"]),
    ("CP-FFP-ASCAS", "", ["exchanges"]),
]


@pytest.fixture
def centre():
    place = make.organisation()
    install_library(
        organisation=place,
        slug="valbrenne",
        by=make.person(Role.TRAINER, organisation=place),
        at=DAY,
        validated_by=make.person(Role.CERTIFYING_BODY, organisation=place),
    )
    return place


def session_of(centre, code: str, block: str):
    content = json.loads((CATALOGUE / f"{FILES[code]}.json").read_text(encoding="utf-8"))
    version = make.framework_version(content=content, code=code)
    session = make.bare_session(centre, version=version, block=block)
    make.seat(session, enrolled={"block": block})
    return session


def test_every_subject_that_ships_is_of_one_of_these_exams() -> None:
    shipped = {(one.framework, one.block) for one in library.load(packs.load("valbrenne"))}
    assert shipped == {(code, block) for code, block, _kinds in EXAMS}


@pytest.mark.parametrize(("code", "block", "kinds"), EXAMS)
def test_each_exam_draws_the_sets_that_ship_for_it(
    centre, code: str, block: str, kinds: list[str]
) -> None:
    session = session_of(centre, code, block)
    assert queries.kinds_of(session) == kinds
    shipped = defaultdict(set)
    for one in library.load(packs.load("valbrenne")):
        if (one.framework, one.block) == (code, block):
            shipped[one.kind].add(one.code)
    for kind in kinds:
        if kind == "recording":  # a voice does not ship
            continue
        draw = actions.draw_subject(
            candidate=session.candidates.get(), kind=kind, by=session.manager, at=DAY
        )
        assert set(draw.pool) == shipped[kind]
        assert policy.pick(draw.seed, draw.pool) == draw.subject.reference


def test_what_is_left_out_stays_out_until_it_is_installed(centre) -> None:
    place = make.organisation()
    author = make.person(Role.TRAINER, organisation=place)
    first = install_library(
        organisation=place, slug="valbrenne", by=author, at=DAY, without={"VAL-S07"}
    )
    assert "VAL-S07" not in {one.reference for one in first}
    then = install_library(organisation=place, slug="valbrenne", by=author, at=DAY)
    assert [one.reference for one in then] == ["VAL-S07"]
