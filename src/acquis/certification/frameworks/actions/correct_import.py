from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from acquis.accounts.models import User
from acquis.certification.frameworks import contract, corrections, origins
from acquis.certification.frameworks.errors import (
    CorrectionOutdated,
    CorrectionRefused,
    EditionFrozen,
    ImportClosed,
    NothingToUndo,
)
from acquis.certification.frameworks.models import FrameworkCorrection, FrameworkImport
from acquis.kernel import trace


@dataclass(frozen=True)
class Correction:
    """What a person asks for; `revision` is the one they were looking at.

    Beside the operations of `corrections`: `restore` gives the item at `pointer` back what was
    read, `put_back` returns an item that was removed, `pointer` being its place in what was read.
    """

    operation: str
    pointer: str
    revision: int
    value: Any = None


@transaction.atomic
def correct_import(
    *, reading: FrameworkImport, correction: Correction, by: User, at: datetime
) -> FrameworkImport:
    """Change one item of what was understood; what changes nothing is not recorded.

    Raises EditionFrozen, ImportClosed, CorrectionOutdated or CorrectionRefused; nothing is written
    then.
    """
    reading = _locked(reading, correction.revision)
    before = reading.corrected or {}
    try:
        plain = _plain(reading, correction)
        after = corrections.correct(before, plain.operation, plain.pointer, plain.value)
        contract.check(after)
    except corrections.CorrectionError as error:
        raise CorrectionRefused(reason=str(error)) from error
    except contract.ContractBrokenError as error:
        reason = _("« %(place)s » n’a pas la forme attendue") % {"place": error.place}
        raise CorrectionRefused(reason=reason) from error
    if after == before:
        return reading
    _follow_code(reading, before, plain)
    reading.corrected = after
    reading.revision += 1
    reading.save(update_fields=["corrected", "revision", "locations"])
    FrameworkCorrection.objects.create(
        reading=reading,
        revision=reading.revision,
        operation=correction.operation,
        pointer=plain.pointer,
        before=before,
        value=plain.value,
        corrected_by=by,
        corrected_at=at,
    )
    trace.record(
        "framework.import_corrected",
        reading,
        by=by,
        at=at,
        operation=correction.operation,
        pointer=plain.pointer,
        value=plain.value,
    )
    return reading


def _plain(reading: FrameworkImport, asked: Correction) -> Correction:
    """The same correction in the operations of `corrections`."""
    read, now = reading.understood or {}, reading.corrected or {}
    if asked.operation == "restore":
        kind = corrections.kind_of(asked.pointer)
        value = origins.restored(read, now, asked.pointer, kind)
        if value is None:
            raise corrections.CorrectionError(corrections.NOT_READ)
        operation = "set" if kind == "identity" else "replace"
        return Correction(operation, asked.pointer, asked.revision, value)
    if asked.operation == "put_back":
        found = origins.returning(read, now, asked.pointer)
        if found is None:
            raise corrections.CorrectionError(corrections.NOT_REMOVED)
        return Correction("insert", found[0], asked.revision, found[1])
    return asked


def _follow_code(reading: FrameworkImport, before: dict[str, Any], plain: Correction) -> None:
    """An item whose code changes is still shown at its line of the source."""
    if plain.operation not in {"set", "replace"}:
        return
    old = corrections.at(before, plain.pointer).get("code")
    new = plain.value.get("code")
    if old and new and old in reading.locations:
        reading.locations = {new: reading.locations[old], **reading.locations}


@transaction.atomic
def undo_correction(
    *, reading: FrameworkImport, revision: int, by: User, at: datetime
) -> FrameworkImport:
    """Take back the last correction that still stands.

    Raises EditionFrozen, ImportClosed, CorrectionOutdated or NothingToUndo.
    """
    reading = _locked(reading, revision)
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


def _locked(reading: FrameworkImport, revision: int) -> FrameworkImport:
    locked = FrameworkImport.objects.select_for_update().get(pk=reading.pk)
    if locked.state == FrameworkImport.State.ABANDONED:
        raise ImportClosed
    if locked.state != FrameworkImport.State.UNDERSTOOD:
        raise EditionFrozen
    if revision != locked.revision:
        raise CorrectionOutdated
    return locked
