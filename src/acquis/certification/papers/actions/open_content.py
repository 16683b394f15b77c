from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.certification.papers import policy, sealing
from acquis.certification.papers.errors import (
    AttachmentMissing,
    SubjectNotForYou,
    SubjectStillSecret,
)
from acquis.certification.papers.models import Draw, Subject, SubjectOpening
from acquis.kernel import trace


class Purpose(StrEnum):
    """Why a sealed subject is opened."""

    SIT = "sit"  # by the candidate who drew it: without the jury's part
    PLAY = "play"  # by a juror of the session: whole
    LISTEN = "listen"  # the recorded call, by the candidate in its phase or by a juror
    REVIEW = "review"  # by its author or the direction
    FILE = "file"  # a file that goes with it, by any of them


@dataclass(frozen=True, slots=True)
class Sound:
    """A recorded call in clear, for one answer: it is written nowhere."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file of a subject in clear, for one answer: it is written nowhere."""

    name: str
    content: bytes
    media_type: str


# The phases that use each kind of subject.
USED_BY = {
    Subject.Kind.WRITTEN: {"written"},
    Subject.Kind.EXCHANGES: {"preparation", "exchanges"},
    Subject.Kind.RECORDING: {"reaction"},
}
_JURY_STATES = {ExamSession.State.OPEN, ExamSession.State.CLOSED, ExamSession.State.DELIBERATED}


@transaction.atomic
def open_content(*, draw: Draw, by: User, at: datetime, purpose: str) -> dict[str, Any]:
    """Unseal a drawn subject for the candidate (`sit`) or a juror (`play`); who opened is kept.

    The candidate reads it once the phase that uses it has begun, and without the jury's part; a
    juror of the session once it is open. Opened again by the same person, one line remains.
    Raises SubjectNotForYou, SubjectStillSecret or SubjectDamaged.
    """
    draw = Draw.objects.select_related(
        "subject", "candidate__session", "candidate__enrolment__candidate"
    ).get(pk=draw.pk)
    content = read_content(draw=draw, by=by, purpose=purpose)
    _opening, first = SubjectOpening.objects.get_or_create(
        subject=draw.subject,
        draw=draw,
        opened_by=by,
        purpose=purpose,
        defaults={"opened_at": at},
    )
    if first:
        trace.record(
            "subject.opened",
            draw.candidate,
            by=by,
            at=at,
            candidate=draw.candidate_id,
            subject=draw.subject.reference,
            purpose=purpose,
        )
    return content


def read_content(*, draw: Draw, by: User, purpose: str) -> dict[str, Any]:
    """The same content under the same rules, without a line: for the pages that show it again."""
    if purpose == Purpose.SIT:
        _refuse_candidate(draw, by)
        return policy.candidate_side(sealing.unseal(draw.subject))
    _refuse_juror(draw, by)
    return sealing.unseal(draw.subject)


@transaction.atomic
def open_recording(*, draw: Draw, by: User, at: datetime) -> Sound:
    """Unseal the recorded call of a drawn subject; each listening is kept: who, when.

    The candidate hears it only while the phase that uses it runs; a juror of the session once it is
    open. How often it may be played is the room's to count. Raises SubjectNotForYou,
    SubjectStillSecret, RecordingMissing or SubjectDamaged.
    """
    draw = Draw.objects.select_related(
        "subject__recording", "candidate__session", "candidate__enrolment__candidate"
    ).get(pk=draw.pk)
    _is_candidate_now(draw, by)
    content = sealing.unseal_sound(draw.subject)
    SubjectOpening.objects.create(
        subject=draw.subject, draw=draw, opened_by=by, opened_at=at, purpose=Purpose.LISTEN
    )
    trace.record(
        "subject.listened",
        draw.candidate,
        by=by,
        at=at,
        candidate=draw.candidate_id,
        subject=draw.subject.reference,
    )
    return Sound(content, draw.subject.recording_type)


@transaction.atomic
def open_attachment(*, draw: Draw, number: int, by: User, at: datetime) -> OpenedFile:
    """Unseal one file of a drawn subject; each opening is kept: who, when, which.

    The candidate has theirs only while a phase that uses the subject runs, and never the jury's; a
    juror of the session has all of them once it is open. Raises SubjectNotForYou, SubjectStillSecret,
    AttachmentMissing or SubjectDamaged.
    """
    draw = Draw.objects.select_related(
        "subject", "candidate__session", "candidate__enrolment__candidate"
    ).get(pk=draw.pk)
    readers = [policy.FOR_CANDIDATE]
    if not _is_candidate_now(draw, by):
        readers.append(policy.FOR_JURY)
    opened = _opened_file(draw.subject, number, readers, draw=draw, by=by, at=at)
    trace.record(
        "subject.file_opened",
        draw.candidate,
        by=by,
        at=at,
        candidate=draw.candidate_id,
        subject=draw.subject.reference,
        number=number,
    )
    return opened


