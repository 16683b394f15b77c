"""Hours that a plan published win over those computed, and go with their session."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions import actions, errors, queries
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.exam_sessions.policy import Slot, chain, together
from acquis.kernel import trace
from tests.certification.exam_sessions.summoning import coming, deliver, issued
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def session() -> ExamSession:
    return make.session()


def afternoon(session: ExamSession, seat: SessionCandidate) -> list[Slot]:
    """Written at the hour of the session, the rest four hours later."""
    plans = queries.plan_of(session, seat)
    shared = together(plans)
    return chain(session.starts_at, plans[:shared]) + chain(
        session.starts_at + timedelta(hours=4), plans[shared:]
    )


def kept(session: ExamSession, seat: SessionCandidate) -> list[Slot]:
    slots = afternoon(session, seat)
    assert actions.keep_hours(seat=seat, slots=slots, by=session.manager, at=DAY)
    return slots


def test_stored_hours_win_and_those_of_the_others_are_computed_around_them(session) -> None:
    first, second = queries.seats(session)
    before = queries.timetable_of(session)

    run = queries.timetable_of(session)[first.pk][1:]
    written = before[second.pk][:1]
    actions.keep_hours(seat=second, slots=written + run, by=session.manager, at=DAY)
    slots = written + run

    after = queries.timetable_of(session)
    assert after[second.pk] == slots != before[second.pk]
    assert after[first.pk][0].starts_at == session.starts_at
    busy = [
        [(s.starts_at, s.ends_at) for s in after[seat.pk] if s.jury_present]
        for seat in (first, second)
    ]
    assert not any(a < d and c < b for a, b in busy[0] for c, d in busy[1])
    assert trace.lines(session.trace_stream).filter(verb="session.hours_kept").count() == 1


def test_the_same_hours_kept_again_change_nothing(session) -> None:
    seat = queries.seats(session)[0]
    slots = kept(session, seat)

    assert not actions.keep_hours(seat=seat, slots=slots, by=session.manager, at=DAY)
    assert actions.keep_hours(seat=seat, slots=[], by=session.manager, at=DAY)
    assert queries.stored_hours([seat]) == {}


def test_the_hours_go_with_a_session_put_to_another_hour(session) -> None:
    seat = queries.seats(session)[0]
    slots = kept(session, seat)
    later = timedelta(days=1, hours=1)

    data = {name: getattr(session, name) for name in actions.SessionData.__annotations__}
    moved = actions.revise_session(
        session=session,
        data=data | {"starts_at": session.starts_at + later},  # type: ignore[arg-type]
        by=session.manager,
        at=DAY,
    )

    shifted = queries.timetable_of(moved)[seat.pk]
    assert [s.starts_at for s in shifted] == [s.starts_at + later for s in slots]


def test_once_the_session_is_open_its_hours_stay(session) -> None:
    seat = queries.seats(session)[0]
    slots = afternoon(session, seat)
    ExamSession.objects.update(state=ExamSession.State.OPEN)

    with pytest.raises(errors.SessionFrozen):
        actions.keep_hours(seat=seat, slots=slots, by=session.manager, at=DAY)
    with pytest.raises(errors.SessionFrozen):
        actions.move_candidate(
            seat=seat,
            session=make.session(organisation=session.organisation),
            by=session.manager,
            at=DAY,
        )
    assert queries.stored_hours([seat]) == {}


def test_an_accommodation_decided_since_is_told_on_the_page(session, client) -> None:
    seat = queries.seats(session)[0]
    kept(session, seat)
    assert queries.outdated_hours(session, queries.timetable_of(session)) == []

    make.accommodation(seat.enrolment)

    client.force_login(make.person(Role.SESSION_MANAGER, organisation=session.organisation))
    page = client.get(reverse("exam_sessions:detail", args=[session.pk])).content.decode()
    assert f"Les durées de {seat.enrolment.candidate.full_name} ont changé" in page


def test_a_candidate_goes_to_another_session_of_the_same_exam(session) -> None:
    seat = queries.seats(session)[0]
    kept(session, seat)
    other = make.session(
        organisation=session.organisation, version=session.version, candidates=0, jurors=0
    )

    for rank in (1, 2):
        moved = queries.seats(session)[0] if rank == 2 else seat
        actions.move_candidate(seat=moved, session=other, by=session.manager, at=DAY)

    assert [s.order for s in queries.seats(other)] == [1, 2]
    assert queries.stored_hours(queries.seats(other)) == {}
    assert not queries.seats(session)


def test_nobody_goes_to_the_session_of_another_exam(session) -> None:
    other = make.session(organisation=session.organisation, version=make.framework_version())
    seat = queries.seats(session)[0]

    with pytest.raises(errors.NotEnrolledForThis):
        actions.move_candidate(seat=seat, session=other, by=session.manager, at=DAY)
    assert seat in queries.seats(session)


def test_moved_to_where_one_is_nothing_changes(session) -> None:
    seat = queries.seats(session)[0]
    slots = kept(session, seat)
    assert actions.move_candidate(seat=seat, session=session, by=session.manager, at=DAY) == seat
    assert queries.stored_hours([seat]) == {seat.pk: slots}


def test_nobody_is_moved_to_a_day_on_which_they_sit_elsewhere(session) -> None:
    seat = queries.seats(session)[0]
    fields = {"organisation": session.organisation, "version": session.version}
    later = session.starts_at + timedelta(days=1)
    third = make.session(**fields, starts_at=later, candidates=0, jurors=0)
    wanted = make.session(**fields, starts_at=later, candidates=0, jurors=0)
    actions.add_candidate(session=third, enrolment=seat.enrolment, by=session.manager, at=DAY)

    with pytest.raises(errors.CandidateBusy):
        actions.move_candidate(seat=seat, session=wanted, by=session.manager, at=DAY)
    with pytest.raises(errors.CandidateBusy):  # two places of one person never meet
        actions.move_candidate(seat=seat, session=third, by=session.manager, at=DAY)


def test_who_has_an_exam_in_a_session_is_not_moved(session) -> None:
    held = make.open_session(candidates=1)
    ExamSession.objects.filter(pk=held.pk).update(state=ExamSession.State.DRAFT)
    other = make.session(
        organisation=held.organisation, version=held.version, candidates=0, jurors=0
    )
    with pytest.raises(errors.AlreadyDrawn):
        actions.move_candidate(seat=held.candidates.get(), session=other, by=held.manager, at=DAY)


def test_a_letter_on_its_way_does_not_leave_once_its_candidate_sits_elsewhere() -> None:
    former = coming()
    seat = former.candidates.get()
    summons = issued(former)
    other = coming(organisation=former.organisation, version=former.version, candidates=0, jurors=0)
    actions.move_candidate(seat=seat, session=other, by=former.manager, at=DAY)
    deliver()
    assert mail.outbox == []
    actions.cancel_session(session=former, reason="Salle inondée", by=former.manager, at=DAY)
    summons.refresh_from_db()
    assert summons.withdrawn_at is None


def test_a_juror_sits_in_two_sessions_of_a_day_only_when_they_never_meet() -> None:
    first = make.session(candidates=1, jurors=1)
    juror = first.jurors.get().juror
    second = make.session(
        organisation=first.organisation, version=first.version, candidates=1, jurors=0
    )
    with pytest.raises(errors.JurorBusy):
        actions.add_juror(session=second, juror=juror, by=first.manager, at=DAY)
    ends = max(slot.ends_at for slots in queries.timetable_of(first).values() for slot in slots)
    ExamSession.objects.filter(pk=second.pk).update(starts_at=ends)
    second.refresh_from_db()
    member = actions.add_juror(session=second, juror=juror, by=first.manager, at=DAY)
    assert member.session == second
