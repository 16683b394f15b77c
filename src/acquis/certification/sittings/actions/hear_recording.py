from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.sittings import policy
from acquis.certification.sittings.actions._room import lock_unsealed, tell
from acquis.certification.sittings.errors import ListensSpent, NotThisPart, ReasonMissing
from acquis.certification.sittings.models import Listen, Phase, Sitting
from acquis.kernel import trace


@transaction.atomic
def hear_recording(*, phase: Phase, key: str, by: User, at: datetime) -> Listen:
    """Count one hearing of the drawn recording; the sound may then be handed out.

    The same `key` is the same hearing until its sound was heard to begin: a download that was cut is
    asked for again. Raises NotThisPart, ListensSpent or SittingSealed.
    """
    sitting, phase = _running(phase)
    if policy.phase_clock(phase, at).is_over:
        raise NotThisPart
    heard = list(phase.heard.all())
    asked = next((one for one in heard if one.key == key), None)
    if asked is not None and asked.began_at is None:
        return asked
    if asked is not None or len(heard) >= phase.listens:
        raise ListensSpent(count=phase.listens)
    listen = Listen.objects.create(phase=phase, number=len(heard) + 1, key=key, asked_at=at)
    trace.record("recording.asked", phase, by=by, at=at, phase=phase.code, number=listen.number)
    tell(sitting, "recording_heard", at=at)
    return listen


@transaction.atomic
def note_hearing(*, phase: Phase, key: str, by: User, at: datetime) -> None:
    """The sound begins in the candidate's ears: this hearing is spent. Once. Raises SittingSealed."""
    lock_unsealed(phase.sitting_id)
    if Listen.objects.filter(phase=phase, key=key, began_at=None).update(began_at=at):
        trace.record("recording.heard", phase, by=by, at=at, phase=phase.code)


@transaction.atomic
def give_hearing(*, phase: Phase, reason: str, by: User, at: datetime) -> Phase:
    """Let the recording be heard once more, for a reason: a line cut, a headset that failed.

    Raises ReasonMissing, NotThisPart or SittingSealed.
    """
    sitting, phase = _running(phase)
    if not reason.strip():
        raise ReasonMissing
    phase.listens += 1
    phase.save(update_fields=["listens"])
    trace.record(
        "recording.given_again",
        phase,
        by=by,
        at=at,
        phase=phase.code,
        listens=phase.listens,
        reason=reason.strip()[:300],
    )
    tell(sitting, "recording_given", at=at)
    return phase


def _running(phase: Phase) -> tuple[Sitting, Phase]:
    """The exam, locked, and its reaction under way. Raises NotThisPart or SittingSealed."""
    sitting = lock_unsealed(phase.sitting_id)
    row = sitting.phases.get(pk=phase.pk)
    if row.kind != Phase.Kind.REACTION or row.state != Phase.State.RUNNING:
        raise NotThisPart
    return sitting, row
