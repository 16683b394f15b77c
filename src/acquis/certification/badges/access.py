"""Who takes a badge away: its holder, and whoever issues the documents of its session."""

from django.http import Http404

from acquis.accounts.access import may
from acquis.accounts.models import Organisation, User
from acquis.accounts.verbs import Verb
from acquis.certification.awards import access as awards
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.badges import queries
from acquis.certification.badges.errors import BadgeNotSigned, BadgeRevoked
from acquis.certification.badges.models import Badge


def own_certificate(user: User, document_id: int) -> IssuedDocument:
    """A candidate's own certificate."""
    return _certificate(awards.own_document(user, document_id))


def issued_certificate(user: User, document_id: int) -> IssuedDocument:
    """A certificate of a session for which this person issues documents."""
    return _certificate(awards.issuing_document(user, document_id))


def badge_to_take(certificate: IssuedDocument) -> Badge:
    """Raises BadgeNotSigned while it is not made, BadgeRevoked once it no longer holds."""
    badge = queries.badge_for(certificate)
    if badge is None:
        raise BadgeNotSigned
    if badge.revoked_at is not None:
        raise BadgeRevoked
    return badge


def keys_of_body(user: User, organisation: Organisation) -> Organisation:
    """The certifying body in whose name this person acts, when they hold its keys."""
    if not may(user, Verb.AWARD_REVOKE, organisation=organisation):
        raise Http404
    return organisation


def _certificate(document: IssuedDocument) -> IssuedDocument:
    issued = document.state == IssuedDocument.State.ISSUED
    if document.kind != IssuedDocument.Kind.CERTIFICATE or not issued:
        raise Http404
    return document
