from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.files.base import File
from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.sittings import deliverables, policy
from acquis.certification.sittings.actions._room import lock_unsealed, tell
from acquis.certification.sittings.errors import (
    DepositLate,
    DepositOver,
    NotAskedFor,
    NotThisPart,
)
from acquis.certification.sittings.models import Phase, SittingFile
from acquis.kernel import files, trace

PARIS = ZoneInfo("Europe/Paris")


@transaction.atomic
def deposit_file(
    *,
    phase: Phase,
    file: "File[bytes]",
    media_type: str,
    by: User,
    at: datetime,
    number: int = 1,
) -> SittingFile:
    """Hand in a document; a later one replaces it until the next part begins, each is kept.

    `number` is which of the documents that the framework asks for (`deliverables`). The same document again is the same version. After time it is kept and marked late, unless the
    framework refuses it. The fingerprint and the instant of what is given back are the receipt.
    Raises NotThisPart, NotAskedFor, DepositOver, DepositLate or SittingSealed.
    """
    sitting = lock_unsealed(phase.sitting_id)
    phase = sitting.phases.get(pk=phase.pk)
    if phase.kind != Phase.Kind.DEPOSIT or phase.started_at is None:
        raise NotThisPart
    later = sitting.phases.filter(position__gt=phase.position).exclude(state=Phase.State.WAITING)
    if later.exists():
        raise DepositOver
    late = policy.is_late(phase, at)
    if late and phase.late_refused:
        raise DepositLate
    wanted = {one.number: one for one in deliverables.of_phase(phase)}.get(number)
    if wanted is None:
        raise NotAskedFor
    stored = files.store_file(file, media_type=media_type, by=by, at=at)
    kept = sitting.files.filter(kind=SittingFile.Kind.DEPOSIT, key=wanted.key)
    last = kept.order_by("-version").first()
    if last is not None and last.file_id == stored.pk:
        return last
    deposit = SittingFile.objects.create(
        sitting=sitting,
        phase=phase,
        kind=SittingFile.Kind.DEPOSIT,
        key=wanted.key,
        version=last.version + 1 if last else 1,
        title=(file.name or stored.name)[-255:],
        file=stored,
        kept_at=at,
        late=late,
        keep_until=policy.keep_until(at.astimezone(PARIS).date()),
    )
    trace.record(
        "document.deposited",
        deposit,
        by=by,
        at=at,
        phase=phase.code,
        document=wanted.key,
        version=deposit.version,
        sha256=stored.sha256,
        size=stored.size,
        late=deposit.late,
    )
    tell(sitting, "document_deposited", at=at)
    return deposit
