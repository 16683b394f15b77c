"""What the tests of an exchange share."""

from datetime import datetime

from acquis.accounts.models import Workspace
from acquis.desk.conversations.actions.send_message import send_message
from acquis.desk.conversations.models import Conversation, Message
from acquis.kernel import trace


def verbs(workspace: Workspace) -> list[str]:
    return [line.verb for line in trace.lines(workspace.trace_stream)]


def last_line(workspace: Workspace) -> dict[str, object]:
    line = trace.lines(workspace.trace_stream).last()
    assert line is not None
    return {"verb": line.verb, **line.data}


def say(conversation: Conversation, body: str, at: datetime, **fields: object) -> Message:
    values = {"author": "adviser", "author_label": "Camille", "client_key": body, "by": None}
    return send_message(conversation=conversation, body=body, at=at, **(values | fields))
