"""What a room does once a part of an exam is over."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from acquis.accounts.models import User
from acquis.certification.archives.contributing import Piece, contributor
from acquis.certification.exam_sessions.models import ExamSession
from acquis.certification.sittings.models import Sitting
from acquis.kernel import outbox, rounds
from acquis.practice.rooms.actions.gather_file import gather_file, keep_calls
from acquis.practice.rooms.actions.play_phone import end_calls


@outbox.handler("sitting.phase_ended")
def clear_the_line(payload: dict[str, Any]) -> None:
    """Nobody goes on speaking after the part is over, whoever ended it."""
    sitting = Sitting.objects.only("pk", "workspace_id").get(pk=payload["sitting"])
    end_calls(sitting=sitting, at=timezone.now())


@rounds.every(300, "rooms.keep_calls")
def keep_recorded_calls(now: datetime) -> None:
    """Recordings are mixed after their call, some after the exam: those of the last days are kept."""
    recent = Sitting.objects.filter(
        finished_at__gte=now - timedelta(days=2), workspace__isnull=False
    )
    for sitting in recent:
        keep_calls(sitting=sitting, by=None, at=now)


@contributor
def sealed_files(session: ExamSession, by: User, at: datetime) -> Iterator[Piece]:
    """The sealed file of each exam: what was said and written at the desk lies in it."""
    found = Sitting.objects.filter(candidate__session=session).select_related(
        "candidate__enrolment__candidate"
    )
    for sitting in found.order_by("pk"):
        if sitting.is_sealed:
            reference = sitting.candidate.enrolment.candidate.reference
            kept = gather_file(sitting=sitting, by=by, at=at)
            yield Piece(f"candidats/{reference}/dossier-scelle.zip", kept.file)
