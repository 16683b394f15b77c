"""What a session refuses, and what asked twice changes nothing."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.http import Http404

from acquis.accounts.enums import Role
from acquis.accounts.verbs import Verb
from acquis.certification.exam_sessions import access, actions, errors
from acquis.certification.exam_sessions.actions import locking
from acquis.certification.exam_sessions.models import ExamSession, Incident, SessionJuror
from acquis.certification.frameworks.models import FrameworkVersion
from acquis.kernel import trace
from tests.factories import certification as make
from tests.factories.certification import DAY

pytestmark = pytest.mark.django_db


def planned(centre, **changes) -> dict:
    values = {
        "reference": "",
        "version": make.framework_version(),
        "block": "CCP1",
        "starts_at": DAY,
        "place": "Centre de Nantes",
        "address": "",
        "room": "",
        "enterprise_id": None,
    }
    return values | changes


def plan(centre, **changes) -> ExamSession:
    by = make.person(Role.SESSION_MANAGER, organisation=centre)
    return actions.plan_session(
        organisation=centre, data=planned(centre, **changes), by=by, at=DAY - timedelta(days=60)
    )


def test_references_follow_one_another_within_a_year() -> None:
    centre = make.organisation()
    plan(centre, reference="S26-007")
    plan(centre, reference="S26-bis")
    assert plan(centre).reference == "S26-008"
    assert plan(make.organisation()).reference == "S26-001"


def test_what_planning_refuses() -> None:
    centre = make.organisation()
    taken = plan(centre)
    with pytest.raises(errors.ReferenceTaken):
        plan(centre, reference=taken.reference)
    draft = make.framework_version(state=FrameworkVersion.State.DRAFT)
    with pytest.raises(errors.VersionNotUsable):
        plan(centre, version=draft)
    for block in ("CCP9", ""):
        with pytest.raises(errors.BlockNotExamined):
            plan(centre, block=block)
    with pytest.raises(errors.EnterpriseUnknown):
        plan(centre, enterprise_id=make.enterprise(make.organisation()).pk)
    assert ExamSession.objects.get() == taken


def revised(session: ExamSession, **changes) -> ExamSession:
    data = {
        "reference": "",
        "version": session.version,
        "block": session.block,
        "starts_at": session.starts_at,
        "place": session.place,
        "address": session.address,
        "room": session.room,
        "enterprise_id": session.enterprise_id,
    }
    return actions.revise_session(
        session=session, data=data | changes, by=session.manager, at=DAY - timedelta(days=9)
    )


def test_a_session_is_revised_and_the_same_again_leaves_no_line() -> None:
    session = make.session()
    assert revised(session, room="Salle C", reference="S-NEUVE").room == "Salle C"
    session.refresh_from_db()
    assert session.reference == "S-NEUVE"
    revised(session, room="Salle C", reference=session.reference)
    lines = trace.lines(session.trace_stream).filter(verb="session.revised")
    assert [line.data["fields"] for line in lines] == [["reference", "room"]]


def test_the_exam_of_a_session_changes_only_while_nobody_is_in_it() -> None:
    version = make.framework_version()
    with pytest.raises(errors.SessionFrozen):
        revised(make.session(), version=version)
    empty = make.bare_session()
    assert revised(empty, version=version).version == version


def test_an_incident_says_what_happened_and_never_in_the_future() -> None:
    session = make.open_session()
    told = {"session": session, "category": "headset", "by": session.manager, "at": DAY}
    with pytest.raises(errors.ReasonMissing):
        actions.report_incident(description="  ", happened_at=DAY, **told)
    assert not Incident.objects.exists()
    later = DAY + timedelta(hours=1)
    made = actions.report_incident(description="Casque muet", happened_at=later, **told)
    assert made.happened_at == DAY


def test_a_state_that_does_not_follow_is_refused() -> None:
    session = make.session(state="closed")
    with pytest.raises(errors.SessionStateRefused), transaction.atomic():
        locking.move(locking.lock(session.pk), ExamSession.State.OPEN)
    assert actions.mark_summoned(session=session, by=session.manager, at=DAY).state == "closed"


def test_composing_twice_is_composing_once() -> None:
    session = make.session(candidates=1, jurors=1)
    by = session.manager
    seat, member = session.candidates.get(), session.jurors.get()
    assert actions.add_candidate(session=session, enrolment=seat.enrolment, by=by, at=DAY) == seat
    assert actions.add_juror(session=session, juror=member.juror, by=by, at=DAY) == member
    assert actions.name_president(member=member, by=by, at=DAY) == member
    assert session.candidates.count() == session.jurors.count() == 1


def test_a_juror_of_another_centre_does_not_sit_and_a_new_president_replaces() -> None:
    session = make.session(candidates=1, jurors=1)
    with pytest.raises(errors.OtherOrganisation):
        actions.add_juror(
            session=session, juror=make.juror(make.organisation()), by=session.manager, at=DAY
        )
    actions.add_juror(
        session=session,
        juror=make.juror(session.organisation),
        function=SessionJuror.Function.PRESIDENT,
        by=session.manager,
        at=DAY,
    )
    assert session.jurors.filter(function="president").count() == 1


def test_a_juror_sits_in_two_sessions_of_a_day_whose_hours_never_meet() -> None:
    morning = make.session(candidates=1, jurors=1)
    centre, juror = morning.organisation, morning.jurors.get().juror
    together, afternoon, empty = (
        make.session(
            organisation=centre, candidates=seats, jurors=0, starts_at=DAY + timedelta(hours=hours)
        )
        for seats, hours in ((1, 0), (1, 5), (0, 5))
    )
    for session in (together, empty):  # of whom nothing is known, the juror may be needed
        with pytest.raises(errors.JurorBusy):
            actions.add_juror(session=session, juror=juror, by=session.manager, at=DAY)
        assert not session.jurors.exists()
    actions.add_juror(session=afternoon, juror=juror, by=afternoon.manager, at=DAY)
    assert afternoon.jurors.get().juror == juror


def test_who_has_an_exam_in_the_session_is_not_taken_out() -> None:
    session = make.open_session(candidates=1)
    session.state = ExamSession.State.DRAFT
    session.save()
    with pytest.raises(errors.AlreadyDrawn):
        actions.remove_candidate(seat=session.candidates.get(), by=session.manager, at=DAY)
    assert session.candidates.exists()


def test_what_does_not_exist_is_not_found() -> None:
    manager = make.session().manager
    for find in (access.session_for, access.seat_for, access.member_for):
        with pytest.raises(Http404):
            find(manager, 999_999, Verb.SESSION_READ)
    for find in (access.summons_for,):
        with pytest.raises(Http404):
            find(manager, 999_999)


def test_sessions_are_seen_by_those_who_may_read_them_only() -> None:
    session = make.session()
    centre = session.organisation
    trainer = make.person(Role.TRAINER, organisation=centre)
    assert not access.visible_sessions(trainer, centre).exists()
    assert access.visible_sessions(session.manager, centre).get() == session
    seat = session.candidates.first()
    assert access.seat_for(session.manager, seat.pk, Verb.SESSION_MANAGE) == seat
    juror = session.jurors.first()
    assert access.member_for(juror.juror.user, juror.pk, Verb.SESSION_READ) == juror
    with pytest.raises(Http404):
        access.session_for(
            make.person(Role.JUROR, organisation=centre), session.pk, Verb.SESSION_READ
        )


def test_a_juror_reads_their_own_summons() -> None:
    session = make.session()
    mine, other = session.jurors.all()
    summons = actions.issue_summons(recipient=mine, by=session.manager, at=DAY - timedelta(days=40))
    assert access.summons_for(mine.juror.user, summons.pk) == summons
    with pytest.raises(Http404):
        access.summons_for(other.juror.user, summons.pk)
