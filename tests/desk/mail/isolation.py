"""The rows of mail, for the proof that desks do not see each other."""

from typing import TYPE_CHECKING

from tests.factories import desk as rows
from tests.factories import mail as make

if TYPE_CHECKING:
    from tests.desk.test_isolation import Filled

LISTS = {"mail:journal"}
READ_BY_POST: set[str] = set()
# Pages of supervisors: they do not exist for the others.
MISSING = {"mail:mailboxes", "mail:mailbox_new", "mail:mailbox", "mail:source"}
MISSING |= {"mail:draft"}  # its author's alone, also in a copy


def fill(desk: "Filled") -> None:
    box = make.mailbox(desk.workspace, display_name=desk.mark, address=f"{desk.mark}@x.example")
    exchange = rows.open_conversation(
        desk.workspace, desk.adviser, contact_label=desk.mark, channel="mail", subject=desk.mark
    )
    came = make.received(exchange, mailbox=box, subject=desk.mark, html=f"<p>{desk.mark}</p>")
    draft = make.draft(exchange, desk.adviser, mailbox=box, subject=desk.mark, body=desk.mark)
    joined = make.mail_file(draft, name=f"{desk.mark}.txt")
    aside = make.aside(box, subject=desk.mark)
    desk.objects["mail"] = {
        "pk": came.pk,
        "customer_pk": desk.objects["directory"]["pk"],
    }
    alone = make.draft(exchange, desk.adviser, subject=desk.mark, conversation=None)
    desk.objects["mail:draft"] = {"pk": alone.pk}
    for name in ("save", "attach", "send", "undo", "discard"):
        desk.objects[f"mail:{name}"] = {"pk": draft.pk}
    desk.objects["mail:detach"] = {"pk": joined.pk}
    desk.objects["mail:file"] = {"pk": make.mail_file(came, name=f"{desk.mark}.png").pk}
    for name in ("start", "exchange"):
        desk.objects[f"mail:{name}"] = {"pk": exchange.pk}
    for name in ("mailbox", "mailbox_try", "mailbox_pause"):
        desk.objects[f"mail:{name}"] = {"pk": box.pk}
    desk.objects["mail:set_aside"] = {"pk": aside.pk}
