"""Results told to candidates: sent, come back, opened, received, handed over, and what proves it (X-09)."""

import smtplib
from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from acquis.accounts.enums import Role
from acquis.certification.awards import errors, notices, policy, proofs
from acquis.certification.awards.actions import notify_result
from acquis.certification.awards.actions.correct_document import correct_document
from acquis.certification.awards.deadlines import KINDS
from acquis.certification.awards.models import IssuedDocument, ResultNotice
from acquis.certification.awards.policy import Course, Told
from acquis.certification.exam_sessions import actions as sessions
from acquis.kernel import outbox, trace
from acquis.kernel.mail_links import MailLinks
from tests.certification.exam_sessions.summoning import REPORT, deliver
from tests.factories import awards, grading
from tests.factories import certification as make

DAY = date(2026, 11, 20)


# ---- What proves that a result was told ----


@pytest.mark.parametrize(
    ("course", "state"),
    [
        (Course(), Told.QUEUED),
        (Course(delayed=True), Told.DELAYED),
        (Course(address=False), Told.NO_ADDRESS),
        (Course(sent=DAY), Told.SENT),
        (Course(sent=DAY, bounced=DAY), Told.BOUNCED),
        (Course(sent=DAY, bounced=DAY, opened=DAY), Told.OPENED),
        (Course(address=False, handed=DAY), Told.HANDED),
        (Course(sent=DAY, opened=DAY, acknowledged=DAY, handed=DAY), Told.ACKNOWLEDGED),
        (Course(current=False, acknowledged=DAY), Told.REPLACED),
    ],
)
def test_the_surest_fact_is_the_one_told(course: Course, state: Told) -> None:
    assert policy.told(course) == state


def test_a_letter_that_came_back_tells_nothing_on_the_day_it_left() -> None:
    back = Course(sent=DAY, bounced=DAY + timedelta(days=1))
    assert policy.told_on([back]) is None
    handed = Course(current=True, handed=DAY + timedelta(days=12))
    assert policy.told_on([back, handed]) == DAY + timedelta(days=12)
    assert policy.told_on([]) is None


@pytest.mark.parametrize(
    ("day", "late"),
    [(None, 0), (date(2026, 11, 30), 0), (date(2026, 12, 1), 1), (date(2026, 12, 10), 10)],
)
def test_results_of_20_november_are_late_after_the_30th(day: date | None, late: int) -> None:
    due = policy.results_due("P10D", DAY)
    assert due == date(2026, 11, 30)
    assert policy.days_late(due, day) == late
    assert policy.days_late(None, day) == 0


DAYS = st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1))


@given(sent=DAYS, opened=DAYS, acknowledged=DAYS, handed=DAYS, more=DAYS)
def test_one_more_proof_never_makes_a_result_later(
    sent: date | None,
    opened: date | None,
    acknowledged: date | None,
    handed: date | None,
    more: date | None,
) -> None:
    one = Course(sent=sent, opened=opened, acknowledged=acknowledged, handed=handed)
    before = policy.told_on([one])
    after = policy.told_on([one, Course(opened=more)])
    assert before is None or (after is not None and after <= before)


# ---- Sent ----


def told(**fields) -> tuple[ResultNotice, ...]:
    content = grading.content()
    content["rules"]["results_within"] = "P10D"
    session = awards.deliberated_session(content=content, **fields)
    awards.issued(session)
    found = ResultNotice.objects.filter(document__session=session)
    return tuple(found.select_related("document__session__manager", "candidate").order_by("pk"))


def state_of(notice: ResultNotice) -> str:
    return notices.state_of(ResultNotice.objects.get(pk=notice.pk)).value


def page_of(notice: ResultNotice, name: str = "page") -> str:
    return reverse(f"results:{name}", args=[notices.LETTERS.token_of(notice.pk)])


def line_of(notice: ResultNotice, at: datetime = grading.AT):
    session = notice.document.session
    (kind,) = KINDS
    found = kind.find(session.manager, session.organisation, at)
    return next(one for one in found if one.title == session.reference)


pytestmark = pytest.mark.django_db


def test_each_candidate_is_told_alone_as_soon_as_the_sheet_is_issued() -> None:
    first, second = told()
    assert first.due == date(2026, 11, 30)
    assert (state_of(first), line_of(first).done) == ("queued", False)
    deliver()
    assert (state_of(first), state_of(second)) == ("sent", "sent")
    assert line_of(first).done
    letter, other = mail.outbox[-2:]
    assert letter.to == [first.email] != other.to
    assert page_of(first) in letter.body
    assert "Admis" not in letter.body  # which result is read behind the link
    assert not letter.attachments
    first.refresh_from_db()
    assert letter.extra_headers["Message-ID"] == first.message_id
    # Delivered again, nothing leaves twice.
    outbox.HANDLERS[notify_result.MAIL]({"notice": first.pk})
    assert len([one for one in mail.outbox if one.to == [first.email]]) == 1


