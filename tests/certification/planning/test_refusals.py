"""What is refused while a plan is composed, and what it lacks before it can be solved."""

from typing import Any

import pytest

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions import actions as session_actions
from acquis.certification.planning import actions, errors, policy
from acquis.certification.planning.actions import PlanData
from acquis.certification.planning.benches import Bench, Composition, Seat
from acquis.certification.planning.models import SeasonPlan
from acquis.certification.planning.problem import Day, Exam, Sitter, Step
from acquis.kernel import trace
from tests.certification.planning.instances import oral, title_exam
from tests.factories import certification as make
from tests.factories import planning
from tests.factories.certification import DAY

# ---- What is missing; no database ----

OPEN = Day(510, 1110, invigilators=1)
PAIR = (Seat(1, True), Seat(2, False))


def codes(
    seats: tuple[Seat, ...] = PAIR,
    composition: Composition = Composition(),  # noqa: B008  frozen
    days: tuple[Day, ...] = (OPEN,),
    exam: Exam | None = None,
) -> list[tuple[str, bool]]:
    bench = Bench(0, composition, seats)
    found = policy.composition_faults(
        [Sitter(1, exam or title_exam())],
        [bench],
        days,
        jury_rooms=1,
        workstations=4,
        untimed=False,
    )
    return [(fault.code, fault.blocking) for fault in found]


@pytest.mark.parametrize(
    ("seats", "composition", "code"),
    [
        (PAIR[:1], Composition(), "too_few_jurors"),
        (PAIR, Composition(specialist=True), "no_specialist"),
        ((Seat(1, False), Seat(2, False)), Composition(), "too_few_external"),
        (PAIR, Composition(external_min=2), "too_few_external"),
        (PAIR, Composition(), ""),
    ],
)
def test_why_jurors_make_no_jury(seats, composition, code: str) -> None:
    assert policy.lacking(seats, composition) == code
    assert codes(seats, composition) == ([(code, True)] if code else [])


def test_a_day_without_a_jury_or_an_eye_is_told_and_all_of_them_bar() -> None:
    away = (PAIR[0], Seat(2, False, away=frozenset({0})))
    assert codes(away, days=(OPEN, OPEN)) == [("too_few_jurors", False)]
    blind = Day(510, 1110, invigilators=0)
    assert codes(days=(blind, OPEN)) == [("no_invigilator", False)]
    assert codes(days=(blind,)) == [("no_invigilator", True)]
    assert codes(days=(blind,), exam=oral()) == []  # nobody sits down, nobody watches


def test_a_juror_who_can_never_sit_is_named_once_for_all_exams() -> None:
    never = (*PAIR, Seat(3, True, away=frozenset({0})))
    assert codes(never) == [("jurors_never_there", False)]
    first, second = Bench(0, Composition(), never), Bench(1, Composition(), (*PAIR, Seat(3, True)))
    found = policy.composition_faults(
        [Sitter(1, oral())], [first, second], [OPEN], jury_rooms=1, workstations=0, untimed=False
    )
    assert found == []


def test_whom_nobody_may_hear_is_named_with_the_jurors_that_bar() -> None:
    benches = {0: Bench(0, Composition(), PAIR)}
    sitters = [
        Sitter(1, oral(), barred=frozenset({2})),
        Sitter(2, oral(), away=frozenset({0})),
        Sitter(3, oral()),
    ]
    found = list(policy.unheard(sitters, benches, 1))
    assert [(fault.sitter, fault.jurors) for fault in found] == [(1, (2,)), (2, ())]


def test_what_is_missing_altogether_is_told_before_all_else() -> None:
    found = policy.composition_faults(
        [], [Bench(0, Composition(), ())], [], jury_rooms=0, workstations=0, untimed=True
    )
    assert [fault.code for fault in found] == [
        "untimed",
        "no_candidate",
        "no_day",
        "no_juror",
        "no_jury_room",
    ]
    seated = [Sitter(1, Exam((), (Step("a", 30, seat=True),)))]
    found = policy.composition_faults(
        seated,
        [Bench(0, Composition(), PAIR)],
        [OPEN],
        jury_rooms=1,
        workstations=0,
        untimed=False,
    )
    assert [fault.code for fault in found] == ["no_workstation"]


# ---- What is refused ----

pytestmark = pytest.mark.django_db


def data(plan: SeasonPlan, **fields: Any) -> PlanData:
    values = {name: getattr(plan, name) for name in PlanData.__annotations__}
    return values | fields  # type: ignore[return-value]


def verbs(plan: SeasonPlan) -> list[str]:
    return list(trace.lines(plan.trace_stream).values_list("verb", flat=True))


