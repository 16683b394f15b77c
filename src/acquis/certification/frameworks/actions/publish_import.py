from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from acquis.accounts.models import User
from acquis.certification.frameworks import comparison, corrections
from acquis.certification.frameworks.content import Content, fingerprint
from acquis.certification.frameworks.errors import (
    CorrectionOutdated,
    CorrespondenceUnknown,
    EditionExists,
    EditionFrozen,
    FrameworkIncomplete,
    ImportClosed,
)
from acquis.certification.frameworks.models import Framework, FrameworkImport, FrameworkVersion
from acquis.kernel import trace

Correspondence = dict[str, Any]  # {kind, from, to, nature, nearness}, codes of both editions


@dataclass(frozen=True)
class Edition:
    """What a person states when publishing; `valid_to` is the last day included.

    `correspondences` are those with `previous` that the person confirmed.
    """

    code: str
    edition: str
    valid_from: date
    valid_to: date | None = None
    previous: FrameworkVersion | None = None
    correspondences: Sequence[Correspondence] = field(default_factory=tuple)


@transaction.atomic
def publish_import(
    *, reading: FrameworkImport, edition: Edition, revision: int, by: User, at: datetime
) -> FrameworkVersion:
    """Freeze the corrected content as a published edition; `revision` is the one reviewed.

    Raises EditionFrozen (published already), ImportClosed, CorrectionOutdated, FrameworkIncomplete,
    CorrespondenceUnknown or EditionExists; nothing is written then.
    """
    reading = FrameworkImport.objects.select_for_update().get(pk=reading.pk)
    if reading.state == FrameworkImport.State.ABANDONED:
        raise ImportClosed
    if reading.state != FrameworkImport.State.UNDERSTOOD or reading.corrected is None:
        raise EditionFrozen
    if reading.revision != revision:
        raise CorrectionOutdated
    content = {**reading.corrected, "code": edition.code, "edition": edition.edition}
    missing = corrections.faults(content)
    if missing:
        raise FrameworkIncomplete(missing=" ; ".join(str(fault) for fault in missing))
    _check_correspondences(edition, content)
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
        previous=edition.previous.pk if edition.previous else None,
        correspondences=len(edition.correspondences),
    )
    return version


def _check_correspondences(edition: Edition, content: Content) -> None:
    if not edition.correspondences:
        return
    known = {(item.kind, item.code) for item in comparison.items_of(content)}
    past = edition.previous.content if edition.previous else None
    before = {(item.kind, item.code) for item in comparison.items_of(past)} if past else set()
    for one in edition.correspondences:
        if (one["kind"], one["from"]) not in before or (one["kind"], one["to"]) not in known:
            raise CorrespondenceUnknown(before=one["from"], after=one["to"])


def _write(
    reading: FrameworkImport, edition: Edition, content: Content, by: User, at: datetime
) -> FrameworkVersion:
    framework, _ = Framework.objects.get_or_create(
        organisation=reading.organisation,
        code=edition.code,
        defaults={
            "title": content["title"][:300],
            "acronym": (content.get("acronym") or "")[:40],
            "kind": content["kind"],
            "level": content.get("level"),
        },
    )
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
                previous=edition.previous,
                correspondences=list(edition.correspondences),
            )
    except IntegrityError as error:
        raise EditionExists(edition=edition.edition, code=edition.code) from error
