"""The seals that a PDF holds, as pyHanko reads them: imported by `checking` when a PDF is checked."""

import io
import logging
from collections.abc import Sequence
from datetime import datetime

from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from acquis.certification.seals.checking import Holder, Report, Verdict

# An unknown authority is an answer here, which the report gives: not a line of the server's log.
logging.getLogger("pyhanko.sign.validation").setLevel(logging.CRITICAL)


def read_seals(content: bytes, roots: list[bytes]) -> list[Report]:
    """A report for each seal that a reader finds, in their order. Raises what the file makes pyHanko raise."""
    found: Sequence[EmbeddedPdfSignature] = PdfFileReader(
        io.BytesIO(content), strict=False
    ).embedded_signatures
    return [_read(one, content, roots) for one in found]


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
