"""Video as the exchanges of the desk show it: a call of the telephone, with pictures."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from acquis.accounts.models import User
from acquis.desk.conversations.channels import ChannelRoom
from acquis.desk.conversations.models import Conversation
from acquis.desk.phone import presentation
from acquis.desk.video.actions.let_in import end_video
from acquis.desk.video.models import VideoInvitation


def _context(conversation: Conversation, user: User) -> Mapping[str, Any]:
    invitation = VideoInvitation.objects.filter(call__conversation=conversation).first()
    return {**presentation.panel_context(conversation, user), "video_invitation": invitation}


def _ended(conversation: Conversation, at: datetime) -> None:
    end_video(conversation=conversation, at=at)


CHANNELS = [
    ChannelRoom(
        Conversation.Channel.VIDEO,
        panel="video/_panel.html",
        composer="video/_composer.html",
        context=_context,
        ended=_ended,
    )
]
