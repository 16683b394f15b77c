"""What is called off: appointments are cancelled with those who had them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from acquis.certification.exam_sessions import actions, errors, tasks
from acquis.certification.exam_sessions.models import Summons
from acquis.kernel.models import OutboxMessage
from tests.certification.exam_sessions.summoning import (
    coming,
    deliver,
    event_in,
    issued,
    page_of,
    parsed,
    state_of,
)

pytestmark = pytest.mark.django_db


def test_a_session_called_off_cancels_the_appointments_of_those_who_had_theirs(smtp) -> None:
    session = coming()
    candidate = issued(session)
    deliver()
    juror = issued(session, session.jurors.get())  # has not left yet
    actions.cancel_session(
        session=session, reason="Salle inondée", by=session.manager, at=timezone.now()
    )
    deliver()
    assert [one.rcpt_tos for one in smtp.taken[1:]] == [[candidate.email]]
    message = parsed(smtp.taken[1])
    calendar = event_in(message)
    event = calendar.walk("VEVENT")[0]
    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert (event["UID"], event["SEQUENCE"]) == (candidate.event_uid, 1)
    assert "Salle inondée" in message.get_body(("plain",)).get_content()
    assert state_of(candidate) == state_of(juror) == "withdrawn"
    assert candidate.withdrawal_sent_at is not None
    tasks.send_withdrawal({"summons": candidate.pk})
    assert len(smtp.taken) == 2


def test_a_candidate_taken_out_is_told_and_their_letter_is_kept(client, smtp) -> None:
    session = coming(candidates=2)
    seat, other = session.candidates.all()
    summons = issued(session, seat)
    deliver()
    actions.remove_candidate(seat=seat, by=session.manager, at=timezone.now())
    deliver()
    assert len(smtp.taken) == 2
    summons.refresh_from_db()
    assert (summons.candidate, summons.recipient) == (None, "candidate")
    answer = client.get(page_of(summons))
    assert answer.status_code == 410
    assert "annulée" in answer.content.decode()
    client.force_login(session.manager)
    page = client.get(reverse("exam_sessions:summons", args=[session.pk])).content.decode()
    assert summons.number in page
    actions.remove_candidate(seat=other, by=session.manager, at=timezone.now())
    deliver()
    assert len(smtp.taken) == 2  # who was never summoned gets no cancellation


def test_a_juror_taken_out_is_told(smtp) -> None:
    session = coming()
    member = session.jurors.get()
    issued(session, member)
    issued(session, member)
    deliver()
    actions.remove_juror(member=member, by=session.manager, at=timezone.now())
    deliver()
    assert event_in(parsed(smtp.taken[-1]))["METHOD"] == "CANCEL"
    assert Summons.objects.filter(juror__isnull=True).count() == 2


def test_a_cancellation_that_is_refused_for_good_is_not_tried_for_ever(smtp) -> None:
    session = coming()
    summons = issued(session)
    deliver()
    smtp.refuse[summons.email] = "550 No such user"
    actions.cancel_session(session=session, reason="Grève", by=session.manager, at=timezone.now())
    deliver()
    summons.refresh_from_db()
    assert summons.withdrawal_sent_at is None
    assert not OutboxMessage.objects.filter(delivered_at__isnull=True, topic__startswith="summons")


def test_a_cancellation_is_tried_again_while_the_server_waits(smtp) -> None:
    session = coming()
    summons = issued(session)
    deliver()
    smtp.refuse[summons.email] = "450 Later"
    actions.cancel_session(session=session, reason="Grève", by=session.manager, at=timezone.now())
    deliver()
    assert OutboxMessage.objects.get(topic=tasks.WITHDRAWAL).last_error


def test_a_session_called_off_twice_cancels_once() -> None:
    session = coming()
    summons = issued(session)
    for reason in ("Grève", "Autre"):
        actions.cancel_session(
            session=session, reason=reason, by=session.manager, at=timezone.now()
        )
    summons.refresh_from_db()
    assert summons.withdrawal_reason == "Grève"
    with pytest.raises(errors.SummonsVoid):
        actions.note_opening(summons=summons, at=timezone.now())
