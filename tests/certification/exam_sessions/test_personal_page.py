"""The personal page of a summons, opened by its link alone."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from acquis.certification.exam_sessions import actions, errors, links, policy
from acquis.certification.exam_sessions.models import Summons
from acquis.kernel import trace
from tests.certification.exam_sessions.summoning import (
    coming,
    deliver,
    issued,
    page_of,
    state_of,
)

pytestmark = pytest.mark.django_db


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
