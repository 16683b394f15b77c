"""Whether the badges kept here are what was signed, and what their certificates say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from acquis.certification.badges import checking, credentials, queries
from acquis.certification.badges.checking import Fault, Known, Nature
from acquis.certification.badges.models import Badge

JWT, JSON_LD, ROW = "VC-JWT", "JSON-LD", "certificat"


@dataclass(frozen=True)
class Finding:
    """`form` is the text that does not hold, or the certificate that says otherwise."""

    badge: Badge
    form: str
    fault: Fault


def house() -> Known:
    """The keys, the lists and the badges of this house: one that it does not keep does not hold."""
    return checking.known(
        queries.key_documents(),
        queries.revocation_lists(),
        lambda identifier: (
            rebuilt(badge) if (badge := queries.badge_of(identifier)) is not None else None
        ),
        only_kept=True,
    )


def rebuilt(badge: Badge) -> dict[str, object]:
    """The credential that the certificate of a badge gives."""
    facts = credentials.Facts(badge.issuer, badge.uuid, badge.salt, badge.issued_at)
    return credentials.credential(badge.certificate.data, facts)


def audit(now: datetime) -> Iterator[Finding]:
    """All that does not hold, badge after badge: a revocation is no fault, one that lacks is."""
    by = house()
    for badge in queries.every_badge().iterator(chunk_size=200):
        yield from audit_badge(badge, by, now)


def audit_badge(badge: Badge, by: Known, now: datetime) -> Iterator[Finding]:
    for form, text in ((JWT, badge.jwt), (JSON_LD, badge.json_ld)):
        checked = checking.check(text.encode(), by=by, now=now)
        for fault in checked.faults:
            if fault.nature not in {Nature.REVOKED, Nature.ALTERED}:
                yield Finding(badge, form, fault)
        if checked.credential:
            for path in credentials.changed(checked.credential, rebuilt(badge)):
                yield Finding(badge, form, Fault(Nature.ALTERED, path))
    certificate = badge.certificate
    ended = certificate.revoked is not None or bool(certificate.corrections.all())
    if ended != (badge.revoked_at is not None):
        yield Finding(badge, ROW, Fault(Nature.REVOKED))
