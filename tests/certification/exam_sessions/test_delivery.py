"""What becomes of a summons once it is issued: a real SMTP server, returns, answers, cancellations."""

import email
import email.policy
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions import actions, errors, links, policy, presentation, tasks
from acquis.certification.exam_sessions.models import Summons, SummonsPlan
from acquis.kernel import jobs, outbox, trace
from acquis.kernel.models import Job, OutboxMessage
from tests.desk.mail.servers import Smtp, smtp_server
from tests.factories import certification as make
from tests.factories.accounts import token

pytestmark = pytest.mark.django_db


@pytest.fixture
def smtp(settings) -> Iterator[Smtp]:
    with smtp_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_RETURN_ADDRESS = "retours@centre.example"
        settings.DEFAULT_FROM_EMAIL = "examens@centre.example"
        yield server


def coming(**fields):
    """A session in two months, so that the clock of those who read it says so too."""
    start = timezone.now().replace(microsecond=0) + timedelta(days=60)
    return make.session(**{"starts_at": start, "candidates": 1, "jurors": 1, **fields})


def issued(session, person=None) -> Summons:
    return actions.issue_summons(
        recipient=person or session.candidates.get(), by=session.manager, at=timezone.now()
    )


def deliver(now: datetime | None = None) -> None:
    while outbox.deliver_slow(now=now or timezone.now() + timedelta(seconds=1)):
        pass


def state_of(summons: Summons) -> str:
    summons.refresh_from_db()
    return presentation.delivery_of(summons, timezone.now()).value


def event_in(message) -> Calendar:
    part = next(one for one in message.walk() if one.get_content_type() == "text/calendar")
    return Calendar.from_ical(part.get_payload(decode=True))


def parsed(envelope):
    return email.message_from_bytes(envelope.content, policy=email.policy.default)


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


REPORT = """From: MAILER-DAEMON@relais.example
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not arrive.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relais.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 Mailbox
 unknown

--b
Content-Type: {kind}

Message-ID: {identifier}
Subject: Convocation

--b--
"""


def report(summons: Summons, **changes) -> bytes:
    values = {
        "to": "examens@centre.example",
        "recipient": summons.email,
        "action": "failed",
        "status": "5.1.1",
        "kind": "text/rfc822-headers",
        "identifier": summons.message_id,
    } | changes
    return REPORT.format(**values).encode()


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_a_report_that_comes_later_marks_the_letter_by_its_identifier(smtp, kind: str) -> None:
    summons = issued(coming())
    deliver()
    summons.refresh_from_db()
    actions.take_report(raw=report(summons, kind=kind), at=timezone.now())
    assert state_of(summons) == "bounced"
    assert summons.bounce_reason == "5.1.1 550 5.1.1 Mailbox unknown"
    actions.settle_bounced(summons=summons, reason="autre", at=timezone.now())
    summons.refresh_from_db()
    assert "Mailbox" in summons.bounce_reason


def test_a_report_marks_the_letter_by_its_return_address(smtp) -> None:
    summons = issued(coming())
    deliver()
    to = links.return_address(summons).upper()
    actions.take_report(raw=report(summons, to=to, identifier="<x@y>"), at=timezone.now())
    assert state_of(summons) == "bounced"


def test_a_report_of_a_delay_changes_nothing(smtp) -> None:
    summons = issued(coming())
    deliver()
    summons.refresh_from_db()
    raw = report(summons, status="4.4.1")
    assert actions.take_report(raw=raw, at=timezone.now()) is None
    assert state_of(summons) == "sent"


