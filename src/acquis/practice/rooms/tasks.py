"""What a room does once a part of an exam is over."""

from typing import Any

from django.utils import timezone

from acquis.certification.sittings.models import Sitting
from acquis.kernel import outbox
from acquis.practice.rooms.actions.play_phone import end_calls


@outbox.handler("sitting.phase_ended")
def clear_the_line(payload: dict[str, Any]) -> None:
    """Nobody goes on speaking after the part is over, whoever ended it."""
    sitting = Sitting.objects.only("pk", "workspace_id").get(pk=payload["sitting"])
    end_calls(sitting=sitting, at=timezone.now())
