"""Certificates and their badges."""

from acquis.certification.awards.models import IssuedDocument
from acquis.certification.badges.actions import issue_badge
from acquis.certification.badges.models import Badge
from tests.factories import awards, grading


def certificate() -> IssuedDocument:
    """The certificate of the one admitted candidate of a session."""
    session = awards.deliberated_session(passed=(True,))
    awards.issued(session)
    return IssuedDocument.objects.get(session=session, kind=IssuedDocument.Kind.CERTIFICATE)


def badge(of: IssuedDocument | None = None) -> Badge:
    return issue_badge(certificate=of or certificate(), by=None, at=grading.AT)
