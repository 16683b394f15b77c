"""The only way from outside to the gateways of a desk: those who supervise it, or a signature."""

from datetime import datetime

from django.http import Http404
from django.shortcuts import get_object_or_404

from acquis.accounts.access import may, may_write_in, workspace_for
from acquis.accounts.models import User, Workspace
from acquis.accounts.verbs import Verb
from acquis.desk.messaging import policy, queries
from acquis.desk.messaging.errors import SignatureInvalid
from acquis.desk.messaging.models import ApprovedTemplate, Gateway
from acquis.kernel import crypto


def supervised(user: User, workspace_id: int, *, write: bool = False) -> Workspace:
    """The desk, for its supervisors. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=write)
    if not may(user, Verb.DESK_SUPERVISE, workspace.organisation):
        raise Http404
    if not may_write_in(user, workspace):
        raise Http404
    return workspace


def gateway_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, Gateway]:
    """A gateway, for the supervisors of its desk. Raises Http404, or the refusal to write."""
    workspace = supervised(user, workspace_id, write=write)
    return workspace, get_object_or_404(Gateway, workspace=workspace, pk=pk)


def template_for(user: User, workspace_id: int, pk: int) -> tuple[Workspace, ApprovedTemplate]:
    workspace = supervised(user, workspace_id, write=True)
    return workspace, get_object_or_404(ApprovedTemplate, workspace=workspace, pk=pk)


def calling_gateway(
    key: str, *, timestamp: str, body: bytes, signature: str, at: datetime
) -> Gateway:
    """The gateway that calls, proved by its signature of what it says and when.

    Raises Http404 (no such gateway) or SignatureInvalid (wrong, or older than five minutes).
    """
    gateway = queries.gateway_of_key(key)
    if gateway is None:
        raise Http404
    secret = crypto.unseal(bytes(gateway.secret)).decode()
    if not policy.is_signed(secret, timestamp, body, signature, at=at):
        raise SignatureInvalid
    return gateway
