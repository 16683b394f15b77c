from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from acquis.accounts.models import Organisation, User
from acquis.certification.frameworks.models import FrameworkImport
from acquis.kernel import jobs, trace
from acquis.kernel.models import Job, StoredFile


@transaction.atomic
def start_reading(
    *,
    organisation: Organisation,
    files: Sequence[StoredFile],
    merge: bool,
    by: User,
    at: datetime,
) -> tuple[FrameworkImport, Job]:
    """Keep the documents and have them read in the background."""
    reading = FrameworkImport.objects.create(
        organisation=organisation, merge=merge, created_by=by, created_at=at
    )
    reading.files.set(files)
    trace.record(
        "framework.import_started",
        reading,
        by=by,
        at=at,
        files=[{"name": file.name, "sha256": file.sha256} for file in files],
        merge=merge,
    )
    return reading, enqueue_reading(reading, by=by, at=at)


def enqueue_reading(reading: FrameworkImport, *, by: User, at: datetime) -> Job:
    """One job at a time reads an import."""
    return jobs.enqueue(
        "frameworks.read",
        by=by,
        at=at,
        args={"reading": reading.pk},
        unique_key=f"frameworks.read:{reading.pk}",
    )
