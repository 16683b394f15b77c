"""What open pages of the desk are told of video calls."""

from datetime import datetime

from acquis.desk.video.models import VideoInvitation
from acquis.kernel import realtime


def announce(invitation: VideoInvitation, *, at: datetime) -> None:
    realtime.publish(
        f"workspace:{invitation.workspace_id}", at=at, what="video", invitation=invitation.pk
    )
