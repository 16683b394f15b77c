"""What comes back of summons: reports brought by hand, by the API, or read by IMAP."""

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from acquis.accounts.enums import Role
from acquis.certification.exam_sessions import actions, errors, links
from acquis.certification.exam_sessions import returns as reading
from acquis.certification.exam_sessions.models import ReturnsReading, Summons
from acquis.kernel import trace
from tests.certification.exam_sessions.summoning import (
    coming,
    deliver,
    issued,
    report,
    state_of,
)
from tests.factories import certification as make
from tests.factories.accounts import token

pytestmark = pytest.mark.django_db


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


# ---- The mailbox of returns, read by IMAP ----

AWAY = """From: {sender}
To: {to}
Subject: =?utf-8?q?R=C3=A9ponse_automatique_=3A_indisponible?=
Auto-Submitted: auto-replied
In-Reply-To: {identifier}
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: 8bit

Je suis indisponible jusqu'\xe0 lundi.
> Vous \xeates convoqu\xe9
"""


def away(summons: Summons, **changes: str) -> bytes:
    values = {
        "sender": summons.email,
        "to": links.return_address(summons),
        "identifier": summons.message_id,
    } | changes
    return AWAY.format(**values).encode("latin-1")


def sent_one() -> Summons:
    summons = issued(coming())
    deliver()
    summons.refresh_from_db()
    return summons


def test_reports_and_absences_follow_their_letters_from_the_mailbox(smtp, returns) -> None:
    lost, absent = sent_one(), sent_one()
    now = timezone.now()
    returns.append(report(lost), away(absent), b"Subject: rien\n\nDe la publicit\xe9\n")

    assert reading.read_due(now, clock=lambda: now) == 3

    assert state_of(lost) == "bounced"
    assert lost.bounce_reason == "5.1.1 550 5.1.1 Mailbox unknown"
    assert state_of(absent) == "sent"
    assert absent.reply_automatic
    assert absent.reply_words == (
        "Réponse automatique : indisponible – Je suis indisponible jusqu'à lundi."
    )
    assert absent.reply_at == now
    assert not any(b"\\Seen" in line for line in returns.seen_flags())
    state = reading.status()
    assert (state.read_at, state.failures, state.leased_until) == (now, 0, None)


def test_the_mailbox_is_read_once_a_minute_and_each_message_once(smtp, returns) -> None:
    absent = sent_one()
    now = timezone.now()
    returns.append(away(absent))
    assert reading.read_due(now, clock=lambda: now) == 1
    assert reading.read_due(now + timedelta(seconds=30)) == 0
    later = now + timedelta(seconds=61)
    assert reading.read_due(later, clock=lambda: later) == 0
    ReturnsReading.objects.update(uid_validity=1, next_at=None)  # numbered anew by the server
    assert reading.read_due(later, clock=lambda: later) == 1
    told = trace.lines(absent.trace_stream).filter(verb="summons.replied")
    assert told.count() == 1


def test_a_worker_at_it_keeps_others_away(smtp, returns) -> None:
    sent_one()
    now = timezone.now()
    reading.read_due(now, clock=lambda: now)
    ReturnsReading.objects.update(next_at=None, leased_until=now + timedelta(minutes=1))
    returns.append(b"Subject: x\n\ny\n")
    assert reading.read_due(now, clock=lambda: now) == 0
    after = now + timedelta(minutes=2)
    assert reading.read_due(after, clock=lambda: after) == 1


def test_a_person_who_answers_in_words_is_shown_and_no_answer_is_taken_from_it(
    client, smtp, returns
) -> None:
    summons = sent_one()
    words = away(summons).replace(b"Auto-Submitted: auto-replied\n", b"")
    returns.append(words)
    reading.read_due(timezone.now())
    summons.refresh_from_db()
    assert (summons.reply_automatic, summons.answer) == (False, "")
    client.force_login(summons.session.manager)
    page = client.get(reverse("exam_sessions:summons", args=[summons.session_id]))
    assert "Réponse par courriel" in page.content.decode()
    assert "Je suis indisponible" in page.content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"password": "faux"}, "refuse l’identifiant"),
        ({"folder": "Nulle part"}, "n’existe pas dans cette boîte"),
        ({"port": 1}, "Rien n’écoute"),
    ],
)
def test_a_mailbox_that_does_not_answer_is_told_and_tried_less_often(
    client, settings, returns, change: dict[str, object], said: str
) -> None:
    settings.EMAIL_RETURN_IMAP = {**settings.EMAIL_RETURN_IMAP, **change}
    session = coming()
    now = timezone.now()
    for later in (now, now + timedelta(minutes=2)):
        reading.read_due(later, clock=lambda at=later: at)
    state = reading.status()
    assert said in state.last_error
    assert state.failures == 2
    client.force_login(session.manager)
    page = client.get(reverse("exam_sessions:summons", args=[session.pk])).content.decode()
    assert "boîte des retours" in page
    assert said in page.replace("\u202f", " ")


def test_a_message_that_breaks_blocks_no_other(smtp, returns, monkeypatch) -> None:
    summons = sent_one()
    take = actions.take_return

    def fragile(*, raw: bytes, at: datetime):
        if b"poison" in raw:
            raise RecursionError("too deep")
        return take(raw=raw, at=at)

    monkeypatch.setattr(actions, "take_return", fragile)
    returns.append(b"Subject: poison\n\npoison\n", away(summons))
    assert reading.read_due(timezone.now()) == 2
    summons.refresh_from_db()
    assert summons.reply_at is not None


def test_a_fault_of_the_database_lets_the_message_come_again(smtp, returns, monkeypatch) -> None:
    def down(*, raw: bytes, at: datetime):
        raise OperationalError("gone")

    monkeypatch.setattr(actions, "take_return", down)
    returns.append(b"Subject: x\n\ny\n")
    with pytest.raises(OperationalError):
        reading.read_due(timezone.now())
    assert ReturnsReading.objects.get().last_uid == 0


def test_what_is_too_large_or_says_nothing_changes_nothing(smtp, returns, monkeypatch) -> None:
    summons = sent_one()
    empty = f"To: {links.return_address(summons)}\n\n".encode()
    assert actions.take_return(raw=empty, at=timezone.now()) == summons
    late = report(summons, action="delayed", status="4.4.1")
    assert actions.take_return(raw=late, at=timezone.now()) == summons
    monkeypatch.setattr("acquis.certification.exam_sessions.returns.LONGEST", 10)
    returns.append(away(summons))
    assert reading.read_due(timezone.now()) == 1
    assert state_of(summons) == "sent"
    assert summons.reply_at is None


def test_without_a_server_nothing_is_read(settings) -> None:
    settings.EMAIL_RETURN_IMAP = {"host": ""}
    assert reading.read_due(timezone.now()) == 0
    assert reading.status() is None
    assert not ReturnsReading.objects.exists()
