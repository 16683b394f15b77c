"""Reading the seals of a PDF: whose they are, which bytes they cover, whether these still hold."""

import io
import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

# An unknown authority is an answer here, which the report gives: not a line of the server's log.
logging.getLogger("pyhanko.sign.validation").setLevel(logging.CRITICAL)

STRETCHES = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
Ranges = tuple[tuple[int, int], ...]


class Verdict(StrEnum):
    VALID = "valid"  # whole, by a certificate that is known, in force when it sealed
    UNKNOWN = "unknown"  # whole, by a certificate that nobody here vouches for
    NOT_IN_FORCE = "not_in_force"  # whole, sealed outside the certificate's own time
    ALTERED = "altered"  # a covered byte, or the seal itself, is not what was sealed
    APPENDED = "appended"  # something was added behind what the seal covers
    UNSEALED = "unsealed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Holder:
    """The certificate that a seal shows."""

    subject: str
    issuer: str
    serial: str  # in hexadecimal
    sha256: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What one seal says, or that there is none to read.

    `covered` are first and last byte of each stretch that the seal covers, from 0; `digest` is the
    fingerprint that it says of them, in hexadecimal, by which a kept copy is found.
    """

    verdict: Verdict
    size: int
    holder: Holder | None = None
    signed_at: datetime | None = None
    covered: Ranges = ()
    digest: str = ""

    @property
    def is_valid(self) -> bool:
        return self.verdict == Verdict.VALID

    def expired_on(self, now: datetime) -> bool:
        return self.holder is not None and now > self.holder.not_after


def check_pdf(content: bytes, *, roots: Iterable[bytes]) -> list[Report]:
    """A report for each seal, in their order; one that says so when there is none.

    `roots` are the certificates (DER) under which a seal is taken for known. Nothing is fetched
    from the network, so that a revocation is not seen.
    """
    try:
        found: Sequence[EmbeddedPdfSignature] = PdfFileReader(
            io.BytesIO(content), strict=False
        ).embedded_signatures
        reports = [_read(one, content, list(roots)) for one in found]
    except Exception:  # noqa: BLE001  a file from outside may be broken in any way
        return [_broken(content, Verdict.UNREADABLE)]
    return reports or [_broken(content, Verdict.UNSEALED)]


def _broken(content: bytes, otherwise: Verdict) -> Report:
    """A seal that stands in the bytes and that no reader finds was broken; else there is none."""
    found = STRETCHES.search(content)
    if found is None:
        return Report(otherwise, len(content))
    first, length, second, rest = (int(one) for one in found.groups())
    covered = ((first, first + length - 1), (second, second + rest - 1))
    return Report(Verdict.ALTERED, len(content), covered=covered)


def _read(embedded: EmbeddedPdfSignature, content: bytes, roots: list[bytes]) -> Report:
    first, length, second, rest = (int(one) for one in embedded.byte_range)
    holder = _holder(embedded.signer_cert)
    signed_at = embedded.self_reported_timestamp
    return Report(
        verdict=_verdict(embedded, holder, signed_at, roots),
        size=len(content),
        holder=holder,
        signed_at=signed_at,
        covered=((first, first + length - 1), (second, second + rest - 1)),
        digest=_digest(embedded),
    )


def _verdict(
    embedded: EmbeddedPdfSignature,
    holder: Holder,
    signed_at: datetime | None,
    roots: list[bytes],
) -> Verdict:
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(one) for one in roots],
        moment=signed_at,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    status = validate_pdf_signature(embedded, context, skip_diff=True)
    if not status.intact or not status.valid:
        return Verdict.ALTERED
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        return Verdict.APPENDED
    if signed_at is None or not holder.not_before <= signed_at <= holder.not_after:
        return Verdict.NOT_IN_FORCE
    return Verdict.VALID if status.trusted else Verdict.UNKNOWN


def _holder(certificate: asn1_x509.Certificate) -> Holder:
    return Holder(
        subject=certificate.subject.human_friendly,
        issuer=certificate.issuer.human_friendly,
        serial=f"{certificate.serial_number:x}",
        sha256=certificate.sha256.hex(),
        not_before=certificate.not_valid_before,
        not_after=certificate.not_valid_after,
    )


def _digest(embedded: EmbeddedPdfSignature) -> str:
    for attribute in embedded.signer_info["signed_attrs"]:
        if attribute["type"].native == "message_digest":
            return bytes(attribute["values"][0].native).hex()
    return ""
