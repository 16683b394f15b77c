"""How summons leave: a real SMTP server, at once or on the day that was chosen."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from acquis.certification.exam_sessions import actions, errors, links, tasks
from acquis.certification.exam_sessions.models import Summons, SummonsPlan
from acquis.kernel import jobs, trace
from acquis.kernel.models import Job, OutboxMessage
from tests.certification.exam_sessions.summoning import (
    coming,
    deliver,
    event_in,
    issued,
    parsed,
    state_of,
)
from tests.factories import certification as make

pytestmark = pytest.mark.django_db


def test_a_summons_leaves_by_smtp_with_its_letter_and_its_appointment(smtp) -> None:
    session = coming()
    summons = issued(session)
    assert state_of(summons) == "queued"
    deliver()
    assert state_of(summons) == "sent"
    (envelope,) = smtp.taken
    message = parsed(envelope)
    assert envelope.rcpt_tos == [session.candidates.get().enrolment.candidate.email]
    assert envelope.mail_from == links.return_address(summons)
    assert links.returned(envelope.mail_from) == summons.pk
    assert message["From"] == "examens@centre.example"
    assert message["Message-ID"] == summons.message_id
    text = message.get_body(("plain",)).get_content()
    assert links.address_of(summons) in text
    assert any(part.get_content_type() == "application/pdf" for part in message.walk())
    calendar = event_in(message)
    event = calendar.walk("VEVENT")[0]
    assert calendar["METHOD"] == "REQUEST"
    assert event["UID"] == summons.event_uid
    assert event.decoded("DTSTART") == summons.starts_at
    assert summons.starts_at == session.starts_at - timedelta(minutes=15)
    assert event.decoded("DTEND") == session.starts_at + timedelta(minutes=130)
    assert "Centre de Nantes" in event["LOCATION"]
    assert trace.lines(session.trace_stream).filter(verb="summons.sent").count() == 1


def test_an_address_that_the_server_refuses_is_a_bounce_in_its_own_words(smtp) -> None:
    summons = issued(coming())
    smtp.refuse[summons.email] = "550 5.1.1 No such user here"
    deliver()
    assert state_of(summons) == "bounced"
    assert summons.bounce_reason == "550 5.1.1 No such user here"
    assert summons.sent_at is None
    assert OutboxMessage.objects.get(topic=tasks.MAIL).delivered_at


@pytest.mark.parametrize("answer", ["554 5.7.1 Rejected as spam", "552 Too big"])
def test_a_content_that_is_refused_for_good_is_a_bounce(smtp, answer: str) -> None:
    summons = issued(coming())
    smtp.answer = answer
    deliver()
    assert state_of(summons) == "bounced"
    assert answer in summons.bounce_reason


def test_a_server_that_waits_delays_the_summons_and_the_outbox_tries_again(smtp) -> None:
    summons = issued(coming())
    smtp.refuse[summons.email] = "451 4.7.1 Try again later"
    deliver()
    assert state_of(summons) == "delayed"
    assert "451" in summons.delay_reason
    smtp.refuse.clear()
    deliver(timezone.now() + timedelta(hours=1))
    assert state_of(summons) == "sent"
    assert summons.delay_reason == ""


def test_a_server_that_is_not_there_or_refuses_the_login_is_no_bounce(smtp, settings) -> None:
    summons = issued(coming())
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "contact", "wrong"
    deliver()
    assert state_of(summons) == "delayed"
    settings.EMAIL_PORT = 9
    deliver(timezone.now() + timedelta(hours=1))
    assert state_of(summons) == "delayed"


def test_nothing_leaves_once_the_session_is_past() -> None:
    session = coming()
    summons = issued(session)
    session.starts_at = timezone.now() - timedelta(minutes=1)
    session.save()
    Summons.objects.update(starts_at=session.starts_at)
    deliver()
    assert mail.outbox == []
    assert state_of(summons) == "unsent"


def test_what_was_replaced_before_it_left_does_not_leave() -> None:
    session = coming()
    first = issued(session)
    second = issued(session)
    deliver()
    assert len(mail.outbox) == 1
    assert state_of(first) == "replaced"
    assert state_of(second) == "sent"
    assert (second.event_uid, second.sequence) == (first.event_uid, 1)
    assert f"Elle remplace la convocation {first.number}" in mail.outbox[0].body


# ---- Sending at a date ----


def test_summons_leave_by_themselves_on_the_day_that_was_chosen() -> None:
    session = coming()
    now = timezone.now()
    actions.plan_sending(
        session=session, send_at=now + timedelta(days=1), by=session.manager, at=now
    )
    tasks.send_planned(now)
    assert not Job.objects.exists()
    for _ in range(2):
        tasks.send_planned(now + timedelta(days=1))
    assert Job.objects.count() == 1
    assert jobs.run_due(now=timezone.now())
    deliver()
    assert len(mail.outbox) == 2
    session.refresh_from_db()
    assert session.state == "summoned"


def test_a_sending_that_was_planned_never_begins_for_a_session_that_is_past() -> None:
    session = coming()
    now = timezone.now()
    actions.plan_sending(
        session=session, send_at=now + timedelta(days=1), by=session.manager, at=now
    )
    tasks.send_planned(session.starts_at + timedelta(minutes=1))
    assert not Job.objects.exists()


def test_what_planning_a_sending_refuses() -> None:
    session = coming()
    now = timezone.now()
    with pytest.raises(errors.SendingTooLate):
        actions.plan_sending(session=session, send_at=session.starts_at, by=session.manager, at=now)
    with pytest.raises(errors.SessionInThePast):
        actions.plan_sending(session=session, send_at=now, by=session.manager, at=session.starts_at)
    assert not SummonsPlan.objects.exists()


def test_the_day_is_chosen_and_given_up_from_the_page(client) -> None:
    session = coming()
    client.force_login(session.manager)
    address = reverse("exam_sessions:plan_sending", args=[session.pk])
    page = reverse("exam_sessions:summons", args=[session.pk])
    proposed = client.get(page).context["form"].initial["day"]
    assert client.post(address, {"day": "demain"}).status_code == 422
    client.post(address, {"day": proposed.isoformat()})
    plan = SummonsPlan.objects.get()
    assert timezone.localtime(plan.send_at).hour == 8
    assert client.get(page).context["plan"] == plan
    for _ in range(2):
        client.post(address, {"forget": "1"})
    assert not SummonsPlan.objects.exists()
    assert trace.lines(session.trace_stream).filter(verb="summons.plan_dropped").count() == 1


def test_only_what_changed_or_is_missing_is_issued_again(client) -> None:
    session = coming(candidates=2)
    first, _second = session.candidates.all()
    kept = issued(session, first)
    juror = issued(session, session.jurors.get())
    client.force_login(session.manager)
    page = reverse("exam_sessions:summons", args=[session.pk])
    assert client.get(page).context["outdated"] == 0
    ask = reverse("exam_sessions:issue_summons", args=[session.pk])
    client.post(ask, {"whom": "missing"})
    jobs.run_due(now=timezone.now())
    assert Summons.objects.count() == 3
    session.room = "Salle C"
    session.save()
    assert client.get(page).context["outdated"] == 3
    client.post(ask, {"whom": "outdated"})
    jobs.run_due(now=timezone.now())
    assert Summons.objects.count() == 6
    assert client.get(page).context["outdated"] == 0
    assert state_of(kept) == state_of(juror) == "replaced"


def test_a_past_session_has_no_button_and_refuses_to_summon(client) -> None:
    session = coming()
    session.starts_at = timezone.now() - timedelta(hours=1)
    session.save()
    client.force_login(session.manager)
    page = client.get(reverse("exam_sessions:summons", args=[session.pk]))
    assert page.context["past"]
    assert "plus aucune convocation" in page.content.decode()
    ask = client.post(reverse("exam_sessions:issue_summons", args=[session.pk]))
    assert ask.status_code == 422
    empty = make.bare_session(session.organisation, version=session.version)
    assert client.post(reverse("exam_sessions:issue_summons", args=[empty.pk])).status_code == 422
