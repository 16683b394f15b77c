"""Checking a package again: each piece, the manifests, the signature; what does not hold is named."""

import asyncio
import hashlib
import logging
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from pyhanko.sign.validation import async_validate_detached_cms
from pyhanko_certvalidator import ValidationContext

from acquis.certification.archives.packaging import CHUNK, MANIFEST, TAGS
from acquis.certification.archives.signing import PUBLIC_KEY

logging.getLogger("pyhanko.sign.validation").setLevel(logging.CRITICAL)

# What `zipfile` raises for one entry: its bytes changed, it ends early, or – NotImplementedError – its
# header names a way of packing that nobody knows. A changed byte of the header is a fault of that entry
# like any other.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not hold: `nature` is unreadable, altered, missing, added, unsigned, signature."""

    nature: str
    path: str


@dataclass(frozen=True, slots=True)
class Checked:
    """`signer` is empty where nothing valid signs; `known` says whether this house vouches for it."""

    pieces: int
    faults: tuple[Fault, ...]
    signer: str = ""
    known: bool = False


def check_package(path: Path, *, roots: Iterable[bytes], house_keys: Iterable[str]) -> Checked:
    """Read a package once, piece by piece. `roots` are DER, `house_keys` PEM."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _check(archive, list(roots), set(house_keys))
    except (zipfile.BadZipFile, OSError, UnicodeDecodeError, EOFError):
        return Checked(0, (Fault("unreadable", path.name),))


def _check(archive: zipfile.ZipFile, roots: list[bytes], house_keys: set[str]) -> Checked:
    names = {one.partition("/")[2]: one for one in archive.namelist() if not one.endswith("/")}
    faults: list[Fault] = []
    manifest = _listed(archive, names.get(MANIFEST))
    tags = _listed(archive, names.get(TAGS))
    faults += _compare(archive, names, manifest | tags)
    signed = {f"{TAGS}.p7s", f"{TAGS}.sig"}
    unlisted = set(names) - set(manifest) - set(tags) - signed - {TAGS}
    faults += [Fault("added", one) for one in sorted(unlisted)]
    faults += [Fault("missing", one) for one in (MANIFEST, TAGS) if one not in names]
    signer, known = _signer(archive, names, roots, house_keys)
    if not signed & set(names):
        faults.append(Fault("unsigned", TAGS))
    elif not signer:
        faults.append(Fault("signature", TAGS))
    return Checked(len(manifest), tuple(faults), signer, known)


def _listed(archive: zipfile.ZipFile, name: str | None) -> dict[str, str]:
    if name is None:
        return {}
    try:
        text = archive.read(name).decode()
    except _BROKEN:
        return {}
    rows = (line.partition("  ") for line in text.splitlines())
    return {path: sha256 for sha256, _gap, path in rows}


def _compare(
    archive: zipfile.ZipFile, names: dict[str, str], listed: dict[str, str]
) -> Iterator[Fault]:
    for path, sha256 in sorted(listed.items()):
        if path not in names:
            yield Fault("missing", path)
        elif _sha256(archive, names[path]) != sha256:
            yield Fault("altered", path)


def _sha256(archive: zipfile.ZipFile, name: str) -> str:
    """Empty when the entry itself is broken."""
    digest = hashlib.sha256()
    try:
        with archive.open(name) as stream:
            _feed(digest.update, stream)
    except _BROKEN:
        return ""
    return digest.hexdigest()


def _feed(update: Callable[[bytes], object], stream: IO[bytes]) -> None:
    while chunk := stream.read(CHUNK):
        update(chunk)


def _signer(
    archive: zipfile.ZipFile, names: dict[str, str], roots: list[bytes], house_keys: set[str]
) -> tuple[str, bool]:
    """Whose signature holds, and whether it is known; empty when none does."""
    try:
        content = archive.read(names[TAGS])
        if f"{TAGS}.p7s" in names:
            return _by_certificate(archive.read(names[f"{TAGS}.p7s"]), content, roots)
        public = archive.read(names[PUBLIC_KEY]).decode()
        key = load_pem_public_key(public.encode())
        if not isinstance(key, Ed25519PublicKey):
            return "", False
        key.verify(archive.read(names[f"{TAGS}.sig"]), content)
    except (KeyError, ValueError, InvalidSignature, zipfile.BadZipFile):
        return "", False
    return "Ed25519", public in house_keys


def _by_certificate(signature: bytes, content: bytes, roots: list[bytes]) -> tuple[str, bool]:
    signed = cms.ContentInfo.load(signature)["content"]
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(one) for one in roots],
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    status = asyncio.run(
        async_validate_detached_cms(content, signed, signer_validation_context=context)
    )
    if not (status.intact and status.valid):
        return "", False
    return str(status.signing_cert.subject.human_friendly), bool(status.trusted)
