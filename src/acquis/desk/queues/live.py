"""What the bar of presence does over the page's socket."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User
from acquis.desk.conversations.live import for_one_act
from acquis.desk.queues.actions.be_present import give_sign
from acquis.kernel import live


@live.act("queues.sign")
def sign(user: User, said: Mapping[str, Any]) -> None:
    """The page is still open in front of somebody."""
    adviser = for_one_act(user)
    workspace = workspace_for(adviser, live.number(said, "workspace"), write=True)
    give_sign(workspace=workspace, by=adviser, at=timezone.now())
