"""What a room does once a part of an exam is over."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from acquis.certification.sittings.models import Sitting
from acquis.kernel import outbox, rounds
from acquis.practice.rooms.actions.gather_file import keep_calls
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
