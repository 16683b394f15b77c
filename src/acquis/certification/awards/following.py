"""What other rooms do when a certificate is issued or revoked, in the same transaction.

A room above this one registers what it does as it starts; the room of documents knows none of them.
"""

from collections.abc import Callable
from datetime import datetime

from acquis.accounts.models import User
from acquis.certification.awards.models import IssuedDocument

# `follow(certificate, by, at)`; what it refuses or breaks stops the certificate as well.
Follower = Callable[[IssuedDocument, User, datetime], object]
_followers: list[Follower] = []
_of_revocations: list[Follower] = []


def follow_certificates(follower: Follower) -> Follower:
    """Call `follower` after each certificate; usable as a decorator."""
    _followers.append(follower)
    return follower


def certificate_issued(document: IssuedDocument, by: User, at: datetime) -> None:
    for follower in _followers:
        follower(document, by, at)


def follow_revocations(follower: Follower) -> Follower:
    """Call `follower` after each revocation, with the certificate that was revoked."""
    _of_revocations.append(follower)
    return follower


def certificate_revoked(document: IssuedDocument, by: User, at: datetime) -> None:
    for follower in _of_revocations:
        follower(document, by, at)
