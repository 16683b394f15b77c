"""Documents as PDF, through their Typst templates."""

import io
from typing import Any

from django.utils import timezone, translation

from acquis.certification.awards import wording
from acquis.certification.awards.models import METHODS, IssuedDocument
from acquis.kernel import pdf

TEMPLATES = {
    IssuedDocument.Kind.PV: "awards/pv.typ",
    IssuedDocument.Kind.RESULT_SHEET: "awards/result_sheet.typ",
    IssuedDocument.Kind.CERTIFICATE: "awards/certificate.typ",
    IssuedDocument.Kind.BOOKLET: "awards/booklet.typ",
}


def pdf_of(document: IssuedDocument, *, draft: bool = False) -> bytes:
    """The document as it prints; a draft says on each page that it is not signed yet."""
    written = timezone.localtime(document.written_at)
    with translation.override("fr"):
        methods = {name: str(label) for name, label in METHODS.items()}
    printed: dict[str, Any] = document.data | {
        "draft": draft,
        "dated": [written.year, written.month, written.day],
        "fingerprint": document.data_sha256,
        "signatures": [
            {
                "name": one.name,
                "quality": one.get_quality_display(),
                "at": wording.moment(one.signed_at),
                "fingerprint": one.data_sha256,
                "method": methods.get(one.method, ""),
            }
            for one in document.signatures.order_by("signed_at", "pk")
        ],
    }
    if document.kind == IssuedDocument.Kind.CERTIFICATE:
        printed["qr"] = _qr(str(document.data["address"]))
    return pdf.render(TEMPLATES[IssuedDocument.Kind(document.kind)], printed)


def _qr(text: str) -> str:
    from qrcode import make  # noqa: PLC0415  heavy: only certificates need it
    from qrcode.image.svg import SvgPathImage  # noqa: PLC0415

    buffer = io.BytesIO()
    image = make(text, image_factory=SvgPathImage, border=0)
    image.save(buffer)
    return buffer.getvalue().decode()
