"""What the adviser's page of a chat does over its socket."""

from collections.abc import Mapping
from typing import Any

from acquis.accounts.models import User
from acquis.desk.conversations.access import conversation_of_act
from acquis.desk.conversations.live import for_one_act
from acquis.desk.conversations.models import Conversation
from acquis.desk.webchat.news import tell_typing
from acquis.kernel import live

# Who answers which exchange, for the seconds in which it is not asked again: nothing is written.
_answers = live.Memory()


@live.act("webchat.typing")
def typing(user: User, said: Mapping[str, Any]) -> None:
    """The adviser is writing: told to the visitor, kept nowhere."""
    workspace_id, pk = live.number(said, "workspace"), live.number(said, "conversation")

    def holds() -> bool:
        _workspace, chosen = conversation_of_act(for_one_act(user), workspace_id, pk, write=True)
        return chosen.channel == Conversation.Channel.CHAT and chosen.adviser_id == user.pk

    if _answers.of((user.pk, workspace_id, pk), holds):
        tell_typing(pk, who="adviser")
