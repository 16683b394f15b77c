import contextlib
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from acquis.kernel import files
from acquis.kernel.files import FileEmpty, FileKindRefused, FileTooLarge
from acquis.kernel.models import StoredFile

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def upload(name, content):
    return SimpleUploadedFile(name, content)


def archive(*names):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "application/pdf"),
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"  <!DOCTYPE html><p>", "text/html"),
        ("Référentiel\r\n\tœuvre".encode(), "text/plain"),
        ("Référentiel".encode("cp1252"), "text/plain"),
        (b"\x7fELF\x02\x01\x01", "application/octet-stream"),
        (b"abc\x81\x8d", "application/octet-stream"),
        (archive("xl/workbook.xml"), files.SPREADSHEET),
        (archive("evil.exe"), "application/zip"),
        (b"PK\x03\x04 cut", "application/octet-stream"),
    ],
)
def test_media_type_is_told_by_the_bytes(content, kind):
    assert files.media_type_of(content) == kind


def test_upload_that_lies_by_its_name_is_refused():
    with pytest.raises(FileKindRefused) as refusal:
        files.check_upload(upload("cv.pdf", PNG), allowed={"application/pdf"})
    assert "« cv.pdf »" in str(refusal.value)
    assert "PDF" in str(refusal.value)


def test_program_named_as_text_is_refused():
    with pytest.raises(FileKindRefused):
        files.check_upload(upload("notes.txt", b"MZ\x90\x00\x03"), allowed={"text/plain"})


def test_empty_upload_is_refused():
    with pytest.raises(FileEmpty):
        files.check_upload(upload("vide.pdf", b""), allowed={"application/pdf"})


def test_upload_beyond_the_limit_is_refused(settings):
    settings.UPLOAD_MAX_BYTES = 10
    with pytest.raises(FileTooLarge):
        files.check_upload(upload("gros.pdf", PDF), allowed={"application/pdf"})


def test_accepted_upload_can_still_be_read():
    file = upload("notes.md", b"# Titre")
    assert files.check_upload(file, allowed={"text/markdown"}) == "text/markdown"
    assert file.read() == b"# Titre"


@pytest.mark.django_db
def test_same_bytes_are_kept_once(now):
    first = files.store(PDF, name="a.pdf", media_type="application/pdf", by=None, at=now)
    again = files.store(PDF, name="b.pdf", media_type="application/pdf", by=None, at=now)
    assert first == again
    assert StoredFile.objects.count() == 1
    with first.open() as stream:
        assert stream.read() == PDF


@pytest.mark.django_db
def test_served_file_can_run_nothing(now):
    stored = files.store(b"<script>", name="é.html", media_type="text/html", by=None, at=now)
    response = files.file_response(stored, inline=True)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"".join(response.streaming_content) == b"<script>"
    response.close()


@pytest.mark.django_db
def test_file_is_downloaded_unless_it_is_asked_inline(now):
    stored = files.store(PDF, name="pv.pdf", media_type="application/pdf", by=None, at=now)
    with contextlib.closing(files.file_response(stored)) as response:
        assert response["Content-Disposition"] == 'attachment; filename="pv.pdf"'
