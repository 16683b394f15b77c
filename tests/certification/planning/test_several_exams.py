"""One plan of several exams: each with its own juries' rules, all with the same rooms and people."""

from copy import deepcopy
from dataclasses import replace
from io import BytesIO
from itertools import combinations
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions import errors as session_errors
from acquis.certification.exam_sessions import queries as session_queries
from acquis.certification.planning import actions, changes, errors, presentation, queries
from acquis.certification.planning.actions.move_candidate import look_at_move
from acquis.certification.planning.actions.replan import able_to_replace
from acquis.certification.planning.assembling import assemble, faults
from acquis.certification.planning.capacity import Learned, most_by_day
from acquis.certification.planning.checking import violations
from acquis.certification.planning.models import PlanCandidate, SeasonPlan
from acquis.certification.planning.patterns import fewest_jury_days
from acquis.certification.planning.problem import Day, Exam, Panel, Sitter, Step
from acquis.certification.planning.revisions import panels_in, plan_in
from acquis.certification.planning.solving import solve
from acquis.certification.registrations.models import Enrolment
from tests.certification.planning.instances import oral, problem, shared_season, title_exam
from tests.factories import certification as make
from tests.factories import planning
from tests.factories.certification import DAY

CCP2 = "Réaliser des actions commerciales"


def url(name: str, *args: object) -> str:
    return reverse(f"planning:{name}", args=args)


def content() -> dict[str, Any]:
    """CCP1, CCP2 – shorter, before a jury with experience of retention – and the whole title."""
    found = make.ccp1_content()
    found["blocks"].append(found["blocks"][0] | {"code": "CCP2", "title": CCP2})
    short = deepcopy(found["assessments"][0])
    short["scope"] = {"type": "block", "block": "CCP2"}
    short["phases"] = short["phases"][:1]
    whole = deepcopy(found["assessments"][0])
    whole["scope"] = {"type": "whole"}
    whole["phases"][0]["steps"][2]["minutes"] = 45
    found["assessments"] += [short, whole]
    found["rules"]["jury"]["notes"] = [
        f"CCP {CCP2} : l’un des membres doit avoir une expérience de la rétention client"
    ]
    return found


def composed(**fields: Any) -> SeasonPlan:
    """Two candidates of each exam, two days, a jury room for two juries, one juror of retention."""
    plan = planning.plan(
        version=make.framework_version(content=content()), jurors=3, days=2, **fields
    )
    planning.juror(plan, specialities=["rétention"], first_name="Rose")
    version = plan.exams.get().version
    for block in ("CCP2", ""):
        exam = actions.add_exam(plan=plan, version=version, block=block, by=plan.created_by, at=DAY)
        for _ in range(2):
            planning.candidate(plan, exam)
    return plan


# ---- Found by the solver ----


def usual(number: int) -> Exam:
    return (title_exam(), oral(40), oral(90))[number]


def test_a_jury_hears_only_the_exams_it_is_regular_for() -> None:
    asked = problem(
        sitters=tuple(Sitter(key, usual(key % 3), bench=key % 3) for key in range(9)),
        panels=(
            Panel(1, (11, 12), unfit=frozenset({(1, 0), (1, 1)})),
            Panel(2, (21, 22), unfit=frozenset({(2, 0)})),
        ),
    )
    plan = solve(asked)

    assert violations(asked, plan.placed, plan.duties) == []
    heard = {(one.panel, one.sitter % 3) for one in plan.placed}
    assert (1, 1) not in heard
    days = {one.day for one in plan.placed if (one.panel, one.sitter % 3) == (2, 2)}
    assert 0 not in days
    assert plan.proofs[0].is_optimal


def test_one_person_with_two_exams_sits_on_two_days() -> None:
    sitters = (
        Sitter(1, oral(), person=5),
        Sitter(2, oral(), bench=1, person=5),
        Sitter(3, oral(), person=6),
    )
    asked = problem(sitters=sitters)
    plan = solve(asked)

    days = {one.sitter: one.day for one in plan.placed}
    assert days[1] != days[2]
    assert violations(asked, plan.placed, plan.duties) == []
    found = {one.sitter: one for one in plan.placed}
    together = [found[1], replace(found[2], day=found[1].day), found[3]]
    assert "two_exams_a_day" in {one.code for one in violations(asked, together)}


