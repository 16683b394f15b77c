"""Certificates of tests and a small PDF to seal."""

from datetime import datetime, timedelta
from functools import cache

import typst
from django.utils import timezone

from acquis.accounts.models import Organisation
from acquis.certification.seals import keys
from acquis.certification.seals.actions.load_certificate import load_certificate
from acquis.certification.seals.models import SealingCertificate
from acquis.kernel import pdf
from tests.factories.grading import AT

NAME = "Centre Horizon"
PASSWORD = "mot de passe du fichier"


@cache
def identity(name: str = NAME, *, at: datetime = AT, days: int = 700) -> keys.Identity:
    """Made once a run: in force from the day of the tests' sessions, and on the real day."""
    begins = min(at, timezone.now()) if at is AT else at
    return keys.make_test_identity(name, at=begins, lasts=timedelta(days=days))


def loaded(organisation: Organisation) -> SealingCertificate:
    return load_certificate(organisation=organisation, identity=identity(), by=None, at=AT)


@cache
def plain_pdf() -> bytes:
    """Two pages as the product makes them: PDF/A-3a and PDF/UA-1."""
    source = """#set document(title: "Page", date: datetime(year: 2026, month: 11, day: 20))
#set text(lang: "fr", font: "DejaVu Sans Mono")
= Une page
Bonjour.
#pagebreak()
Au revoir."""
    made = typst.compile(
        source.encode(), font_paths=[str(pdf.FONTS)], pdf_standards=[*pdf.STANDARD]
    )
    assert isinstance(made, bytes)
    return made
