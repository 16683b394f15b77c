from datetime import datetime
from typing import Any

from django.db import models, transaction

from acquis.certification.seals import checking
from acquis.certification.seals.errors import NoCertificate
from acquis.certification.seals.models import Seal, SealingCertificate
from acquis.certification.seals.queries import identity_of
from acquis.kernel import files, trace
from acquis.kernel.models import StoredFile


def seal_file(
    *,
    source: StoredFile,
    certificate: SealingCertificate,
    of: models.Model,
    reason: str,
    by: Any | None,
    at: datetime,
) -> Seal:
    """Keep a sealed copy of an issued PDF; a file that has one gives it back.

    The trace of what it belongs to (`of`) takes both fingerprints. Raises NoCertificate when this
    one is retired or out of its time, NotAPdf.
    """
    existing = Seal.objects.filter(source=source).first()
    if existing is not None:
        return existing
    if (
        certificate.retired_at is not None
        or not certificate.not_before <= at < certificate.not_after
    ):
        raise NoCertificate
    # Late, as in `checking`: pyHanko is long to load, and only who seals needs it.
    from acquis.certification.seals import pades  # noqa: PLC0415

    sealed = pades.seal_pdf(files.read(source), identity_of(certificate), reason=reason)
    (report,) = checking.check_pdf(sealed, roots=[])
    return _keep(source, certificate, of, sealed, report.digest, by, at)


@transaction.atomic
def _keep(
    source: StoredFile,
    certificate: SealingCertificate,
    of: models.Model,
    sealed: bytes,
    digest: str,
    by: Any | None,
    at: datetime,
) -> Seal:
    source = StoredFile.objects.select_for_update().get(pk=source.pk)
    existing = Seal.objects.filter(source=source).first()
    if existing is not None:
        return existing
    kept = files.store(sealed, name=source.name, media_type=source.media_type, by=by, at=at)
    seal = Seal.objects.create(
        source=source, file=kept, certificate=certificate, digest=digest, sealed_at=at
    )
    trace.record(
        "document.sealed",
        of,
        by=by,
        at=at,
        name=source.name,
        source_sha256=source.sha256,
        sha256=kept.sha256,
        certificate=certificate.sha256,
    )
    return seal
