import json
import secrets
import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from acquis.certification.awards.models import IssuedDocument
from acquis.certification.badges import credentials, integrity, keys, queries, vcjwt
from acquis.certification.badges.actions.keys import keys_in_force
from acquis.certification.badges.errors import NoBadge
from acquis.certification.badges.models import Badge
from acquis.kernel import trace

SALT_BYTES = 16


@transaction.atomic
def issue_badge(*, certificate: IssuedDocument, by: Any | None, at: datetime) -> Badge:
    """Sign the badge of a certificate that holds, once; a second call gives the first back.

    Raises NoBadge for what is no issued certificate, or is replaced or revoked.
    """
    certificate = (
        IssuedDocument.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=certificate.pk)
    )
    existing = Badge.objects.filter(certificate=certificate).first()
    if existing is not None:
        return existing
    if not queries.without_badge().filter(pk=certificate.pk).exists():
        raise NoBadge
    pair = keys_in_force(organisation=certificate.organisation, by=by, at=at)
    facts = credentials.Facts(
        issuer=pair.rsa.issuer,
        identifier=uuid.uuid4(),
        salt=secrets.token_hex(SALT_BYTES),
        at=at,
    )
    told = credentials.credential(certificate.data, facts)
    signed = integrity.prove(
        told, key=keys.ed25519_private(pair.ed25519), method=pair.ed25519.address, at=at
    )
    badge = Badge.objects.create(
        certificate=certificate,
        uuid=facts.identifier,
        rsa_key=pair.rsa,
        ed25519_key=pair.ed25519,
        achievement=credentials.achievement_place(certificate.data),
        salt=facts.salt,
        jwt=vcjwt.write(told, key=keys.rsa_private(pair.rsa), kid=pair.rsa.address),
        json_ld=json.dumps(signed, ensure_ascii=False, indent=2),
        issued_at=at,
    )
    trace.record(
        "badge.issued",
        badge,
        by=by,
        at=at,
        certificate=certificate.number,
        uuid=str(badge.uuid),
        keys=[pair.rsa.name, pair.ed25519.name],
    )
    return badge


def issue_missing(*, session_id: int, by: Any | None, at: datetime) -> list[Badge]:
    """The badges that the certificates of a session still wait for, each in its own transaction."""
    waiting = queries.without_badge().filter(session=session_id)
    return [issue_badge(certificate=one, by=by, at=at) for one in waiting]