@pytest.mark.parametrize(
    "change",
    [
        {"action": "delayed"},
        {"identifier": "<inconnu@ailleurs.example>"},
        {"identifier": ""},
        {"to": "retours+1-0000000000000000@centre.example", "identifier": "<x@y>"},
        {"to": "retours+mille@centre.example", "identifier": "<x@y>"},
    ],
)
def test_what_is_no_report_of_ours_is_refused(smtp, change: dict[str, str]) -> None:
    summons = issued(coming())
    deliver()
    summons.refresh_from_db()
    with pytest.raises(errors.ReportUnknown):
        actions.take_report(raw=report(summons, **change), at=timezone.now())
    assert state_of(summons) == "sent"


def test_the_report_of_another_centre_is_unknown_here(smtp) -> None:
    summons = issued(coming())
    deliver()
    summons.refresh_from_db()
    with pytest.raises(errors.ReportUnknown):
        actions.take_report(
            raw=report(summons), organisation_id=make.organisation().pk, at=timezone.now()
        )


def test_without_a_mailbox_of_returns_letters_come_back_to_the_sender(settings) -> None:
    settings.EMAIL_RETURN_ADDRESS = ""
    assert links.return_address(issued(coming())) == settings.DEFAULT_FROM_EMAIL


def test_a_report_is_brought_from_the_page(client, smtp) -> None:
    session = coming()
    summons = issued(session)
    deliver()
    summons.refresh_from_db()
    client.force_login(session.manager)
    address = reverse("exam_sessions:take_report", args=[session.pk])
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 422
    late = SimpleUploadedFile("avis.eml", report(summons, status="4.2.2"))
    assert client.post(address, {"file": late}).status_code == 302
    assert state_of(summons) == "sent"
    client.post(address, {"file": SimpleUploadedFile("avis.eml", report(summons))})
    assert state_of(summons) == "bounced"
    page = client.get(reverse("exam_sessions:summons", args=[session.pk])).content.decode()
    assert "Mailbox unknown" in page


# ---- The personal page ----


def page_of(summons: Summons, name: str = "page") -> str:
    return reverse(f"summons:{name}", args=[links.token_of(summons)])


def test_the_link_opens_the_letter_without_a_login_and_shows_nobody_else(client) -> None:
    session = coming(candidates=2)
    mine, other = session.candidates.all()
    summons = issued(session, mine)
    answer = client.get(page_of(summons))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert mine.enrolment.candidate.birth_name in page.upper()
    for private in (
        other.enrolment.candidate.birth_name,
        other.enrolment.candidate.email,
        session.jurors.get().juror.last_name,
    ):
        assert private not in page
    pdf = client.get(page_of(summons, "letter"))
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")
    calendar = Calendar.from_ical(client.get(page_of(summons, "event")).content)
    assert calendar.walk("VEVENT")[0]["UID"] == summons.event_uid


def test_only_the_page_that_is_shown_says_that_it_was_opened(client) -> None:
    summons = issued(coming())
    deliver()
    client.get(page_of(summons))  # as a mail program does before anybody reads
    assert state_of(summons) == "sent"
    for _ in range(2):
        assert client.post(page_of(summons, "opened")).status_code == 204
    assert state_of(summons) == "opened"
    assert trace.lines(summons.trace_stream).filter(verb="summons.opened").count() == 1


def test_a_person_answers_that_they_come(client) -> None:
    session = coming()
    summons = issued(session)
    for _ in range(2):
        client.post(page_of(summons, "answer"), {"answer": "coming"})
    assert state_of(summons) == "acknowledged"
    assert summons.opened_at is not None
    assert "serez présent" in client.get(page_of(summons)).content.decode()
    assert trace.lines(summons.trace_stream).filter(verb="summons.acknowledged").count() == 1


