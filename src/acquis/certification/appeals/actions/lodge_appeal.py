from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from acquis.accounts.models import User
from acquis.certification.appeals import policy, queries
from acquis.certification.appeals.actions.holding import hold, release
from acquis.certification.appeals.actions.locking import lock
from acquis.certification.appeals.actions.write_letter import write_letter
from acquis.certification.appeals.errors import (
    AlreadyInHand,
    GroundsMissing,
    NothingToContest,
    ReceivedLater,
    StatementMissing,
)
from acquis.certification.appeals.models import Appeal, AppealLetter, AppealPaper
from acquis.certification.awards.models import NumberSeries
from acquis.certification.exam_sessions.actions.locking import lock as lock_session
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.kernel import trace
from acquis.kernel.models import StoredFile

_OVER = frozenset(
    {ExamSession.State.CLOSED, ExamSession.State.DELIBERATED, ExamSession.State.ISSUED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealData:
    """`received_on`: the day of the letter's arrival, or today on the candidate's own page."""

    channel: str
    grounds: Sequence[str]
    statement: str
    received_on: date
    papers: Sequence[tuple[str, StoredFile]] = ()  # title and file


@transaction.atomic
def lodge_appeal(*, seat: SessionCandidate, data: AppealData, by: User, at: datetime) -> Appeal:
    """Keep an appeal, number it and write that it was received; its session is held.

    Raises NothingToContest, GroundsMissing, StatementMissing, ReceivedLater or AlreadyInHand.
    """
    session = lock_session(seat.session_id)
    grounds = [code for code in Appeal.Ground.values if code in data.grounds]
    _refuse(session, data, grounds, at)
    standing = seat.appeals.filter(state__in=policy.IN_HAND).first()
    if standing is not None:
        raise AlreadyInHand(number=standing.number)
    rule = queries.rule_for(session)
    appeal = Appeal.objects.create(
        organisation_id=session.organisation_id,
        number=_number(session.organisation_id, at),
        seat=seat,
        channel=data.channel,
        grounds=grounds,
        statement=data.statement.strip(),
        received_on=data.received_on,
        lodged_at=at,
        lodged_by=by,
        last_day=policy.last_day(
            queries.result_known_on(seat), rule.lodge_within_days if rule else None
        ),
        answer_by=(
            data.received_on + timedelta(days=rule.answer_within_days)
            if rule and rule.answer_within_days is not None
            else None
        ),
    )
    AppealPaper.objects.bulk_create(
        AppealPaper(appeal=appeal, title=title[:255], file=file, brought_at=at)
        for title, file in data.papers
    )
    trace.record(
        "appeal.lodged",
        appeal,
        by=by,
        at=at,
        number=appeal.number,
        seat=seat.pk,
        channel=appeal.channel,
        grounds=grounds,
        received_on=appeal.received_on,
        papers=[file.sha256 for _title, file in data.papers],
        personal={"statement": appeal.statement},
    )
    trace.record(
        "session.appeal_lodged", session, by=by, at=at, number=appeal.number, candidate=seat.pk
    )
    hold(appeal, by=by, at=at)
    write_letter(appeal=appeal, kind=AppealLetter.Kind.RECEIVED, by=by, at=at)
    return appeal


def _refuse(session: ExamSession, data: AppealData, grounds: Sequence[str], at: datetime) -> None:
    if session.state not in _OVER:
        raise NothingToContest
    if not grounds:
        raise GroundsMissing
    if not data.statement.strip():
        raise StatementMissing
    if data.received_on > timezone.localtime(at).date():
        raise ReceivedLater


def _number(organisation_id: int, at: datetime) -> str:
    """« REC-2026-0001 »: one series a centre and a year."""
    year = timezone.localtime(at).year
    name = f"{organisation_id}:REC-{year}"
    NumberSeries.objects.get_or_create(name=name)
    series = NumberSeries.objects.select_for_update().get(name=name)
    series.last += 1
    series.save(update_fields=["last"])
    return f"REC-{year}-{series.last:04}"


@transaction.atomic
def withdraw_appeal(*, appeal: Appeal, by: User, at: datetime) -> Appeal:
    """Give an appeal up before it is decided. Raises StateRefused."""
    appeal = lock(appeal.pk, policy.IN_HAND)
    appeal.state, appeal.withdrawn_at = Appeal.State.WITHDRAWN, at
    appeal.save(update_fields=["state", "withdrawn_at"])
    trace.record("appeal.withdrawn", appeal, by=by, at=at, number=appeal.number)
    release(appeal, by=by, at=at)
    return appeal
