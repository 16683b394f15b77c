"""The only way from outside to a call: a seat in its desk, or the key of a leg."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.crypto import constant_time_compare, salted_hmac

from acquis.accounts.access import may, workspace_for
from acquis.accounts.models import User, Workspace
from acquis.accounts.verbs import Verb
from acquis.desk.phone.models import Call, Leg, Line, Recording

KEY_CHARS = 24


def call_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, Call]:
    """The call and its workspace. Raises Http404, or the refusal to write there."""
    workspace = workspace_for(user, workspace_id, write=write)
    rows = Call.objects.filter(workspace=workspace).select_related("conversation__customer")
    call = get_object_or_404(rows, pk=pk)
    call.workspace = workspace
    return workspace, call


def recording_for(
    user: User, workspace_id: int, pk: int, *, write: bool = False
) -> tuple[Workspace, Recording]:
    workspace = workspace_for(user, workspace_id, write=write)
    rows = Recording.objects.filter(workspace=workspace).select_related("file", "call")
    return workspace, get_object_or_404(rows, pk=pk)


def may_supervise(user: User, workspace: Workspace) -> bool:
    """Whether the person may listen to calls of this desk and set its telephone."""
    return may(user, Verb.DESK_SUPERVISE, workspace.organisation)


def public_key(line: Line) -> str:
    """The public address of a line: it names its desk and cannot be guessed.

    It is worked out, not kept: a private copy of a desk has another one, and raising the generation
    of the line voids the old one.
    """
    return f"{line.workspace_id}-{_digest(line.workspace_id, line.generation)}"


def _digest(workspace_id: int, generation: int) -> str:
    value = f"{workspace_id}:{generation}"
    return salted_hmac("acquis.desk.phone.line", value, algorithm="sha256").hexdigest()[:KEY_CHARS]


def public_line(key: str) -> Line:
    """The line that a public address opens. Raises Http404."""
    place, _dash, digest = key.partition("-")
    if not place.isdecimal() or len(place) > 18:
        raise Http404
    line = Line.objects.filter(workspace_id=int(place), public=True).select_related("workspace")
    found = line.first()
    if found is None or not constant_time_compare(
        digest, _digest(found.workspace_id, found.generation)
    ):
        raise Http404
    return found


def customer_leg(key: str) -> Leg:
    """The leg of the customer whose page holds this key. Raises Http404."""
    rows = Leg.objects.filter(side=Leg.Side.CUSTOMER).select_related(
        "call__conversation", "workspace"
    )
    # The key is drawn at random for each leg; a private copy of a desk copies it, its original wins.
    # A telephone has no page: its key opens nothing.
    found = rows.filter(key=key, trunk_call="").order_by("pk").first()
    if found is None:
        raise Http404
    return found
