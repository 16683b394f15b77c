"""What the bar of presence does over the page's socket."""

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from acquis.accounts.access import workspace_for
from acquis.accounts.models import User
from acquis.desk.conversations.live import for_one_act
from acquis.desk.queues import presentation
from acquis.desk.queues.actions.be_present import give_sign
from acquis.kernel import live


@live.act("queues.sign")
def sign(user: User, said: Mapping[str, Any]) -> None:
    """The page is still open in front of somebody."""
    adviser = for_one_act(user)
    workspace = workspace_for(adviser, live.number(said, "workspace"), write=True)
    give_sign(workspace=workspace, by=adviser, at=timezone.now())


@live.act("queues.look", reads=True)
def look(user: User, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Whether the bar is still as the page shows it: half of what fetching it costs."""
    adviser = for_one_act(user)
    workspace = workspace_for(adviser, live.number(said, "workspace"))
    context = presentation.bar_context(workspace, adviser, now=timezone.now())
    # The version leaves the token of the forms out: any does.
    drawn = render_to_string("queues/_bar.html", {**context, "csrf_token": "any"})
    return {"same": presentation.bar_version(drawn) == said.get("version")}