def test_a_sheet_is_told_once_and_only_when_issued() -> None:
    (notice,) = told(passed=(True,))
    again = notify_result.notify_result(document=notice.document, by=notice.noted_by, at=grading.AT)
    assert again == notice
    minutes = IssuedDocument.objects.get(session=notice.document.session, kind="pv")
    with pytest.raises(errors.ResultsNotIssued):
        notify_result.notify_result(document=minutes, by=notice.noted_by, at=grading.AT)


def test_a_corrected_sheet_is_told_anew_and_the_former_keeps_its_facts(client) -> None:
    (notice,) = told(passed=(True,))
    deliver()
    correct_document(document=notice.document, reason="Prénom", by=notice.noted_by, at=grading.AT)
    new = ResultNotice.objects.get(current=True)
    assert (new.document.corrects, new.due) == (notice.document, None)
    assert state_of(notice) == "replaced"
    deliver()
    assert "rectifiée" in mail.outbox[-1].body
    closed = client.get(page_of(notice))
    assert closed.status_code == 410
    with pytest.raises(errors.NoticeVoid):
        notify_result.acknowledge(notice=notice, at=grading.AT)


def test_what_was_issued_before_is_told_on_demand(client) -> None:
    notice, _other = told()
    ResultNotice.objects.all().delete()
    session = notice.document.session
    assert line_of(notice).facts == (("à communiquer", 2),)
    client.force_login(session.manager)
    page = client.get(reverse("awards:notices", args=[session.pk])).content.decode()
    assert "2 fiches émises" in page
    for _ in range(2):
        client.post(reverse("awards:tell", args=[session.pk]))
    assert ResultNotice.objects.count() == 2


def test_a_candidate_without_an_address_is_told_by_hand(client) -> None:
    session = awards.deliberated_session(passed=(True,))
    session.candidates.get().enrolment.candidate.__class__.objects.update(email="")
    awards.issued(session)
    notice = ResultNotice.objects.get()
    assert (state_of(notice), line_of(notice).troubles) == ("no_address", 1)
    client.force_login(session.manager)
    answer = client.post(reverse("awards:tell_again", args=[notice.pk]))
    assert answer.status_code == 422
    where = reverse("awards:hand_over", args=[notice.pk])
    assert client.get(where).status_code == 200
    assert client.post(where, {}).status_code == 422
    today = timezone.localtime().date()
    for wrong in (
        {"how": "post", "on": today.isoformat(), "detail": " "},
        {"how": "in_person", "on": (today + timedelta(days=1)).isoformat()},
        {"how": "in_person", "on": "2026-11-19"},
    ):
        refused = client.post(where, wrong)
        assert refused.status_code == 422
        assert 'role="alert"' in refused.content.decode()
    right = {"how": "post", "on": "2026-11-21", "detail": "1A 234"}
    assert client.post(where, right).status_code == 302
    assert (state_of(notice), line_of(notice).done) == ("handed", True)
    assert client.post(where, right).status_code == 422  # noted once


def test_what_a_server_refuses_for_good_is_to_hand_over_or_to_send_elsewhere(
    settings, monkeypatch, client
) -> None:
    notice, _other = told()

    def refuse(*_args: object) -> None:
        raise smtplib.SMTPRecipientsRefused({"x": (550, b"no such user")})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    outbox.HANDLERS[notify_result.MAIL]({"notice": notice.pk})
    notice.refresh_from_db()
    assert (state_of(notice), notice.bounce_reason) == ("bounced", "550 no such user")
    line = line_of(notice)
    assert (line.troubles, "bounced" in line.marks, dict(line.facts)["non remis"]) == (1, True, 1)
    monkeypatch.undo()
    person = notice.candidate.enrolment.candidate
    person.email = "nouvelle@exemple.fr"
    person.save()
    client.force_login(notice.document.session.manager)
    client.post(reverse("awards:tell_again", args=[notice.pk]))
    deliver()
    new = ResultNotice.objects.get(candidate=notice.candidate, current=True)
    assert (new.email, new.due, state_of(new)) == ("nouvelle@exemple.fr", notice.due, "sent")
    page = client.get(reverse("awards:notices", args=[notice.document.session_id]))
    assert "1 envoi avant" in page.content.decode()


