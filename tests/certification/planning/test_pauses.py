"""A run that no stretch of a day holds goes around a pause, between two of its phases."""

from dataclasses import replace

import pytest

from acquis.certification.exam_sessions.phases import phases_from
from acquis.certification.planning.checking import violations
from acquis.certification.planning.exams import exam_of, hours_of
from acquis.certification.planning.moving import moved
from acquis.certification.planning.problem import (
    Day,
    Exam,
    Plan,
    Problem,
    Sitter,
    Step,
    Unplaceable,
)
from acquis.certification.planning.solving import solve
from tests.certification.planning.instances import oral, problem, title_exam
from tests.factories import certification as make

SHORT = Day(540, 990, ((720, 810),))  # 9:00 to 12:00, 13:30 to 16:30: 180 minutes each


def long_oral() -> Exam:
    """Exchanges, then what is prepared alone and defended: 270 minutes, cut after the exchanges only."""
    return Exam(
        (),
        (
            Step("roleplay.1", 40, seat=True),
            Step("roleplay.2", 80, jury=True),
            Step("defence.1", 90, seat=True),
            Step("defence.2", 60, jury=True),
        ),
        cuts=("defence.1",),
    )


def asked(**fields: object) -> Problem:
    values = {"exam": long_oral(), "days": (SHORT, SHORT), **fields}
    return problem(**values)


def test_a_run_in_one_piece_stays_in_one_piece() -> None:
    plan = solve(problem(exam=replace(title_exam(), cuts=("technical_interview.1",))))
    assert {one.cut for one in plan.placed} == {""}


def test_a_run_that_no_stretch_holds_goes_around_the_pause() -> None:
    task = asked(sitters=(Sitter(1, long_oral()), Sitter(2, long_oral())))
    plan = solve(task)

    assert violations(task, plan.placed, plan.duties) == []
    for one in plan.placed:
        assert one.cut == "defence.1"
        assert one.alone_at + 120 <= 720
        assert one.resumes_at is not None
        assert one.resumes_at >= 810
        # Two stays, each with a workstation and somebody to watch.
        assert len(one.seat_rooms) == 2
        assert task.exam_of(one).hearings(one.alone_at) == [
            (one.alone_at + 40, one.alone_at + 120),
            (one.resumes_at + 90, one.resumes_at + 150),
        ]
    assert plan.proofs[0].is_optimal


def test_without_a_place_to_cut_it_fits_no_day() -> None:
    with pytest.raises(Unplaceable) as refused:
        solve(asked(exam=replace(long_oral(), cuts=())))
    assert refused.value.code == "day_too_short"
    with pytest.raises(Unplaceable):
        solve(asked(exam=replace(long_oral(), cuts=("defence.2",))))  # 210 minutes before it


def test_the_written_part_is_marked_before_the_interview_on_the_other_side() -> None:
    exam = replace(title_exam(1 / 3), cuts=("technical_interview.1",))
    task = problem(exam=exam, sitters=(Sitter(1, exam),), days=(Day(480, 1080, ((730, 900),)),))
    plan = solve(task)
    one = plan.placed[0]
    assert violations(task, plan.placed, plan.duties) == []
    assert one.cut == "technical_interview.1"
    assert one.marking_at is not None
    assert one.resumes_at is not None
    assert one.marking_at + 15 <= one.resumes_at + 14


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"cut": "defence.2"}, "cut_elsewhere"),  # inside a part
        ({"resumes_at": 715}, "cut_elsewhere"),  # for no pause
        ({"resumes_at": 700}, "cut_elsewhere"),  # before it stopped
        ({"resumes_at": 812}, "off_grid"),
        ({"resumes_at": 900}, "closed"),
        ({"resumes_at": None}, "closed"),
    ],
)
def test_each_way_to_cut_wrongly_is_named(change: dict[str, object], code: str) -> None:
    task = asked(sitters=(Sitter(1, long_oral()),))
    plan = solve(task)
    wrong = replace(plan.placed[0], **change)  # type: ignore[arg-type]
    assert code in {one.code for one in violations(task, [wrong])}


def test_a_hand_puts_a_run_around_the_pause_too() -> None:
    task = asked(sitters=(Sitter(1, long_oral()),))
    plan = solve(task)
    where = {"day": 1, "panel": 2, "together_at": None}

    after = moved(task, plan, 1, alone_at=550, **where)
    assert (after.placed[0].cut, after.placed[0].resumes_at) == ("defence.1", 810)
    assert violations(task, after.placed, after.duties) == []
    late = moved(task, plan, 1, alone_at=700, **where)
    assert "closed" in {one.code for one in violations(task, late.placed, late.duties)}
    short = Plan(tuple(replace(one, cut="", resumes_at=None) for one in plan.placed), (), ())
    in_one = moved(replace(task, sitters=(Sitter(1, oral()),)), short, 1, alone_at=900, **where)
    assert (in_one.placed[0].cut, in_one.placed[0].resumes_at) == ("", None)


def test_no_more_are_heard_a_day_than_fit_on_both_sides() -> None:
    """The jury hears 80 minutes before the pause and 60 after: two candidates a day, not three."""
    task = asked(sitters=tuple(Sitter(key, long_oral()) for key in range(4)))
    plan = solve(task)
    assert violations(task, plan.placed, plan.duties) == []
    assert (plan.proofs[0].value, plan.proofs[0].bound) == (4, 4)


def test_the_phases_of_a_framework_say_where_a_pause_may_fall() -> None:
    phases = phases_from(make.ccp1_content(), "CCP1")
    exam = exam_of(phases, 15)
    assert exam.cuts == ("technical_interview.1",)

    days = (Day(540, 990, ((660, 720),)),)
    wide = replace(exam, alone=tuple(replace(step, minutes=60) for step in exam.alone))
    task = problem(exam=exam, sitters=(Sitter(1, wide),), days=days)
    with pytest.raises(Unplaceable):
        solve(task)
    task = problem(exam=exam, sitters=(Sitter(1, exam),), days=(Day(540, 720, ((655, 680),)),))
    one = solve(task).placed[0]
    assert (one.cut, one.resumes_at) == ("technical_interview.1", 685)
    cut = replace(one, alone_at=625)
    hours = {hour.plan.code: (hour.starts, hour.stay) for hour in hours_of(phases, cut)}
    assert hours["roleplay.3"][0] == 640
    assert hours["technical_interview.1"] == (685, 2)
    assert hours["technical_interview.3"][0] == 705


def test_nobody_is_there_in_the_first_or_last_hour_for_nothing() -> None:
    task = problem(exam=oral(), sitters=(Sitter(1, oral()), Sitter(2, oral())))
    for one in solve(task).placed:
        day = task.days[one.day]
        assert one.alone_at >= day.opens + 60
        assert one.alone_at + 60 <= day.closes - 60