def test_a_person_who_cannot_come_says_why_and_the_manager_is_warned(client) -> None:
    session = coming()
    summons = issued(session)
    deliver()
    mail.outbox.clear()
    refused = client.post(page_of(summons, "answer"), {"answer": "not_coming", "reason": " "})
    assert refused.status_code == 422
    assert "pourquoi" in refused.content.decode()
    too_long = client.post(page_of(summons, "answer"), {"answer": "x", "reason": "a" * 501})
    assert too_long.status_code == 422
    assert state_of(summons) == "sent"
    client.post(page_of(summons, "answer"), {"answer": "not_coming", "reason": "Jambe cassée"})
    assert state_of(summons) == "declined"
    deliver()
    (warning,) = mail.outbox
    assert warning.to == [session.manager.email]
    assert "Jambe cassée" in warning.body
    line = trace.lines(summons.trace_stream).get(verb="summons.declined")
    assert "Jambe" not in str(line.data)


def test_who_changes_their_mind_at_once_alarms_nobody() -> None:
    summons = issued(coming())
    deliver()
    mail.outbox.clear()
    now = timezone.now()
    actions.answer_summons(summons=summons, answer="not_coming", reason="Grippe", at=now)
    actions.answer_summons(summons=summons, answer="coming", at=now)
    deliver()
    assert mail.outbox == []
    assert state_of(summons) == "acknowledged"


def test_a_link_that_we_did_not_sign_opens_nothing(client) -> None:
    summons = issued(coming())
    token = links.token_of(summons)
    number, _colon, seal = token.partition(":")
    for forged in (f"{int(number) + 1}:{seal}", token[:-1], number, "exemple"):
        assert client.get(reverse("summons:page", args=[forged])).status_code == 404
        assert client.post(reverse("summons:answer", args=[forged])).status_code == 404


def test_guessing_links_is_slowed_down(client) -> None:
    address = reverse("summons:page", args=["1:exemple"])
    statuses = {client.get(address, REMOTE_ADDR="192.0.2.9").status_code for _ in range(62)}
    assert statuses == {404, 429}


@pytest.mark.parametrize("name", ["page", "letter", "event", "opened", "answer"])
def test_a_link_ends_with_its_session(client, name: str) -> None:
    summons = issued(coming())
    past = timezone.now() - policy.LINK_LIVES - timedelta(minutes=1)
    Summons.objects.update(starts_at=past, ends_at=past)
    ask = client.post if name in {"opened", "answer"} else client.get
    assert ask(page_of(summons, name), {"answer": "coming"}).status_code == 410
    with pytest.raises(errors.SummonsVoid):
        actions.answer_summons(summons=summons, answer="coming", at=timezone.now())


def test_a_replaced_link_says_so_and_shows_nothing_of_the_letter(client) -> None:
    session = coming()
    first = issued(session)
    issued(session)
    answer = client.get(page_of(first))
    assert answer.status_code == 410
    assert "remplacée" in answer.content.decode()
    assert client.get(page_of(first, "letter")).status_code == 410


# ---- Cancellations ----


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


# ---- By the API, for a mailbox that is read elsewhere ----


def told(client, session, raw: bytes, role: Role = Role.SESSION_MANAGER):
    person = make.person(role, organisation=session.organisation)
    return client.post(
        "/api/v1/summonses/reports",
        {"message": raw.decode()},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token(person)}"},
    )


def test_a_mailbox_read_elsewhere_tells_what_came_back(client, smtp) -> None:
    session = coming()
    summons = issued(session)
    deliver()
    summons.refresh_from_db()
    late = told(client, session, report(summons, status="4.2.2"))
    assert late.json() == {"number": "", "bounced": False, "reason": ""}
    answer = told(client, session, report(summons))
    assert answer.json()["number"] == summons.number
    assert "Mailbox unknown" in answer.json()["reason"]
    assert state_of(summons) == "bounced"


def test_the_api_refuses_what_is_not_its_callers(client, smtp) -> None:
    session = coming()
    summons = issued(session)
    deliver()
    summons.refresh_from_db()
    assert told(client, make.session(), report(summons)).status_code == 422
    assert told(client, session, report(summons), Role.TRAINER).status_code == 403
    assert told(client, session, b"bonjour").json()["code"] == "exam_sessions.report_unknown"
    assert state_of(summons) == "sent"
