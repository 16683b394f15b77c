"""Whoever sits elsewhere after an absence keeps their place and their summons."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from acquis.certification.exam_sessions import actions as session_actions
from acquis.certification.exam_sessions import errors as session_errors
from acquis.certification.exam_sessions import queries as session_queries
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate, Summons
from acquis.certification.planning import actions
from acquis.certification.planning.models import SeasonPlan
from acquis.kernel import jobs
from tests.certification.exam_sessions.summoning import deliver, page_of, state_of
from tests.certification.planning.test_changing import ill, url
from tests.factories import certification as make
from tests.factories import planning

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(client) -> SeasonPlan:
    """Two candidates, one jury, two days to come: found, published, summoned, acknowledged."""
    built = planning.plan(candidates=2, jurors=0, days=0)
    for _ in range(2):
        planning.juror(built, accredited_to=date(2099, 12, 31))
    for rank in (60, 61):
        planning.day(built, on=timezone.localtime().date() + timedelta(days=rank))
    planning.solve(built)
    client.force_login(built.created_by)
    actions.publish_plan(plan=built, by=built.created_by, at=timezone.now())
    for row in built.sessions.all():
        for seat in row.session.candidates.all():
            summons = session_actions.issue_summons(
                recipient=seat, by=built.created_by, at=timezone.now()
            )
            session_actions.answer_summons(summons=summons, answer="coming", at=timezone.now())
    deliver()
    return built


def absent(client, plan: SeasonPlan) -> None:
    """A juror cannot come on the day in use; nobody replaces them, the other day is taken."""
    juror, day = ill(plan)
    client.post(
        url("absence", plan.pk), {"juror": juror.pk, "day": day.on.isoformat(), "instead": ""}
    )
    assert jobs.run_due(now=timezone.now())
    proposal = plan.revisions.get(state="proposed")
    client.post(url("proposal", plan.pk, proposal.number), {"accept": "1"})


def board(client) -> dict[str, dict[str, int]]:
    """What the board of deadlines counts of summons, by reference of session."""
    rows = client.get(reverse("exam_sessions:deadlines"), {"nature": "summons"}).context["rows"]
    return {row["deadline"].title: dict(row["deadline"].facts) for row in rows}


def test_after_an_absence_a_candidate_has_one_place_and_a_changed_summons(client, plan) -> None:
    former = plan.sessions.get().session
    before = list(Summons.objects.order_by("pk"))
    seats = set(SessionCandidate.objects.values_list("pk", flat=True))
    assert [state_of(one) for one in before] == ["acknowledged"] * 2
    mail.outbox.clear()
    absent(client, plan)

    done = actions.publish_plan(plan=plan, by=plan.created_by, at=timezone.now())

    wanted = plan.sessions.get().session
    former.refresh_from_db()
    assert (former.state, former.candidates.count()) == (ExamSession.State.CANCELLED, 0)
    assert {seat.pk for seat in wanted.candidates.all()} == seats
    names = {one.enrolment.candidate.full_name for one in wanted.candidates.all()}
    assert (done.made, done.cancelled, set(done.to_summon)) == (1, 1, names)
    assert board(client) == {wanted.reference: {"à convoquer": 4}}

    # Nothing is withdrawn: the appointment changes, what was answered stays where it was.
    deliver()
    assert mail.outbox == []
    client.logout()
    closed = client.get(page_of(before[0]))
    assert closed.status_code == 410
    assert "change de date ou de jury" in closed.content.decode()
    with pytest.raises(session_errors.SummonsVoid):
        session_actions.answer_summons(
            summons=before[0], answer="not_coming", reason="x", at=timezone.now()
        )
    client.force_login(plan.created_by)
    seat = before[0].candidate
    assert seat is not None
    seat.refresh_from_db()
    again = session_actions.issue_summons(recipient=seat, by=plan.created_by, at=timezone.now())
    deliver()

    assert [state_of(one) for one in (before[0], again)] == ["replaced", "sent"]
    before[0].refresh_from_db()
    assert before[0].answer == Summons.Answer.COMING
    assert (before[0].session, before[0].replaced_by) == (former, again)
    assert (again.event_uid, again.sequence) == (before[0].event_uid, 1)
    assert again.data["replaces"] == before[0].number
    letter = mail.outbox[-1]
    assert "Elle remplace la convocation" in letter.body
    assert not letter.subject.startswith("Annulé")
    assert board(client) == {wanted.reference: {"à convoquer": 3, "Envoyée": 1}}
    assert session_queries.current_summonses(wanted) == {("candidate", seat.pk): again}


def test_a_juror_who_goes_to_another_day_gets_one_letter_that_says_what_changed(
    client, plan
) -> None:
    former = plan.sessions.get().session
    told = {
        member.juror_id: session_actions.issue_summons(
            recipient=member, by=plan.created_by, at=timezone.now()
        )
        for member in former.jurors.all()
    }
    deliver()
    places = set(former.jurors.values_list("pk", flat=True))
    mail.outbox.clear()
    absent(client, plan)

    actions.publish_plan(plan=plan, by=plan.created_by, at=timezone.now())

    wanted = plan.sessions.get().session
    assert set(wanted.jurors.values_list("pk", flat=True)) == places
    assert wanted.jurors.filter(function="president").count() == 1
    deliver()
    assert mail.outbox == []  # nothing is called off
    member = wanted.jurors.order_by("pk")[0]
    before = told[member.juror_id]
    client.logout()
    assert "change de date ou de jury" in client.get(page_of(before)).content.decode()
    again = session_actions.issue_summons(recipient=member, by=plan.created_by, at=timezone.now())
    deliver()
    before.refresh_from_db()
    assert (before.replaced_by, before.withdrawn_at) == (again, None)
    assert (again.event_uid, again.sequence) == (before.event_uid, 1)
    [letter] = mail.outbox
    assert f"Elle remplace la convocation {before.number}. Ce qui change" in letter.body
    assert f"– Jour\xa0: {again.data['day']} (avant\xa0: {before.data['day']})" in letter.body
    assert f"(avant\xa0: {former.reference})" in letter.body


def test_a_juror_whom_another_session_needs_is_not_moved_over_it(client, plan) -> None:
    row = plan.sessions.get()
    member = row.session.jurors.order_by("pk")[0]
    elsewhere = make.session(organisation=plan.organisation, starts_at=row.session.starts_at)
    session_actions.move_juror(
        member=member, session=elsewhere, by=plan.created_by, at=timezone.now()
    )
    again = session_actions.move_juror(
        member=member, session=elsewhere, by=plan.created_by, at=timezone.now()
    )
    assert (again.session, again.function) == (elsewhere, "member")

    with pytest.raises(session_errors.JurorBusy):
        actions.publish_plan(plan=plan, by=plan.created_by, at=timezone.now())


def test_published_twice_before_the_new_summons_it_is_named_each_time(client, plan) -> None:
    absent(client, plan)
    first = actions.publish_plan(plan=plan, by=plan.created_by, at=timezone.now())
    candidate = plan.candidates.last()
    for slot in plan.slots.filter(candidate=candidate, position__gt=0):
        slot.starts_at += timedelta(minutes=5)
        slot.ends_at += timedelta(minutes=5)
        slot.save()

    again = actions.publish_plan(plan=plan, by=plan.created_by, at=timezone.now())

    assert len(first.to_summon) == 2
    assert again.to_summon == [candidate.enrolment.candidate.full_name]
    assert ExamSession.objects.count() == 2
