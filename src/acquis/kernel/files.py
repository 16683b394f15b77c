"""Files kept by their content, checked by what they are and not by what they are called."""

import hashlib
import io
import zipfile
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal
from acquis.kernel.models import StoredFile

NAMES = {
    "application/pdf": "PDF",
    "text/html": "HTML",
    "text/markdown": "Markdown",
    "text/plain": "texte",
    "text/csv": "CSV",
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
}


class FileTooLarge(DomainRefusal):
    code = "files.too_large"
    message = _(
        "« %(name)s » dépasse la taille permise de %(limit)s Mo. Le fichier n'a pas été gardé."
    )


class FileEmpty(DomainRefusal):
    code = "files.empty"
    message = _("« %(name)s » est vide.")


class FileKindRefused(DomainRefusal):
    code = "files.kind_refused"
    message = _(
        "« %(name)s » n'est pas d'une nature acceptée ici (%(allowed)s). Le fichier n'a pas été gardé."
    )


def store(
    content: bytes, *, name: str, media_type: str, by: Any | None, at: datetime
) -> StoredFile:
    """Keep the bytes once: the same content gives back the same row."""
    digest = hashlib.sha256(content).hexdigest()
    existing = StoredFile.objects.filter(sha256=digest).first()
    if existing is not None:
        return existing
    stored = StoredFile(
        sha256=digest,
        name=name[-255:],
        media_type=media_type,
        size=len(content),
        stored_at=at,
        stored_by=by,
    )
    stored.content.save(digest, ContentFile(content), save=False)
    stored.save(force_insert=True)
    return stored


def read(stored: StoredFile) -> bytes:
    with stored.content.open("rb") as stream:
        return bytes(stream.read())


def media_type_of(content: bytes) -> str:
    """What the bytes are: by signature for binaries, by decoding and shape for texts."""
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"PK\x03\x04"):
        return _archive_type(content)
    if b"\x00" in content[:4096]:
        return "application/octet-stream"
    start = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "text/html"
    return "text/plain"


def _archive_type(content: bytes) -> str:
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except zipfile.BadZipFile:
        return "application/octet-stream"
    if "xl/workbook.xml" in names:
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return "application/zip"


def check_upload(file: UploadedFile, *, allowed: Collection[str]) -> str:
    """Return the real media type of an upload, or refuse it.

    A text may be Markdown or CSV when its name says so. Raises FileEmpty, FileTooLarge or
    FileKindRefused.
    """
    name = file.name or "fichier"
    if not file.size:
        raise FileEmpty(name=name)
    if file.size > settings.UPLOAD_MAX_BYTES:
        raise FileTooLarge(name=name, limit=settings.UPLOAD_MAX_BYTES // 1024 // 1024)
    file.seek(0)
    found = media_type_of(file.read())
    file.seek(0)
    if found == "text/plain":
        ending = name.rsplit(".", 1)[-1].lower()
        found = {"md": "text/markdown", "csv": "text/csv"}.get(ending, found)
    if found not in allowed:
        labels = ", ".join(sorted(NAMES.get(one, one) for one in allowed))
        raise FileKindRefused(name=name, allowed=labels)
    return found


def file_response(stored: StoredFile, *, inline: bool = False, name: str = "") -> FileResponse:
    """Serve a file that the caller has authorised; the browser runs nothing of it."""
    response = FileResponse(
        stored.content.open("rb"),
        as_attachment=not inline,
        filename=name or stored.name,
        content_type=stored.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