def test_short_and_long_exams_fill_a_day_and_the_fewest_are_proven() -> None:
    """Held against every set of juries: three hours of long exams leave room for short ones only."""
    long, short = oral(180), Exam((), (Step("o", 45, jury=True),))
    asked = problem(
        sitters=tuple(
            Sitter(key, long if key < 4 else short, bench=int(key >= 4)) for key in range(10)
        ),
        days=(problem().days[0],) * 2,
    )
    plan = solve(asked)

    assert violations(asked, plan.placed, plan.duties) == []
    proof = plan.proofs[0]
    # 4 × 180 + 6 × 45 minutes are 990; one jury has 540 a day, cut by lunch: 240 and 300.
    # Each half holds one long exam, then one short or two: no day holds more than two and three.
    assert (proof.value, proof.bound) == (2, 2)
    for first, second in combinations(plan.placed, 2):
        if (first.day, first.panel) == (second.day, second.panel):
            assert first.alone_at != second.alone_at


def test_what_a_jury_can_hold_of_several_exams_bounds_the_jury_days() -> None:
    """Held against every load, counted by hand: 3 of one hour and a half, or 5 of an hour, and between."""
    day = Day(540, 840)  # 300 minutes in one stretch
    exams = (oral(60), oral(90))

    def fewest(first: int, second: int, **fields: Any) -> int:
        sitters = [Sitter(key, exams[0]) for key in range(first)]
        sitters += [Sitter(100 + key, exams[1], bench=1) for key in range(second)]
        asked = problem(sitters=tuple(sitters), days=(day,) * 20, **fields)
        return fewest_jury_days(asked, Learned(most_by_day(asked)))

    assert fewest(5, 1) == 2
    assert fewest(2, 2) == 1
    assert fewest(3, 1) == 1
    assert fewest(3, 2) == 2
    assert fewest(0, 7) == 0  # one bench: nothing to walk through
    assert fewest(6, 6, most_a_day=2) == 6
    many = tuple(Sitter(key, oral(20 + key), bench=key) for key in range(7))
    asked = problem(sitters=many, days=(day,))
    assert fewest_jury_days(asked, Learned(most_by_day(asked))) == 0


def test_a_season_of_three_exams_keeps_every_rule() -> None:
    asked = shared_season(12)
    plan = solve(asked, day_seconds=0.2)

    assert violations(asked, plan.placed, plan.duties) == []
    assert plan.proofs[0].is_optimal


# ---- From the composition to the sessions ----

pytestmark = pytest.mark.django_db


def test_exams_are_added_and_taken_out_on_the_page(client) -> None:
    centre = make.organisation()
    client.force_login(make.person(Role.SESSION_MANAGER, organisation=centre))
    version = make.framework_version(content=content())
    plan = planning.plan(organisation=centre, version=version)
    assert client.post(url("add_exam", plan.pk), {"exam": ""}).status_code == 422
    assert client.post(url("add_exam", plan.pk), {"exam": "99:CCP9"}).status_code == 422

    for _ in range(2):
        assert client.post(url("add_exam", plan.pk), {"exam": f"{version.pk}:CCP2"}).url == url(
            "detail", plan.pk
        )
    second = plan.exams.get(block="CCP2")
    page = client.get(url("detail", plan.pk)).content.decode()
    assert "CRCD · CCP2" in page
    assert "Personne dans ce plan ne passe cet examen." in page
    planning.candidate(plan, second)
    text = presentation.exams_words(plan)
    assert text == "Conseiller relation client à distance · CCP1, CCP2"
    assert text in client.get(url("list"), {"q": "CCP2"}).content.decode()

    client.post(url("remove_exam", second.pk))
    assert plan.candidates.count() == 2
    refused = client.post(url("remove_exam", plan.exams.get().pk))
    assert refused.status_code == 422
    assert "au moins un examen" in refused.content.decode()
    journal = client.get(url("journal", plan.pk)).content.decode()
    assert "Examen retiré du plan" in journal


def test_a_version_or_a_block_that_is_not_examined_is_refused() -> None:
    plan = planning.plan()
    version = plan.exams.get().version
    with pytest.raises(session_errors.BlockNotExamined):
        actions.add_exam(plan=plan, version=version, block="CCP7", by=plan.created_by, at=DAY)
    draft = make.framework_version(state="draft", published_at=None)
    with pytest.raises(session_errors.VersionNotUsable):
        actions.add_exam(plan=plan, version=draft, block="CCP1", by=plan.created_by, at=DAY)


def test_candidates_of_each_exam_are_found_apart(client) -> None:
    plan = composed()
    client.force_login(plan.created_by)
    one, other, _whole = plan.exams.all()
    for exam, name in ((one, "LEROUX"), (other, "PETIT")):
        person = make.candidate(plan.organisation, birth_name=name)
        make.enrolment(person, exam.version, block=exam.block)

    def names(**query: object) -> str:
        return client.get(url("candidates", plan.pk), query).content.decode()

    assert "LEROUX" in names()
    assert "PETIT" in names()
    found = names(examen=other.pk)
    assert "PETIT" in found
    assert "LEROUX" not in found
    client.post(f"{url('candidates', plan.pk)}?examen={other.pk}", {"all": "1"})
    assert plan.candidates.filter(enrolment__candidate__birth_name="PETIT").exists()
    assert not plan.candidates.filter(enrolment__candidate__birth_name="LEROUX").exists()


