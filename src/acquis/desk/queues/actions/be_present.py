from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User, Workspace
from acquis.desk.queues import policy
from acquis.desk.queues.access import refuse_unless_supervisor
from acquis.desk.queues.actions._offers import ask_to_route, take_back
from acquis.desk.queues.errors import NotAtTheDesk, ReasonMissing, WhyMissing
from acquis.desk.queues.models import Presence
from acquis.desk.shell import refuse_if_sealed
from acquis.kernel import realtime, trace


@transaction.atomic
def be_present(
    *,
    workspace: Workspace,
    state: str,
    reason: str = "",
    takes_next: bool | None = None,
    by: User,
    at: datetime,
) -> Presence:
    """Begin a spell in a state, a pause with its reason; the spell before ends then.

    `takes_next` is whether the next contact comes without a click; None leaves it to its queue. The
    same state for the same reason goes on as one spell. What was offered to whoever is no longer
    available is offered to others. Raises ReasonMissing or WorkspaceSealed; nothing is written then.
    """
    workspace = _lock(workspace)
    reason = checked_reason(state, reason)
    current = _current(workspace, by, at)
    if current is not None and (current.state, current.reason) == (state, reason):
        current.takes_next, current.seen_at = takes_next, at
        current.save(update_fields=["takes_next", "seen_at"])
        return current
    return _begin(
        workspace, by, current, state=state, reason=reason, takes_next=takes_next, by=by, at=at
    )


@transaction.atomic
def set_presence(
    *,
    workspace: Workspace,
    adviser: User,
    state: str,
    reason: str = "",
    why: str,
    by: User,
    at: datetime,
) -> Presence:
    """Change the state of somebody who is at the desk, with a reason that they read at once.

    For its supervisor. Raises NotTheSupervisor, WhyMissing, NotAtTheDesk, ReasonMissing or
    WorkspaceSealed; nothing is written then.
    """
    workspace = _lock(workspace)
    refuse_unless_supervisor(by, workspace)
    if not why.strip():
        raise WhyMissing
    reason = checked_reason(state, reason)
    current = _current(workspace, adviser, at)
    if current is None:
        raise NotAtTheDesk
    spell = _begin(
        workspace,
        adviser,
        current,
        state=state,
        reason=reason,
        takes_next=current.takes_next,
        why=why.strip(),
        by=by,
        at=at,
    )
    realtime.publish(f"user:{adviser.pk}", at=at, what="presence")
    return spell


def fall_silent(*, workspace: Workspace, adviser: User, at: datetime) -> None:
    """Note that an adviser did not answer what was offered. The desk is locked by the caller."""
    current = _current(workspace, adviser, at)
    takes_next = current.takes_next if current is not None else None
    state = Presence.State.NO_ANSWER
    _begin(workspace, adviser, current, state=state, takes_next=takes_next, by=None, at=at)


def checked_reason(state: str, reason: str) -> str:
    """The reason as it is kept: that of a pause, "" for any other state. Raises ReasonMissing."""
    if state != Presence.State.PAUSED:
        return ""
    if reason not in Presence.Reason.values:
        raise ReasonMissing
    return reason


def _begin(  # noqa: PLR0913  what a spell is made of
    workspace: Workspace,
    adviser: User,
    current: Presence | None,
    *,
    state: str,
    reason: str = "",
    takes_next: bool | None = None,
    why: str = "",
    by: User | None,
    at: datetime,
) -> Presence:
    if current is not None:
        current.ended_at = at
        current.save(update_fields=["ended_at"])
    spell = Presence.objects.create(
        workspace=workspace,
        adviser=adviser,
        adviser_label=adviser.full_name[:160],
        state=Presence.State(state),
        reason=reason,
        takes_next=takes_next,
        set_by_label=by.full_name[:160] if by is not None and by.pk != adviser.pk else "",
        why=why[:200],
        started_at=at,
        # Only the person themself gives a sign of life.
        seen_at=current.seen_at if current is not None and by != adviser else at,
    )
    trace.record(
        "presence.changed",
        spell,
        by=by,
        at=at,
        adviser=adviser.pk,
        state=state,
        reason=reason,
        why=why,
    )
    if state != Presence.State.AVAILABLE:
        take_back(workspace=workspace, adviser=adviser, at=at)
    ask_to_route(workspace.pk, at=at)
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
    take_back(workspace=workspace, adviser=by, at=at)
    ask_to_route(workspace.pk, at=at)
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
    # It did not begin after its last sign, were it the supervisor who began it.
    spell.ended_at = max(spell.seen_at, spell.started_at)
    spell.save(update_fields=["ended_at"])
    return None


def _announce(workspace: Workspace, at: datetime) -> None:
    realtime.publish(f"workspace:{workspace.pk}", at=at, what="presence")