def test_a_plan_is_revised_and_its_name_is_its_own() -> None:
    plan = planning.plan()
    other = planning.bare_plan(plan.organisation)
    by = {"by": plan.created_by, "at": DAY}
    assert actions.revise_plan(plan=plan, data=data(plan), **by) == plan
    assert "plan.revised" not in verbs(plan)
    revised = actions.revise_plan(plan=plan, data=data(plan, jury_size=3), **by)
    assert revised.jury_size == 3
    assert verbs(plan).count("plan.revised") == 1
    assert plan.candidates.count() == 2
    with pytest.raises(errors.PlanNameTaken):
        actions.revise_plan(plan=plan, data=data(plan, name=other.name), **by)
    exam = plan.exams.select_related("version").get()
    with pytest.raises(errors.PlanNameTaken):
        actions.create_plan(
            organisation=plan.organisation,
            data=data(plan),
            exams=[(exam.version, exam.block)],
            **by,
        )


def test_people_of_another_centre_are_not_added() -> None:
    plan, stranger = planning.plan(), make.organisation()
    by = {"by": plan.created_by, "at": DAY}
    with pytest.raises(errors.NotOfThisPlan):
        actions.add_jurors(plan=plan, jurors=[make.juror(stranger)], **by)
    watcher = make.person(Role.INVIGILATOR, organisation=stranger)
    with pytest.raises(errors.NotOfThisPlan):
        actions.add_invigilators(plan=plan, users=[watcher], **by)
    known = [one.juror for one in plan.jurors.all()]
    assert actions.add_jurors(plan=plan, jurors=known, **by) == 0


def test_absences_are_those_of_the_plans_own_people_and_days() -> None:
    plan, other = planning.plan(), planning.plan()
    juror, day = plan.jurors.first(), plan.days.first()
    by = {"by": plan.created_by, "at": DAY}
    for absences in ([(juror, [other.days.first()])], [(other.jurors.first(), [day])]):
        with pytest.raises(errors.NotOfThisPlan):
            actions.set_absences(plan=plan, absences=absences, **by)
    for _ in range(2):
        actions.set_absences(plan=plan, absences=[(juror, [day])], **by)
    assert list(juror.away.all()) == [day]
    assert verbs(plan).count("plan.absences_noted") == 1


def test_a_room_has_a_name_of_its_own_and_is_of_its_kind() -> None:
    plan = planning.plan()

    def add(name: str, kind: str, workstations: int, is_confidential: bool) -> None:
        actions.add_room(
            plan=plan,
            name=name,
            kind=kind,
            workstations=workstations,
            is_confidential=is_confidential,
            by=plan.created_by,
            at=DAY,
        )

    with pytest.raises(errors.RoomNameTaken):
        add("Salle A", "exam", 4, False)
    for kind, workstations, closed in (("jury", 2, True), ("jury", 0, False), ("exam", 0, True)):
        with pytest.raises(errors.RoomNotOfItsKind):
            add("Salle B", kind, workstations, closed)
    add("Salle B", "exam", 1, False)


def test_days_are_in_order_and_one_that_is_there_keeps_its_hours() -> None:
    plan = planning.plan()
    on = plan.days.first().on

    def add(opens: int, closes: int, *pauses: tuple[int, int]) -> int:
        return actions.add_days(
            plan=plan,
            dates=[on],
            opens=opens,
            closes=closes,
            pauses=pauses,
            by=plan.created_by,
            at=DAY,
        )

    for hours in ((600, 540), (-5, 600), (600, 1500)):
        with pytest.raises(errors.DayOutOfOrder):
            add(*hours)
    with pytest.raises(errors.DayOutOfOrder):
        add(540, 1080, (700, 690))
    assert add(540, 1080, (700, 760)) == 0
    assert plan.days.get(on=on).opens == 510


def test_a_plan_is_left_alone_while_it_is_solved_and_published_only_once_it_is() -> None:
    plan = planning.plan()
    by = {"by": plan.created_by, "at": DAY}
    with pytest.raises(errors.PlanNotSolved):
        actions.publish_plan(plan=plan, **by)
    assert actions.reopen_plan(plan=plan, **by).state == SeasonPlan.State.DRAFT
    actions.start_solving(plan=plan, **by)
    with pytest.raises(errors.PlanBeingSolved):
        actions.remove_day(day=plan.days.first(), **by)


def test_without_a_written_part_to_mark_the_jury_has_no_marking() -> None:
    plan = planning.solved(marking_minutes=0)
    assert plan.slots.exists()
    assert not plan.slots.filter(position=0).exists()


def test_who_was_put_into_a_session_by_hand_leaves_it_when_the_plan_is_published_again() -> None:
    plan = planning.solved()
    by = {"by": plan.created_by, "at": DAY}
    actions.publish_plan(plan=plan, **by)
    session = plan.sessions.first().session
    exam = plan.exams.select_related("version").get()
    stranger = make.enrolment(make.candidate(plan.organisation), exam.version)
    session_actions.add_candidate(session=session, enrolment=stranger, **by)
    actions.publish_plan(plan=plan, **by)
    assert not session.candidates.filter(enrolment=stranger).exists()