def test_what_an_exam_lacks_is_told_with_its_name() -> None:
    plan = composed()
    plan.jurors.filter(juror__first_name="Rose").delete()
    told = [presentation.fault_sentence(one, assemble(plan)) for one in faults(assemble(plan))]
    assert any(text.startswith("CRCD · CCP2 : Le mardi 1 décembre, aucun juré") for text in told)
    assert not any(text.startswith("CRCD · CCP1") for text in told)


def test_each_exam_becomes_sessions_of_its_own_and_all_share(client) -> None:
    plan = planning.solve(composed())
    client.force_login(plan.created_by)
    revision = queries.current_revision(plan)
    assert revision is not None
    found = assemble(plan)
    task = found.with_panels(panels_in(revision.content))
    placed = plan_in(found, revision.content)
    assert violations(task, placed.placed, placed.duties) == []

    actions.publish_plan(plan=plan, by=plan.created_by, at=DAY)

    rows = list(plan.sessions.select_related("session", "exam"))
    assert {row.exam.block for row in rows} == {"", "CCP1", "CCP2"}
    for row in rows:
        assert (row.session.version_id, row.session.block) == (row.exam.version_id, row.exam.block)
        assert session_queries.jury_faults(row.session) == []
        assert {seat.enrolment.block for seat in row.session.candidates.all()} == {row.exam.block}
    assert sum(row.session.candidates.count() for row in rows) == 6
    days = {(row.jury_number, row.on) for row in rows}
    assert len(days) < len(rows)  # a jury that sits for two exams in a day has a session of each
    again = actions.publish_plan(plan=plan, by=plan.created_by, at=DAY)
    assert (again.made, again.changed, again.cancelled) == (0, 0, 0)

    page = client.get(url("timetable", plan.pk)).content.decode()
    assert "· CCP2" in page
    one = plan.candidates.filter(enrolment__block="CCP2").first()
    own = client.get(url("own_days_file", "candidats", one.pk))
    words = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(own.content)).pages)
    assert "CCP2" in words
    assert "CCP1" not in words
    doors = client.get(url("doors", plan.pk))
    listed = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(doors.content)).pages)
    assert "CCP" in listed


def test_who_replaces_a_juror_leaves_the_jury_regular_for_all_it_hears() -> None:
    plan = planning.solve(composed())
    revision = queries.current_revision(plan)
    assert revision is not None
    found = assemble(plan)
    solution, panels = plan_in(found, revision.content), panels_in(revision.content)
    rose = plan.jurors.get(juror__first_name="Rose")
    day = next(
        one.day for one in solution.placed if found.candidates[one.sitter].enrolment.block == "CCP2"
    )
    assert able_to_replace(found, solution, panels, rose.pk, day) == []


def test_a_hand_may_not_put_a_candidate_before_a_jury_of_another_exam() -> None:
    plan = planning.solve(composed())
    revision = queries.current_revision(plan)
    assert revision is not None
    revision.content["panels"]["77"] = [
        one.pk for one in plan.jurors.exclude(juror__first_name="Rose")[:2]
    ]
    one = PlanCandidate.objects.filter(enrolment__block="CCP2").first()
    looked = look_at_move(
        plan, revision, one, day=plan.days.first(), jury=77, alone_at=690, together_at=510
    )
    assert "jury_not_regular" in {each.code for each in looked.broken}
    said = [changes.violation_sentence(each, looked.found) for each in looked.broken]
    assert any("n’est pas régulier pour l’examen" in text for text in said)


def test_an_enrolment_of_another_exam_is_not_added() -> None:
    plan = planning.plan()
    version = plan.exams.get().version
    other = make.framework_version()
    person = make.candidate(plan.organisation)
    with pytest.raises(errors.NotOfThisPlan):
        actions.add_candidates(
            plan=plan,
            enrolments=[make.enrolment(person, other)],
            by=plan.created_by,
            at=DAY,
        )
    added = make.enrolment(make.candidate(plan.organisation), version)
    for count in (1, 0):
        assert (
            actions.add_candidates(
                plan=plan,
                enrolments=Enrolment.objects.filter(pk=added.pk),
                by=plan.created_by,
                at=DAY,
            )
            == count
        )