@transaction.atomic
def review_attachment(*, subject: Subject, number: int, by: User, at: datetime) -> OpenedFile:
    """One file of a subject of the bank, for its author or the direction; each opening is kept.

    Raises AttachmentMissing or SubjectDamaged.
    """
    readers = [policy.FOR_CANDIDATE, policy.FOR_JURY]
    opened = _opened_file(subject, number, readers, draw=None, by=by, at=at)
    trace.record("subject.file_opened", subject, by=by, at=at, number=number)
    return opened


def _opened_file(
    subject: Subject,
    number: int,
    readers: Sequence[str],
    *,
    draw: Draw | None,
    by: User,
    at: datetime,
) -> OpenedFile:
    entry = policy.attachment_numbered(sealing.unseal(subject), number, readers)
    if entry is None:
        raise AttachmentMissing
    clear = sealing.unseal_attachment(subject, entry)
    SubjectOpening.objects.create(
        subject=subject,
        draw=draw,
        attachment=subject.attachments.get(number=number),
        opened_by=by,
        opened_at=at,
        purpose=Purpose.FILE,
    )
    return OpenedFile(entry["name"], clear, entry["media_type"])


def _refuse_candidate(draw: Draw, by: User) -> None:
    if draw.candidate.enrolment.candidate.user_id != by.pk:
        raise SubjectNotForYou
    if not _phase_begun(draw.candidate, draw.kind):
        raise SubjectStillSecret


def _phase_begun(candidate: SessionCandidate, kind: str, **facts: object) -> bool:
    """Whether a phase that uses this kind has begun; with `facts`, one that they hold for."""
    # Exams live one floor up; the relation is followed from here so that the rule holds here.
    return SessionCandidate.objects.filter(
        pk=candidate.pk,
        sitting__phases__kind__in=USED_BY[Subject.Kind(kind)],
        sitting__phases__started_at__isnull=False,
        sitting__phases__method__in=_methods(kind),
        **facts,
    ).exists()


def _methods(kind: str) -> set[str]:
    """Preparing the interview does not open the exchanges: only the role play's phases do."""
    if kind == Subject.Kind.EXCHANGES:
        return {"roleplay"}
    if kind == Subject.Kind.RECORDING:
        return {"technical_interview"}
    return {"roleplay", "written_production", "case_study", "questionnaire"}


def _is_candidate_now(draw: Draw, by: User) -> bool:
    """Whether it is the candidate, in a phase that uses the subject; else a juror of the session.

    Raises SubjectNotForYou or SubjectStillSecret.
    """
    if draw.candidate.enrolment.candidate.user_id != by.pk:
        _refuse_juror(draw, by)
        return False
    if not _phase_begun(draw.candidate, draw.kind, sitting__phases__state="running"):
        raise SubjectStillSecret
    return True


def _refuse_juror(draw: Draw, by: User) -> None:
    session = draw.candidate.session
    if not session.jurors.filter(juror__user_id=by.pk).exists():
        raise SubjectNotForYou
    if session.state not in _JURY_STATES:
        raise SubjectStillSecret


@transaction.atomic
def review_recording(*, subject: Subject, by: User, at: datetime) -> Sound:
    """The recorded call of a subject of the bank, for its author or the direction; each time is kept."""
    content = sealing.unseal_sound(subject)
    SubjectOpening.objects.create(
        subject=subject, opened_by=by, opened_at=at, purpose=Purpose.LISTEN
    )
    trace.record("subject.listened", subject, by=by, at=at)
    return Sound(content, subject.recording_type)


@transaction.atomic
def review_content(*, subject: Subject, by: User, at: datetime) -> dict[str, Any]:
    """Unseal a subject of the bank for its author or the direction; each reading is kept."""
    content = sealing.unseal(subject)
    SubjectOpening.objects.create(
        subject=subject, opened_by=by, opened_at=at, purpose=Purpose.REVIEW
    )
    trace.record("subject.reviewed", subject, by=by, at=at)
    return content
