"""Who may open each page of this application; what a mailbox holds is its supervisor's."""

from typing import Literal

from acquis.accounts.enums import Role

PAGES: dict[str, set[Role] | Literal["public", "any"]] = {
    f"mail:{name}": "any"
    for name in (
        "journal", "mail", "shown", "source", "retry", "write", "start", "exchange", "draft", "save",
        "attach", "send", "undo", "discard", "file", "detach", "mailboxes", "mailbox_new", "mailbox",
        "mailbox_try", "mailbox_pause", "set_aside",
    )
}  # fmt: skip
