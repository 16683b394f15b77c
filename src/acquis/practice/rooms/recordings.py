"""The drawn recording of a call, unsealed for those who may hear it."""

import base64
from dataclasses import dataclass
from datetime import datetime

from acquis.accounts.models import User
from acquis.certification.papers import sealing
from acquis.certification.papers.actions.open_content import Purpose, open_content
from acquis.certification.papers.models import Draw


@dataclass(frozen=True, slots=True)
class Sound:
    """The bytes of a sound and what they are."""

    content: bytes
    media_type: str


def open_recording(*, draw: Draw, by: User, at: datetime) -> Sound:
    """Raises what `open_content` raises."""
    open_content(draw=draw, by=by, at=at, purpose=Purpose.SIT)
    sound = sealing.unseal(draw.subject)["sound"]
    return Sound(base64.b64decode(sound["content"]), sound["media_type"])
