from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from acquis.accounts.models import User
from acquis.certification.frameworks import comparison, corrections
from acquis.certification.frameworks.content import fingerprint
from acquis.certification.frameworks.errors import (
    EditionExists,
    EditionFrozen,
    FrameworkIncomplete,
)
from acquis.certification.frameworks.models import Framework, FrameworkImport, FrameworkVersion
from acquis.kernel import trace


@dataclass(frozen=True)
class Edition:
    """What a person states when publishing; `valid_to` is the last day included."""

    code: str
    edition: str
    valid_from: date
    valid_to: date | None
    previous: FrameworkVersion | None


@transaction.atomic
def publish_import(
    *, reading: FrameworkImport, edition: Edition, by: User, at: datetime
) -> FrameworkVersion:
    """Freeze the corrected content as a published edition.

    Raises EditionFrozen (published already), FrameworkIncomplete or EditionExists; nothing is
    written then. Correspondences with the previous edition are proposed from the wording.
    """
    reading = FrameworkImport.objects.select_for_update().get(pk=reading.pk)
    if reading.state != FrameworkImport.State.UNDERSTOOD or reading.corrected is None:
        raise EditionFrozen
    content = {**reading.corrected, "code": edition.code, "edition": edition.edition}
    missing = corrections.faults(content)
    if missing:
        raise FrameworkIncomplete(missing=" ; ".join(missing))
    version = _write(reading, edition, content, by, at)
    reading.state = FrameworkImport.State.PUBLISHED
    reading.version = version
    reading.save(update_fields=["state", "version"])
    trace.record(
        "framework.published",
        version,
        by=by,
        at=at,
        edition=edition.edition,
        sha256=version.content_sha256,
        valid_from=edition.valid_from,
        valid_to=edition.valid_to,
    )
    return version


def _write(
    reading: FrameworkImport,
    edition: Edition,
    content: dict[str, object],
    by: User,
    at: datetime,
) -> FrameworkVersion:
    framework, _ = Framework.objects.get_or_create(
        organisation=reading.organisation,
        code=edition.code,
        defaults={
            "title": content["title"],
            "acronym": content.get("acronym") or "",
            "kind": content["kind"],
            "level": content.get("level"),
        },
    )
    previous = edition.previous
    try:
        with transaction.atomic():
            return FrameworkVersion.objects.create(
                framework=framework,
                edition=edition.edition,
                state=FrameworkVersion.State.PUBLISHED,
                content=content,
                content_sha256=fingerprint(content),
                valid_from=edition.valid_from,
                valid_to=edition.valid_to,
                published_at=at,
                published_by=by,
                previous=previous,
                correspondences=comparison.correspondences(
                    comparison.compare(previous.content, content)
                )
                if previous
                else [],
            )
    except IntegrityError as error:
        raise EditionExists(edition=edition.edition, code=edition.code) from error
