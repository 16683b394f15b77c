"""A pack as PDF: in French, whatever the language of who orders it."""

from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import slugify

from acquis.certification.awards.policy import fingerprint
from acquis.certification.council import presentation
from acquis.certification.council.models import CouncilPack
from acquis.kernel import pdf
from acquis.kernel.typography import french, number


def file_name(pack: CouncilPack, form: str) -> str:
    """« conseil-tp-00483-2026-1.pdf »."""
    return f"conseil-{slugify(pack.framework.code)}-{pack.year}-{pack.number}.{form}"


def pdf_of(pack: CouncilPack, data: dict[str, Any]) -> bytes:
    """Raises PdfFailed."""
    at = timezone.localtime(pack.as_of)
    with translation.override("fr"):
        return pdf.render(
            "council/pack.typ",
            {
                "title": presentation.title(pack),
                "year": pack.year,
                "number": pack.number,
                "issuer": pack.organisation.name,
                "dated": [at.year, at.month, at.day],
                "certification": {
                    "title": pack.framework.title,
                    "code": pack.framework.code,
                },
                "as_of": date_format(at, "j F Y à H:i"),
                "fingerprint": fingerprint(data),
                "counts": [
                    [label, number(now), number(before)]
                    for label, now, before in presentation.counts(data)
                ],
                "warnings": [french(one) for one in presentation.warnings(data)],
                "sections": presentation.shown(data),
            },
        )
