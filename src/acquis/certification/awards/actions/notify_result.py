"""Tell each candidate their result, and keep what proves it (X-09: within ten days, individually)."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from acquis.accounts.models import User
from acquis.certification.awards import notices, policy
from acquis.certification.awards.errors import (
    HandedAlready,
    HandedOutOfTime,
    NoAddress,
    NoticeVoid,
    PostNumberMissing,
    ReportUnknown,
    ResultsNotIssued,
    ToldForGood,
)
from acquis.certification.awards.models import IssuedDocument, ResultNotice
from acquis.certification.awards.queries import sheets_to_tell
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.exam_sessions.queries import day_of
from acquis.kernel import delivery_reports, outbox, realtime, trace

MAIL = "result.mail"
_WORDS = 300


@transaction.atomic
def notify_result(*, document: IssuedDocument, by: User, at: datetime) -> ResultNotice:
    """Send an issued result sheet to its candidate; without an address, keep that it is to hand over.

    A sheet that corrects another is told anew: the former notice keeps its facts. Called again for
    the same sheet, it gives the notice in force back. Raises ResultsNotIssued.
    """
    document = (
        IssuedDocument.objects.select_for_update(of=("self",))
        .select_related("session__version", "candidate__enrolment__candidate")
        .get(pk=document.pk)
    )
    seat = document.candidate
    issued = document.state == IssuedDocument.State.ISSUED
    if seat is None or not issued or document.kind != IssuedDocument.Kind.RESULT_SHEET:
        raise ResultsNotIssued
    existing = document.notices.filter(current=True).first()
    if existing is not None:
        return existing
    rules = document.session.version.content.get("rules", {})
    due = policy.results_due(rules.get("results_within"), day_of(document.session))
    # The delay is that of the first sheet: what corrects it comes when it comes.
    return _note(document, seat, due=None if document.corrects_id else due, by=by, at=at)


def _note(
    document: IssuedDocument, seat: SessionCandidate, *, due: date | None, by: User, at: datetime
) -> ResultNotice:
    ResultNotice.objects.filter(candidate=seat, current=True).update(current=False)
    notice = ResultNotice.objects.create(
        document=document,
        candidate=seat,
        due=due,
        email=seat.enrolment.candidate.email,
        noted_at=at,
        noted_by=by,
    )
    trace.record(
        "result.told",
        document,
        by=by,
        at=at,
        candidate=seat.pk,
        number=document.number,
        due=due,
        personal={"address": notice.email},
    )
    if notice.email:
        outbox.put(MAIL, {"notice": notice.pk}, at=at)
    _tell(notice, at)
    return notice


def notify_session(*, session: ExamSession, by: User, at: datetime) -> list[ResultNotice]:
    """Tell every issued sheet that was not told: those issued before results were sent by themselves."""
    return [notify_result(document=one, by=by, at=at) for one in sheets_to_tell(session)]


@transaction.atomic
def send_again(*, notice: ResultNotice, by: User, at: datetime) -> ResultNotice:
    """Send the same sheet to the address that the candidate's record bears now.

    Raises ToldForGood once the candidate has it, NoAddress, or NoticeVoid.
    """
    notice = _locked(notice)
    _refuse_replaced(notice)
    if notices.state_of(notice) in {policy.Told.ACKNOWLEDGED, policy.Told.HANDED}:
        raise ToldForGood
    if not notice.candidate.enrolment.candidate.email:
        raise NoAddress
    return _note(notice.document, notice.candidate, due=notice.due, by=by, at=at)


@transaction.atomic
def hand_over(
    *, notice: ResultNotice, how: str, on: date, detail: str, by: User, at: datetime
) -> ResultNotice:
    """Note that the sheet was given in person or left by registered post, once.

    Raises HandedAlready, HandedOutOfTime, PostNumberMissing or NoticeVoid.
    """
    notice = _locked(notice)
    _refuse_replaced(notice)
    if notice.handed:
        raise HandedAlready
    issued = notice.document.issued_at or notice.noted_at
    if not timezone.localtime(issued).date() <= on <= timezone.localtime(at).date():
        raise HandedOutOfTime
    if how == ResultNotice.Handed.POST and not detail.strip():
        raise PostNumberMissing
    notice.handed, notice.handed_on, notice.handed_by = how, on, by
    notice.handed_detail = detail.strip()[:200]
    _keep(notice, "handed", "handed_on", "handed_by", "handed_detail")
    _record("result.handed", notice, by, at, how=how, on=on, detail=notice.handed_detail)
    return notice


@transaction.atomic
def settle_sent(*, notice: ResultNotice, message_id: str, at: datetime) -> ResultNotice:
    """The server took the mail."""
    notice = _locked(notice)
    notice.sent_at, notice.message_id, notice.delay_reason = at, message_id, ""
    _keep(notice, "sent_at", "message_id", "delay_reason")
    _record("result.sent", notice, None, at, message=message_id)
    return notice


@transaction.atomic
def settle_delayed(*, notice: ResultNotice, reason: str) -> ResultNotice:
    """The server could not take it now; the outbox tries again."""
    notice = _locked(notice)
    notice.delay_reason = reason[:_WORDS]
    _keep(notice, "delay_reason")
    return notice


@transaction.atomic
def settle_bounced(
    *, notice: ResultNotice, reason: str, by: User | None = None, at: datetime
) -> ResultNotice:
    """The mail does not reach the candidate; told once, the first reason stays."""
    notice = _locked(notice)
    if notice.bounced_at is not None:
        return notice
    notice.bounced_at, notice.bounce_reason, notice.delay_reason = at, reason[:_WORDS], ""
    _keep(notice, "bounced_at", "bounce_reason", "delay_reason")
    _record(
        "result.bounced",
        notice,
        by,
        at,
        personal={"address": notice.email, "reason": notice.bounce_reason},
    )
    return notice


@transaction.atomic
def note_opening(*, notice: ResultNotice, by: User | None = None, at: datetime) -> ResultNotice:
    """The candidate saw the result, by their link or in their account; the first time stays.

    Raises NoticeVoid.
    """
    notice = _locked(notice)
    _refuse_replaced(notice)
    if notice.opened_at is None:
        notice.opened_at = at
        _keep(notice, "opened_at")
        _record("result.opened", notice, by, at)
    return notice


@transaction.atomic
def acknowledge(*, notice: ResultNotice, by: User | None = None, at: datetime) -> ResultNotice:
    """« J’ai pris connaissance de mon résultat », once. Raises NoticeVoid."""
    notice = _locked(notice)
    _refuse_replaced(notice)
    if notice.acknowledged_at is None:
        notice.acknowledged_at = at
        notice.opened_at = notice.opened_at or at
        _keep(notice, "acknowledged_at", "opened_at")
        _record("result.acknowledged", notice, by, at)
    return notice


def take_return(report: delivery_reports.Report, at: datetime) -> bool:
    """Follow a result by what came to the mailbox of returns; False when it says nothing of one."""
    found = _notice_of(report)
    if found is None:
        return False
    failed = delivery_reports.failures(report.deliveries)
    if failed:
        settle_bounced(notice=found, reason=failed[0].words, at=at)
    return True


def take_report(*, raw: bytes, session: ExamSession, by: User, at: datetime) -> ResultNotice | None:
    """Read a report of delivery brought by hand; None when it tells of a mere delay.

    Raises ReportUnknown for what is no report of a result of this session.
    """
    report = delivery_reports.read(raw)
    found = _notice_of(report)
    if found is None or found.document.session_id != session.pk or not report.deliveries:
        raise ReportUnknown
    failed = delivery_reports.failures(report.deliveries)
    return settle_bounced(notice=found, reason=failed[0].words, by=by, at=at) if failed else None


def _notice_of(report: delivery_reports.Report) -> ResultNotice | None:
    """The notice that a message came back for, by its address or by what it answers."""
    keys = [
        key for one in report.addressed_to if (key := notices.LETTERS.returned(one)) is not None
    ]
    answered = [one for one in (report.original_id, *report.answers) if one]
    known = ResultNotice.objects.select_related("document")
    return known.filter(pk__in=keys).first() or known.filter(message_id__in=answered).first()


def _locked(notice: ResultNotice) -> ResultNotice:
    return (
        ResultNotice.objects.select_for_update(of=("self",))
        .select_related("document__session", "candidate__enrolment__candidate")
        .get(pk=notice.pk)
    )


def _refuse_replaced(notice: ResultNotice) -> None:
    if not notice.current:
        raise NoticeVoid


def _keep(notice: ResultNotice, *names: str) -> None:
    notice.save(update_fields=names)


def _record(verb: str, notice: ResultNotice, by: User | None, at: datetime, **data: Any) -> None:
    document = notice.document
    trace.record(
        verb, document, by=by, at=at, candidate=notice.candidate_id, number=document.number, **data
    )
    _tell(notice, at)


def _tell(notice: ResultNotice, at: datetime) -> None:
    realtime.publish(f"session:{notice.document.session_id}", at=at, what="result")
