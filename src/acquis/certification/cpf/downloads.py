"""A sealed file given to who may have it, unsealed piece by piece: it is nowhere in clear."""

import hashlib
from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from acquis.certification.cpf.errors import FileDamaged, FileErased
from acquis.certification.cpf.models import DepositFile, Report
from acquis.certification.cpf.sealing import pieces
from acquis.kernel import crypto, files
from acquis.kernel.models import StoredFile


def xml_response(file: DepositFile) -> StreamingHttpResponse:
    """The clear file. It is read once before, so that a damaged one is not half given.

    Raises FileErased or FileDamaged.
    """
    sealed = file.sealed
    if sealed is None:
        raise FileErased
    digest = hashlib.sha256()
    try:
        for piece in _clear(sealed):
            digest.update(piece)
    except crypto.Unsealable as fault:
        raise FileDamaged from fault
    if digest.hexdigest() != file.sha256:
        raise FileDamaged
    response = StreamingHttpResponse(_clear(sealed), content_type="application/xml; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, file.name) or ""
    response["Content-Length"] = str(file.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _clear(sealed: StoredFile) -> Iterator[bytes]:
    with sealed.open() as stream:
        yield from pieces(stream)


def report_content(report: Report) -> bytes:
    """Raises FileErased or FileDamaged."""
    if report.sealed is None:
        raise FileErased
    try:
        clear = crypto.unseal(files.read(report.sealed))
    except crypto.Unsealable as fault:
        raise FileDamaged from fault
    if hashlib.sha256(clear).hexdigest() != report.sha256:
        raise FileDamaged
    return clear
