from datetime import datetime
from typing import Any

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.frameworks import contract, corrections
from acquis.certification.frameworks.errors import (
    CorrectionOutdated,
    CorrectionRefused,
    EditionFrozen,
    NothingToUndo,
)
from acquis.certification.frameworks.models import FrameworkCorrection, FrameworkImport
from acquis.kernel import trace


@transaction.atomic
def correct_import(
    *,
    reading: FrameworkImport,
    operation: str,
    pointer: str,
    value: Any,
    revision: int,
    by: User,
    at: datetime,
) -> FrameworkImport:
    """Change one item of what was understood; `revision` is the one the person was looking at.

    Raises EditionFrozen, CorrectionOutdated or CorrectionRefused; nothing is written then.
    """
    reading = _locked(reading)
    if revision != reading.revision:
        raise CorrectionOutdated
    before = reading.corrected
    try:
        after = corrections.correct(before or {}, operation, pointer, value)
        contract.check(after)
    except (corrections.CorrectionError, contract.ContractBroken) as error:
        raise CorrectionRefused(reason=str(error)) from error
    reading.corrected = after
    reading.revision += 1
    reading.save(update_fields=["corrected", "revision"])
    FrameworkCorrection.objects.create(
        reading=reading,
        revision=reading.revision,
        operation=operation,
        pointer=pointer,
        before=before,
        value=value,
        corrected_by=by,
        corrected_at=at,
    )
    trace.record(
        "framework.import_corrected",
        reading,
        by=by,
        at=at,
        operation=operation,
        pointer=pointer,
        value=value,
    )
    return reading


@transaction.atomic
def undo_correction(*, reading: FrameworkImport, by: User, at: datetime) -> FrameworkImport:
    """Take back the last correction that still stands; raises NothingToUndo."""
    reading = _locked(reading)
    last = reading.corrections.filter(undone_at__isnull=True).order_by("-revision").first()
    if last is None:
        raise NothingToUndo
    last.undone_at = at
    last.save(update_fields=["undone_at"])
    reading.corrected = last.before
    reading.revision += 1
    reading.save(update_fields=["corrected", "revision"])
    trace.record("framework.import_correction_undone", reading, by=by, at=at, pointer=last.pointer)
    return reading


def _locked(reading: FrameworkImport) -> FrameworkImport:
    locked = FrameworkImport.objects.select_for_update().get(pk=reading.pk)
    if locked.state != FrameworkImport.State.UNDERSTOOD:
        raise EditionFrozen
    return locked
