from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.queues import policy
from acquis.desk.queues.errors import ReasonMissing
from acquis.desk.queues.models import Presence
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import realtime, trace


@transaction.atomic
def be_present(
    *,
    workspace: Workspace,
    state: str,
    reason: str = "",
    takes_next: bool = False,
    by: User,
    at: datetime,
) -> Presence:
    """Begin a spell: available, or paused for a reason; the spell before ends then.

    The same state for the same reason goes on as one spell. Raises ReasonMissing or
    WorkspaceSealed; nothing is written then.
    """
    workspace = _lock(workspace)
    paused = state == Presence.State.PAUSED
    if paused and reason not in Presence.Reason.values:
        raise ReasonMissing
    reason = reason if paused else ""
    current = _current(workspace, by, at)
    if current is not None and (current.state, current.reason) == (state, reason):
        current.takes_next, current.seen_at = takes_next, at
        current.save(update_fields=["takes_next", "seen_at"])
        return current
    if current is not None:
        current.ended_at = at
        current.save(update_fields=["ended_at"])
    spell = Presence.objects.create(
        workspace=workspace,
        adviser=by,
        adviser_label=by.full_name[:160],
        state=Presence.State(state),
        reason=reason,
        takes_next=takes_next,
        started_at=at,
        seen_at=at,
    )
    trace.record("presence.changed", spell, by=by, at=at, state=state, reason=reason)
    _announce(workspace, at)
    return spell


@transaction.atomic
def leave(*, workspace: Workspace, by: User, at: datetime) -> None:
    """End the spell of somebody who goes; leaving twice changes nothing. Raises WorkspaceSealed."""
    workspace = _lock(workspace)
    current = _current(workspace, by, at)
    if current is None:
        return
    current.ended_at = at
    current.save(update_fields=["ended_at"])
    trace.record("presence.left", current, by=by, at=at)
    _announce(workspace, at)


@transaction.atomic
def give_sign(*, workspace: Workspace, by: User, at: datetime) -> Presence | None:
    """Say that the person is still there; None when they had left or were silent too long."""
    current = _current(_lock(workspace), by, at)
    if current is not None:
        current.seen_at = at
        current.save(update_fields=["seen_at"])
    return current


def _lock(workspace: Workspace) -> Workspace:
    locked = Workspace.objects.select_for_update(of=("self",)).get(pk=workspace.pk)
    refuse_if_sealed(locked)
    return locked


def _current(workspace: Workspace, by: User, at: datetime) -> Presence | None:
    """The spell under way; one whose last sign is too old ended at that sign."""
    spell = Presence.objects.filter(workspace=workspace, adviser=by, ended_at=None).first()
    if spell is None or policy.is_there(spell.seen_at, at):
        return spell
    spell.ended_at = spell.seen_at
    spell.save(update_fields=["ended_at"])
    return None


def _announce(workspace: Workspace, at: datetime) -> None:
    realtime.publish(f"workspace:{workspace.pk}", at=at, what="presence")