def test_a_server_that_cannot_take_it_now_is_asked_again(monkeypatch) -> None:
    (notice,) = told(passed=(True,))

    def later(*_args: object) -> None:
        raise OSError("réseau absent")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", later)
    with pytest.raises(OSError, match="absent"):
        outbox.HANDLERS[notify_result.MAIL]({"notice": notice.pk})
    assert state_of(notice) == "delayed"
    monkeypatch.undo()
    outbox.HANDLERS[notify_result.MAIL]({"notice": notice.pk})
    assert state_of(notice) == "sent"


# ---- What comes back ----


def report(notice: ResultNotice, **changes: str) -> bytes:
    notice.refresh_from_db()
    values = {
        "to": "examens@centre.example",
        "recipient": notice.email,
        "action": "failed",
        "status": "5.1.1",
        "kind": "text/rfc822-headers",
        "identifier": notice.message_id,
    } | changes
    return REPORT.format(**values).encode()


def test_the_mailbox_of_returns_follows_results_as_it_does_summons(settings) -> None:
    settings.EMAIL_RETURN_ADDRESS = "retours@centre.example"
    first, second = told()
    deliver()
    to = notices.LETTERS.return_address(first.pk).upper()
    raw = report(first, to=to, identifier="<x@y>")
    assert sessions.take_return(raw=raw, at=timezone.now()) is None
    assert (state_of(first), state_of(second)) == ("bounced", "sent")
    sessions.take_return(raw=report(second, status="4.4.1"), at=timezone.now())
    assert state_of(second) == "sent"
    sessions.take_return(raw=report(second), at=timezone.now())
    assert state_of(second) == "bounced"
    notify_result.settle_bounced(notice=second, reason="autre", at=timezone.now())
    second.refresh_from_db()
    assert "Mailbox" in second.bounce_reason
    other = report(first, identifier="<inconnu@ailleurs.example>")
    assert not notify_result.take_return(notify_result.delivery_reports.read(other), timezone.now())


def test_a_report_is_brought_from_the_page(client) -> None:
    (notice,) = told(passed=(True,))
    deliver()
    session = notice.document.session
    client.force_login(session.manager)
    where = reverse("awards:take_report", args=[session.pk])
    assert client.get(where).status_code == 200
    assert client.post(where).status_code == 422
    late = SimpleUploadedFile("avis.eml", report(notice, status="4.2.2"))
    assert client.post(where, {"file": late}).status_code == 302
    assert state_of(notice) == "sent"
    lost = SimpleUploadedFile("avis.eml", report(notice, identifier="<x@y>"))
    assert client.post(where, {"file": lost}).status_code == 422
    client.post(where, {"file": SimpleUploadedFile("avis.eml", report(notice))})
    assert state_of(notice) == "bounced"


# ---- The candidate ----


def test_the_link_opens_one_result_without_an_account_and_looking_writes_nothing(client) -> None:
    mine, other = told()
    deliver()
    page = client.get(page_of(mine)).content.decode()
    assert "Admis" in page
    assert other.candidate.enrolment.candidate.birth_name not in page
    assert state_of(mine) == "sent"  # a mail program that reads in advance proves nothing
    assert b"".join(client.get(page_of(mine, "sheet")).streaming_content).startswith(b"%PDF")
    for _ in range(2):
        assert client.post(page_of(mine, "opened")).status_code == 204
    assert state_of(mine) == "opened"
    for _ in range(2):
        client.post(page_of(mine, "acknowledge"))
    assert (state_of(mine), state_of(other)) == ("acknowledged", "sent")
    assert "le centre sait" in client.get(page_of(mine)).content.decode()
    verbs = trace.lines(mine.trace_stream).filter(verb__startswith="result.")
    assert [line.verb for line in verbs if line.data["candidate"] == mine.candidate_id] == [
        "result.told",
        "result.sent",
        "result.opened",
        "result.acknowledged",
    ]
    with pytest.raises(errors.ToldForGood):
        notify_result.send_again(notice=mine, by=mine.noted_by, at=timezone.now())


