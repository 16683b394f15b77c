from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from acquis.accounts.models import User
from acquis.certification.sittings import policy
from acquis.certification.sittings.actions._room import PRODUCED, close_overdue, hush, lock, tell
from acquis.certification.sittings.actions.keep_sound import gather_takes
from acquis.certification.sittings.errors import PhasesNotEnded, SittingSealed
from acquis.certification.sittings.models import Phase, Sitting
from acquis.kernel import outbox, trace


@transaction.atomic
def finish_sitting(*, sitting: Sitting, by: User, at: datetime) -> Sitting:
    """Seal an exam whose phases have all ended: productions fingerprinted, private copy closed.

    Finished twice, it keeps its first end. Raises PhasesNotEnded, or SittingSealed if aborted.
    """
    sitting = lock(sitting.pk)
    if sitting.state == Sitting.State.FINISHED:
        return sitting
    if sitting.state == Sitting.State.ABORTED:
        raise SittingSealed
    close_overdue(sitting, by=by, at=at)
    left = [
        _("« %(words)s »") % {"words": phase.title}
        for phase in sitting.phases.all()
        if phase.state != Phase.State.ENDED
    ]
    if left:
        raise PhasesNotEnded(phases=", ".join(left))
    seal_sitting(sitting, Sitting.State.FINISHED, by=by, at=at)
    trace.record("sitting.finished", sitting, by=by, at=at, sha256=sitting.sealed_sha256)
    tell(sitting, "finished", at=at)
    return sitting


def seal_sitting(sitting: Sitting, state: Sitting.State, *, by: User, at: datetime) -> None:
    """Close a locked sitting for good, with the fingerprint of all that was written."""
    gather_takes(sitting, by=by, at=at)
    sitting.state = state
    sitting.finished_at = at
    kept = sitting.files.values_list("kind", "key", "version", "file__sha256")
    sitting.sealed_sha256 = policy.seal(
        [
            *sitting.productions.values_list("key", "seq", "content"),
            *((f"file:{kind}:{key}", version, sha256) for kind, key, version, sha256 in kept),
        ]
    )
    sitting.save(update_fields=["state", "finished_at", "sealed_sha256", "abort_reason"])
    if sitting.workspace is not None and sitting.workspace.sealed_at is None:
        sitting.workspace.sealed_at = at
        sitting.workspace.save(update_fields=["sealed_at"])
    hush(sitting, by=by, at=at)
    if sitting.started_at is not None:
        outbox.put(PRODUCED, {"sitting": sitting.pk}, at=at)
