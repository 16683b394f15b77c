"""The smallest valid rows of messages that leave by gateways, and a gateway that answers."""

import itertools
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from acquis.accounts.models import User, Workspace
from acquis.desk.conversations.models import Conversation, Message
from acquis.desk.messaging import policy
from acquis.desk.messaging.models import ApprovedTemplate, Delivery, Gateway, OptOut
from acquis.kernel import crypto
from tests.factories import desk as make
from tests.factories.desk import NOW

_rank = itertools.count(1)
SECRET = "secret-de-la-passerelle"
NUMBER = "+33639980011"


def gateway(workspace: Workspace, **fields: Any) -> Gateway:
    """A gateway of SMS with a known secret."""
    values = {
        "channel": "sms",
        "name": "Opérateur",
        "key": f"cle-{next(_rank)}",
        "address": "http://127.0.0.1:9/",
        "secret": crypto.seal(SECRET.encode()),
        "created_at": NOW,
    }
    return Gateway.objects.create(workspace=workspace, **(values | fields))


def exchange(workspace: Workspace, by: User, **fields: Any) -> Conversation:
    """An SMS exchange that an adviser has taken."""
    values = {"channel": "sms", "contact_address": NUMBER}
    return make.open_conversation(workspace, by, **(values | fields))


def delivery(of: Message, **fields: Any) -> Delivery:
    values = {"recipient": NUMBER, "queued_at": NOW, "changed_at": NOW}
    return Delivery.objects.create(workspace_id=of.workspace_id, message=of, **(values | fields))


def template(workspace: Workspace, **fields: Any) -> ApprovedTemplate:
    values = {"name": f"Modèle {next(_rank)}", "body": "Bonjour {client}, votre dossier avance."}
    return ApprovedTemplate.objects.create(workspace=workspace, **(values | fields))


def opt_out(workspace: Workspace, **fields: Any) -> OptOut:
    values = {"channel": "sms", "address": NUMBER, "said_at": NOW, "words": "STOP"}
    return OptOut.objects.create(workspace=workspace, **(values | fields))


class FakeGateway:
    """The other side of docs/gateways.md: a real HTTP server that checks what it is told.

    `answers` are given in turn, the last one for ever: `(status, object)`.
    """

    def __init__(self, *answers: tuple[int, Any]) -> None:
        self.answers = list(answers) or [(202, {"id": "op-1"})]
        self.told: list[dict[str, Any]] = []
        self.keys: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                timestamp = self.headers["X-Acquis-Timestamp"]
                signed = policy.signature(SECRET, timestamp, body)
                status, answer = outer.answers[0]
                if len(outer.answers) > 1:
                    outer.answers.pop(0)
                if signed != self.headers["X-Acquis-Signature"]:
                    status, answer = 401, {"reason": "signature"}
                outer.told.append(json.loads(body))
                outer.keys.append(self.headers["Idempotency-Key"])
                raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/envoi?client=7"

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
