"""What became of the mail of a summons, as servers say it."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions import links
from acquis.certification.exam_sessions.actions.locking import tell
from acquis.certification.exam_sessions.errors import ReportUnknown
from acquis.certification.exam_sessions.models import Summons
from acquis.kernel import delivery_reports, trace

_WORDS = 300
_REPLY = 500

# `take(report, at)` of what says nothing of a summons: whether it was of theirs.
Taker = Callable[[delivery_reports.Report, datetime], bool]
_takers: list[Taker] = []


def take_returns(taker: Taker) -> Taker:
    """Declare who else sends letters that come back to this mailbox; usable as a decorator."""
    _takers.append(taker)
    return taker


def _locked(summons: Summons) -> Summons:
    return (
        Summons.objects.select_for_update(of=("self",)).select_related("session").get(pk=summons.pk)
    )


@transaction.atomic
def settle_sent(*, summons: Summons, message_id: str, at: datetime) -> Summons:
    """The server took the mail."""
    summons = _locked(summons)
    summons.sent_at, summons.message_id, summons.delay_reason = at, message_id, ""
    summons.save(update_fields=["sent_at", "message_id", "delay_reason"])
    trace.record("summons.sent", summons.session, by=None, at=at, number=summons.number)
    tell(summons.session, "summons", at=at)
    return summons


@transaction.atomic
def settle_delayed(*, summons: Summons, reason: str) -> Summons:
    """The server could not take it now; the outbox tries again."""
    summons = _locked(summons)
    summons.delay_reason = reason[:_WORDS]
    summons.save(update_fields=["delay_reason"])
    return summons


@transaction.atomic
def settle_bounced(
    *, summons: Summons, reason: str, by: User | None = None, at: datetime
) -> Summons:
    """The mail does not reach its recipient; told once, the first reason stays."""
    summons = _locked(summons)
    if summons.bounced_at is not None:
        return summons
    summons.bounced_at, summons.bounce_reason, summons.delay_reason = at, reason[:_WORDS], ""
    summons.save(update_fields=["bounced_at", "bounce_reason", "delay_reason"])
    trace.record(
        "summons.bounced",
        summons.session,
        by=by,
        at=at,
        number=summons.number,
        personal={"address": summons.email, "reason": summons.bounce_reason},
    )
    tell(summons.session, "summons", at=at)
    return summons


def _letter_of(report: delivery_reports.Report) -> Summons | None:
    """The summons that a message came back for, by its address or by what it answers."""
    keys = [key for one in report.addressed_to if (key := links.returned(one)) is not None]
    named = Summons.objects.filter(pk__in=keys).first()
    if named is not None:
        return named
    answered = [one for one in (report.original_id, *report.answers) if one]
    return Summons.objects.filter(message_id__in=answered).first() if answered else None


@transaction.atomic
def take_return(*, raw: bytes, at: datetime) -> Summons | None:
    """Follow a summons by what came to the mailbox of returns; None for what is not of ours.

    A report of delivery marks it as bounced when it failed for good. Any other message about it is
    kept beside it in a few words, told as automatic when a machine wrote it (RFC 3834): an absence
    told so is no answer, the manager reads it and decides.
    """
    report = delivery_reports.read(raw)
    found = _letter_of(report)
    if found is None:
        # Shown to each of the others, until one says that it is of theirs.
        any(take(report, at) for take in _takers)
        return None
    failed = delivery_reports.failures(report.deliveries)
    if failed:
        return settle_bounced(summons=found, reason=failed[0].words, at=at)
    if report.deliveries or not report.words:
        return found
    summons = _locked(found)
    if summons.reply_words == report.words[:_REPLY]:
        return summons  # met again after a folder was numbered anew
    summons.reply_at, summons.reply_words = at, report.words[:_REPLY]
    summons.reply_automatic = report.automatic
    summons.save(update_fields=["reply_at", "reply_words", "reply_automatic"])
    trace.record(
        "summons.replied",
        summons.session,
        by=None,
        at=at,
        number=summons.number,
        automatic=report.automatic,
        personal={"words": summons.reply_words},
    )
    tell(summons.session, "summons", at=at)
    return summons


@transaction.atomic
def take_report(
    *, raw: bytes, organisation_id: int | None = None, by: User | None = None, at: datetime
) -> Summons | None:
    """Read a report of delivery and mark the summons it speaks of.

    The letter is known by the return address or by the Message-ID of what came back; with
    `organisation_id`, only letters of that centre. None when the report tells of a mere delay.
    Raises ReportUnknown for what is no report of one of our letters.
    """
    report = delivery_reports.read(raw)
    found = _letter_of(report)
    if found is None or not any(one.action == "failed" for one in report.deliveries):
        raise ReportUnknown
    if organisation_id is not None and found.session.organisation_id != organisation_id:
        raise ReportUnknown
    failed = delivery_reports.failures(report.deliveries)
    if not failed:
        return None
    return settle_bounced(summons=found, reason=failed[0].words, by=by, at=at)
