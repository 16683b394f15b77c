from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.messaging.errors import ChannelTaken, GatewayAddressInvalid
from acquis.desk.messaging.models import ApprovedTemplate, Gateway
from acquis.desk.queues.errors import NotOfThisDesk
from acquis.desk.queues.models import Queue
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import crypto, trace

HERE = frozenset({"127.0.0.1", "localhost", "::1"})
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"
SECRET_LENGTH = 40  # 232 bits
KEY_LENGTH = 24


@transaction.atomic
def keep_gateway(  # noqa: PLR0913  what a gateway is made of
    *,
    workspace: Workspace,
    gateway: Gateway | None,
    channel: str,
    name: str,
    address: str,
    sender: str,
    is_active: bool,
    queue: Queue | None = None,
    closed_answer: str = "",
    by: User,
    at: datetime,
) -> tuple[Gateway, str]:
    """Write a gateway; a new one gets its key and its secret, given back once and then sealed.

    Raises GatewayAddressInvalid, ChannelTaken, NotOfThisDesk (its queue) or WorkspaceSealed; nothing
    is written then.
    """
    workspace = Workspace.objects.select_for_update(of=("self",)).get(pk=workspace.pk)
    refuse_if_sealed(workspace)
    _refuse_address(address)
    if queue is not None and queue.workspace_id != workspace.pk:
        raise NotOfThisDesk
    row = gateway or Gateway(
        workspace=workspace, key=crypto.draw(ALPHABET, KEY_LENGTH), created_at=at
    )
    rivals = Gateway.objects.filter(workspace=workspace, channel=channel, is_active=True)
    if is_active and rivals.exclude(pk=row.pk).exists():
        raise ChannelTaken
    secret = ""
    if gateway is None:
        secret = crypto.draw(ALPHABET, SECRET_LENGTH)
        row.secret = crypto.seal(secret.encode())
    row.channel = channel
    row.name = name
    row.address = address
    row.sender = sender
    row.is_active = is_active
    row.queue = queue
    row.closed_answer = closed_answer.strip()
    row.save()
    trace.record(
        "messaging.gateway_kept",
        row,
        by=by,
        at=at,
        stream=workspace.trace_stream,
        new=gateway is None,
        channel=channel,
        is_active=is_active,
        queue=queue.pk if queue else None,
    )
    return row, secret


@transaction.atomic
def renew_secret(*, gateway: Gateway, by: User, at: datetime) -> str:
    """Give a gateway a new secret; what is signed with the old one is refused from now on.

    Raises WorkspaceSealed.
    """
    refuse_if_sealed(gateway.workspace)
    secret = crypto.draw(ALPHABET, SECRET_LENGTH)
    gateway.secret = crypto.seal(secret.encode())
    gateway.save(update_fields=["secret"])
    stream = gateway.workspace.trace_stream
    trace.record("messaging.secret_renewed", gateway, by=by, at=at, stream=stream)
    return secret


@transaction.atomic
def keep_template(
    *, workspace: Workspace, name: str, body: str, by: User, at: datetime
) -> ApprovedTemplate:
    """Write a text that WhatsApp approved; the same name replaces it. Raises WorkspaceSealed."""
    refuse_if_sealed(workspace)
    row, new = ApprovedTemplate.objects.update_or_create(
        workspace=workspace, name=name, defaults={"body": body.strip()}
    )
    stream = workspace.trace_stream
    trace.record("messaging.template_kept", row, by=by, at=at, stream=stream, new=new)
    return row


@transaction.atomic
def remove_template(*, template: ApprovedTemplate, by: User, at: datetime) -> None:
    """Raises WorkspaceSealed."""
    refuse_if_sealed(template.workspace)
    stream = template.workspace.trace_stream
    trace.record("messaging.template_removed", template, by=by, at=at, stream=stream)
    template.delete()


def _refuse_address(address: str) -> None:
    parts = urlsplit(address)
    plain = parts.scheme == "http" and parts.hostname in HERE
    if not parts.hostname or not (parts.scheme == "https" or plain):
        raise GatewayAddressInvalid
