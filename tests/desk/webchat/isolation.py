"""The rows of this room in a desk of the tests of isolation."""

from typing import Any

from tests.factories import desk as make
from tests.factories import webchat


def fill(desk: Any) -> None:
    site = webchat.site(desk.workspace, name=desk.mark, greeting=desk.mark)
    conversation = make.open_conversation(desk.workspace, desk.adviser, contact_label=desk.mark)
    visitor = webchat.visitor(site, name=desk.mark)
    webchat.chat(visitor, conversation=conversation, subject=desk.mark, page_title=desk.mark)
    call_back = webchat.call_back(site, name=desk.mark, subject=desk.mark)
    desk.objects |= {
        "webchat": {"pk": conversation.pk},
        "webchat:site": {"pk": site.pk},
        "webchat:renew": {"pk": site.pk},
        **{
            f"webchat:{name}": {"pk": call_back.pk}
            for name in ("call_back", "take", "attempt", "cancel")
        },
    }


LISTS = ["webchat:sites", "webchat:call_backs"]
