"""Files kept by their content, checked by what they are and not by what they are called."""

import hashlib
import io
import zipfile
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from acquis.kernel.errors import DomainRefusal
from acquis.kernel.models import StoredFile

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPEN_TEXT = "application/vnd.oasis.opendocument.text"
WORD_TEXT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OPEN_SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OPEN_SLIDES = "application/vnd.oasis.opendocument.presentation"
NAMES = {
    "application/pdf": "PDF",
    "text/html": "HTML",
    "text/markdown": "Markdown",
    "text/plain": "texte",
    "text/csv": "CSV",
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    SPREADSHEET: "XLSX",
    OPEN_SPREADSHEET: "ODS",
    OPEN_TEXT: "ODT",
    WORD_TEXT: "DOCX",
    SLIDES: "PPTX",
    OPEN_SLIDES: "ODP",
    "audio/wav": "WAV",
    "audio/mpeg": "MP3",
    "audio/ogg": "Ogg",
    "audio/webm": "WebM",
}


ARCHIVE = "application/zip"
SIGNATURES = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"PK\x03\x04": ARCHIVE,
}
CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1a") + b"\x7f"
CP1252_HOLES = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")  # bytes that cp1252 leaves unused


class FileTooLarge(DomainRefusal):
    code = "files.too_large"
    message = _(
        "« %(name)s » dépasse la taille permise de %(limit)s Mo. Le fichier n’a pas été gardé."
    )


class FileEmpty(DomainRefusal):
    code = "files.empty"
    message = _("« %(name)s » est vide.")


class FileKindRefused(DomainRefusal):
    code = "files.kind_refused"
    message = _(
        "« %(name)s » n’est pas d’une nature acceptée ici (%(allowed)s). "
        "Le fichier n’a pas été gardé."
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
    try:
        with transaction.atomic():
            stored.save(force_insert=True)
    except IntegrityError:  # the same content was being kept at the same instant
        stored.content.delete(save=False)
        return StoredFile.objects.get(sha256=digest)
    return stored


def store_file(file: "File[bytes]", *, media_type: str, by: Any | None, at: datetime) -> StoredFile:
    """Keep a large file once, brought or made, without ever holding all of it in memory."""
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    key = digest.hexdigest()
    existing = StoredFile.objects.filter(sha256=key).first()
    if existing is not None:
        return existing
    file.seek(0)
    stored = StoredFile(
        sha256=key,
        name=(file.name or "fichier")[-255:],
        media_type=media_type,
        size=file.size or 0,
        stored_at=at,
        stored_by=by,
    )
    stored.content.save(key, file, save=False)
    try:
        with transaction.atomic():
            stored.save(force_insert=True)
    except IntegrityError:  # the same content was being kept at the same instant
        stored.content.delete(save=False)
        return StoredFile.objects.get(sha256=key)
    return stored


def read(stored: StoredFile) -> bytes:
    with stored.content.open("rb") as stream:
        return bytes(stream.read())


def forget(stored: StoredFile | None) -> bool:
    """Delete a file for good, unless another row holds it; returns whether it is gone.

    The bytes go once the act is committed.
    """
    if stored is None:
        return False
    try:
        with transaction.atomic():
            stored.delete()
    except ProtectedError:
        return False
    name, storage = str(stored.content.name), stored.content.storage
    transaction.on_commit(lambda: storage.delete(name))
    return True


def media_type_of(content: bytes) -> str:
    """What the bytes are: by signature for binaries, by decoding and shape for texts."""
    signed = next((kind for start, kind in SIGNATURES.items() if content.startswith(start)), None)
    if signed == ARCHIVE:
        return _archive_type(content)
    if signed is not None:
        return signed
    if not _reads_as_text(content):
        return "application/octet-stream"
    start = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "text/html" if start.startswith((b"<!doctype html", b"<html")) else "text/plain"


def _reads_as_text(content: bytes) -> bool:
    """Text holds no control characters but line ends, tabs and form feeds; old files are cp1252."""
    if content.translate(None, delete=CONTROLS) != content:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return not any(byte in content for byte in CP1252_HOLES)
    return True


def _archive_type(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            said = _said_type(archive) if "mimetype" in names else ""
    except zipfile.BadZipFile:
        return "application/octet-stream"
    if "xl/workbook.xml" in names:
        return SPREADSHEET
    if "word/document.xml" in names:
        return WORD_TEXT
    if "ppt/presentation.xml" in names:
        return SLIDES
    if said in {OPEN_SPREADSHEET, OPEN_TEXT, OPEN_SLIDES} and "content.xml" in names:
        return said
    return ARCHIVE


def _said_type(archive: zipfile.ZipFile) -> str:
    """What an OpenDocument file says it is, in its first member, which is short."""
    with archive.open("mimetype") as member:
        return member.read(100).decode("ascii", errors="replace").strip()


def check_upload(file: "UploadedFile[bytes]", *, allowed: Collection[str]) -> str:
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
    _harm_nobody(response)
    return response


def content_response(
    content: bytes, *, name: str, media_type: str, inline: bool = False
) -> HttpResponse:
    """Serve bytes that are written nowhere in clear, as `file_response` serves a file."""
    response = HttpResponse(content, content_type=media_type)
    disposition = content_disposition_header(not inline, name)
    if disposition:
        response["Content-Disposition"] = disposition
    _harm_nobody(response)
    return response


def _harm_nobody(response: HttpResponseBase) -> None:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