def test_a_link_that_is_old_or_not_ours_opens_nothing(client) -> None:
    (notice,) = told(passed=(True,))
    for name in ("page", "sheet"):
        assert client.get(reverse(f"results:{name}", args=["1:faux"])).status_code == 404
    for name in ("opened", "acknowledge"):
        assert client.post(reverse(f"results:{name}", args=["1:faux"])).status_code == 404
    # A summons is signed otherwise: its link opens no result.
    assert (
        notices.LETTERS.key_of(MailLinks(name="c", salt="acquis.summons").token_of(notice.pk))
        is None
    )
    ResultNotice.objects.update(noted_at=timezone.now() - timedelta(days=91))
    assert client.get(page_of(notice)).status_code == 410
    assert client.post(page_of(notice, "acknowledge")).status_code == 410


def test_a_candidate_with_an_account_sees_and_says_it_there(client) -> None:
    mine, other = told()
    person = mine.candidate.enrolment.candidate
    person.user = make.person(Role.CANDIDATE, organisation=mine.document.organisation)
    person.save()
    client.force_login(person.user)
    page = client.get(reverse("awards:own_results")).content.decode()
    assert "pris connaissance" in page
    client.post(reverse("awards:own_opened"))
    assert (state_of(mine), state_of(other)) == ("opened", "queued")
    assert (
        client.post(reverse("awards:own_acknowledge", args=[other.document_id])).status_code == 404
    )
    client.post(reverse("awards:own_acknowledge", args=[mine.document_id]))
    assert state_of(mine) == "acknowledged"
    assert "Vous avez dit" in client.get(reverse("awards:own_results")).content.decode()


# ---- The proof ----


def test_the_proof_says_each_date_and_who_was_late(client) -> None:
    first, second = told()
    deliver()
    session = first.document.session
    ResultNotice.objects.filter(pk=first.pk).update(
        sent_at=datetime(2026, 11, 30, 9, tzinfo=grading.AT.tzinfo)
    )
    ResultNotice.objects.filter(pk=second.pk).update(
        sent_at=datetime(2026, 12, 2, 9, tzinfo=grading.AT.tzinfo)
    )
    data = proofs.proof_data(session, at=timezone.now())
    assert data["due"] == "30\N{NO-BREAK SPACE}novembre 2026"
    in_time, late = data["people"]
    assert in_time["verdict"].endswith("dans le délai")
    assert late["verdict"].endswith("2\N{NO-BREAK SPACE}jours après le délai")
    facts = dict(in_time["sheets"][0]["facts"])
    assert first.email in facts["Courriel pris par le serveur"]
    client.force_login(session.manager)
    assert client.get(reverse("awards:proof", args=[session.pk])).content.startswith(b"%PDF")


def test_the_proof_without_a_rule_and_before_anything_left() -> None:
    session = awards.deliberated_session(passed=(True,))
    assert proofs.proof_data(session, at=timezone.now())["people"] == []
    awards.issued(session)
    (one,) = proofs.proof_data(session, at=timezone.now())["people"]
    assert one["verdict"] == "Pas encore communiqué"
    deliver()
    (one,) = proofs.proof_data(session, at=timezone.now())["people"]
    assert one["verdict"].startswith("Communiqué le")
    assert "délai" not in one["verdict"]


def test_the_page_asks_the_same_whoever_many_candidates_there_are(client, count_queries) -> None:
    def asked(candidates: int) -> int:
        notice = told(passed=(True,) * candidates)[0]
        client.force_login(notice.document.session.manager)
        where = reverse("awards:notices", args=[notice.document.session_id])
        client.get(where)
        return count_queries(lambda: client.get(where))

    assert asked(1) == asked(8)


def test_the_notices_of_another_centre_do_not_exist(client) -> None:
    (notice,) = told(passed=(True,))
    client.force_login(make.person(Role.SESSION_MANAGER, organisation=make.organisation()))
    for name in ("tell_again", "hand_over"):
        assert client.post(reverse(f"awards:{name}", args=[notice.pk])).status_code == 404
    for name in ("notices", "proof", "tell", "take_report"):
        where = reverse(f"awards:{name}", args=[notice.document.session_id])
        method = client.post if name == "tell" else client.get
        assert method(where).status_code == 404


def test_what_was_handed_over_or_told_anew_does_not_leave_by_mail() -> None:
    first, second = told()
    notify_result.hand_over(
        notice=first,
        how="in_person",
        on=grading.AT.date(),
        detail="",
        by=first.noted_by,
        at=timezone.now(),
    )
    again = notify_result.send_again(notice=second, by=second.noted_by, at=timezone.now())
    before = len(mail.outbox)
    deliver()
    assert [one.to for one in mail.outbox[before:]] == [[again.email]]
    assert (state_of(first), state_of(second), state_of(again)) == ("handed", "replaced", "sent")
