"""Official documents against the lines that told them: their data, and the bytes of their files."""

import hashlib
from collections.abc import Iterator

from django.utils.translation import gettext as _

from acquis.certification.awards import policy
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.seals.models import Seal
from acquis.kernel import trace
from acquis.kernel.models import StoredFile, TraceLine
from acquis.kernel.trace import TraceFault

CHUNK = 1024 * 1024


@trace.witness
def documents(stream: str | None) -> Iterator[TraceFault]:
    found = IssuedDocument.objects.order_by("pk").select_related("file")
    if stream is not None:
        found = found.filter(session=trace.key_in(stream, "session"))
    for one in found.iterator(chunk_size=100):
        lines = trace.lines(one.trace_stream).filter(
            object_type=one._meta.label_lower,  # noqa: SLF001
            object_id=str(one.pk),
        )
        told = {line.verb: line for line in lines}
        written = told.get("document.written")
        print_ = policy.fingerprint(one.data)
        if written is None or print_ != written.data["fingerprint"] or print_ != one.data_sha256:
            text = _("%(stream)s : les données de %(what)s ne sont pas celles que la trace garde.")
            yield _fault(one, written, "document.written", "row_altered", text, one.number)
        yield from _file(one, told.get("document.issued"), one.file)
        seal = Seal.objects.filter(source=one.file).select_related("file").first()
        if seal is not None:
            yield from _file(one, told.get("document.sealed"), seal.file)


def _file(
    document: IssuedDocument, line: TraceLine | None, file: StoredFile | None
) -> Iterator[TraceFault]:
    if file is None:
        return
    if line is None or _sha256(file) != line.data["sha256"]:
        text = _("%(stream)s : le fichier %(what)s n’est pas celui que la trace garde.")
        yield _fault(document, line, "document.issued", "file_altered", text, file.name)


def _sha256(file: StoredFile) -> str:
    """Empty when the file is gone."""
    digest = hashlib.sha256()
    try:
        with file.content.open("rb") as content:
            while chunk := content.read(CHUNK):
                digest.update(chunk)
    except FileNotFoundError:
        return ""
    return digest.hexdigest()


def _fault(
    document: IssuedDocument,
    line: TraceLine | None,
    verb: str,
    nature: str,
    text: str,
    what: str,
) -> TraceFault:
    stream, position = document.trace_stream, line.position if line is not None else 0
    sentence = text % {"stream": stream, "what": what}
    return TraceFault(stream, position, line.verb if line else verb, nature, sentence)
