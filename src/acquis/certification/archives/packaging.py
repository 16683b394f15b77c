"""One signed package that a stranger checks with public tools: BagIt (RFC 8493) in a ZIP.

Written piece by piece to a file on disk; docs/archives.md says how it is checked.
"""

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from django.template.loader import render_to_string

from acquis.certification.archives.contributing import Piece
from acquis.certification.archives.signing import Signer
from acquis.kernel.models import StoredFile

CHUNK = 1024 * 1024
MANIFEST, TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
README = "LISEZMOI.txt"
BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


@dataclass(frozen=True, slots=True)
class Packed:
    pieces: int
    size: int  # bytes of the pieces


def write_package(
    target: IO[bytes],
    *,
    name: str,
    found: Iterable[Piece],
    about: dict[str, str],
    signer: Signer,
    at: datetime,
    told: Callable[[int, str], None] = lambda _done, _path: None,
) -> Packed:
    """Write the ZIP into `target`, an open file. `about` are the lines of bag-info.txt, in order.

    A path that comes twice is written once, the first time.
    """
    stamp = at.timetuple()[:6]
    manifest: dict[str, str] = {}
    size = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        for piece in found:
            path = f"data/{piece.path}"
            if path in manifest:
                continue
            manifest[path], length = _write(
                archive, f"{name}/{path}", _chunks(piece.content), stamp
            )
            size += length
            told(len(manifest), piece.path)
        told(len(manifest), TAGS)
        info = about | {"Payload-Oxum": f"{size}.{len(manifest)}"}
        tags = {
            "bagit.txt": BAGIT,
            "bag-info.txt": "".join(f"{key}: {value}\n" for key, value in info.items()).encode(),
            MANIFEST: listing(manifest),
            README: _readme(name, signer, about).encode(),
            **signer.published(),
        }
        prints = {
            path: _write(archive, f"{name}/{path}", iter([content]), stamp)[0]
            for path, content in tags.items()
        }
        listed = listing(prints)
        _write(archive, f"{name}/{TAGS}", iter([listed]), stamp)
        _write(archive, f"{name}/{TAGS}{signer.ending}", iter([signer.sign(listed)]), stamp)
    return Packed(len(manifest), size)


def listing(prints: dict[str, str]) -> bytes:
    """As `sha256sum` writes and reads it."""
    return "".join(f"{sha256}  {path}\n" for path, sha256 in sorted(prints.items())).encode()


def _write(
    archive: zipfile.ZipFile, path: str, chunks: Iterator[bytes], stamp: tuple[int, ...]
) -> tuple[str, int]:
    """Write one entry as it comes; gives its SHA-256 and its length."""
    entry = zipfile.ZipInfo(path, date_time=stamp)  # type: ignore[arg-type]
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    digest, length = hashlib.sha256(), 0
    with archive.open(entry, "w", force_zip64=True) as out:
        for chunk in chunks:
            digest.update(chunk)
            length += len(chunk)
            out.write(chunk)
    return digest.hexdigest(), length


def _chunks(content: bytes | StoredFile) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.content.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _readme(name: str, signer: Signer, about: dict[str, str]) -> str:
    return render_to_string(
        "archives/readme.txt", {"name": name, "signer": signer, "about": about, "tags": TAGS}
    )
