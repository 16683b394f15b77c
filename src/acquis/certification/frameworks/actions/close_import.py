from datetime import datetime

from django.db import transaction

from acquis.accounts.models import User
from acquis.certification.frameworks import queries
from acquis.certification.frameworks.actions.start_reading import enqueue_reading
from acquis.certification.frameworks.errors import EditionFrozen, ImportNotAbandoned
from acquis.certification.frameworks.models import FrameworkImport
from acquis.kernel import jobs, trace

State = FrameworkImport.State


@transaction.atomic
def abandon_import(*, reading: FrameworkImport, by: User, at: datetime) -> FrameworkImport:
    """Put the import aside; documents and corrections are kept, a reading under way ignored.

    Raises EditionFrozen once it is published.
    """
    reading = FrameworkImport.objects.select_for_update().get(pk=reading.pk)
    if reading.state == State.PUBLISHED:
        raise EditionFrozen
    if reading.state == State.ABANDONED:
        return reading
    reading.state = State.ABANDONED
    reading.save(update_fields=["state"])
    trace.record("framework.import_abandoned", reading, by=by, at=at)
    return reading


@transaction.atomic
def reopen_import(*, reading: FrameworkImport, by: User, at: datetime) -> FrameworkImport:
    """Take an abandoned import up where it was; read again what was never read to its end.

    Raises ImportNotAbandoned.
    """
    reading = FrameworkImport.objects.select_for_update().get(pk=reading.pk)
    job = queries.last_reading_job(reading)
    interrupted = reading.state == State.READING and (job is None or job.state not in jobs.ACTIVE)
    if reading.state != State.ABANDONED and not interrupted:
        raise ImportNotAbandoned
    if reading.corrected is not None:
        reading.state = State.UNDERSTOOD
    elif reading.refusal:
        reading.state = State.REFUSED
    else:
        reading.state = State.READING
        enqueue_reading(reading, by=by, at=at)
    reading.save(update_fields=["state"])
    trace.record("framework.import_reopened", reading, by=by, at=at, state=reading.state)
    return reading
