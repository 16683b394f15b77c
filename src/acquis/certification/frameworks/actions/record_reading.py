from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from acquis.certification.frameworks.models import FrameworkImport
from acquis.certification.frameworks.readers import ReadFramework
from acquis.kernel import trace


@transaction.atomic
def record_reading(
    *, reading: FrameworkImport, found: Sequence[ReadFramework], at: datetime
) -> list[FrameworkImport]:
    """Keep what was understood; each further framework found gets an import of its own."""
    reading = FrameworkImport.objects.select_for_update().get(pk=reading.pk)
    if reading.state != FrameworkImport.State.READING:
        return [reading]
    recorded = []
    for index, one in enumerate(found):
        target = reading if index == 0 else _sibling(reading)
        target.state = FrameworkImport.State.UNDERSTOOD
        target.source_text = one.source_text
        target.understood = one.framework
        target.corrected = one.framework
        target.locations = one.locations
        target.save()
        trace.record(
            "framework.import_understood",
            target,
            by=reading.created_by,
            at=at,
            warnings=len(one.framework["warnings"]),
        )
        recorded.append(target)
    return recorded


@transaction.atomic
def record_refusal(*, reading: FrameworkImport, sentence: str, at: datetime) -> FrameworkImport:
    """Keep why the documents are no référentiel."""
    reading = FrameworkImport.objects.select_for_update().get(pk=reading.pk)
    if reading.state != FrameworkImport.State.READING:
        return reading
    reading.state = FrameworkImport.State.REFUSED
    reading.refusal = sentence
    reading.save()
    trace.record(
        "framework.import_refused", reading, by=reading.created_by, at=at, sentence=sentence
    )
    return reading


def _sibling(reading: FrameworkImport) -> FrameworkImport:
    sibling = FrameworkImport.objects.create(
        organisation=reading.organisation,
        merge=reading.merge,
        created_by=reading.created_by,
        created_at=reading.created_at,
    )
    sibling.files.set(reading.files.all())
    return sibling
