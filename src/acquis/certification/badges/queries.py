import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet

from acquis.accounts.models import Organisation
from acquis.certification.awards.models import IssuedDocument
from acquis.certification.badges import keys
from acquis.certification.badges.models import Badge, BadgeKey

Kind, State = IssuedDocument.Kind, IssuedDocument.State


def without_badge() -> QuerySet[IssuedDocument]:
    """Certificates that hold and have no badge."""
    return IssuedDocument.objects.filter(
        kind=Kind.CERTIFICATE,
        state=State.ISSUED,
        badge__isnull=True,
        revocation__isnull=True,
        corrections__isnull=True,
    ).order_by("pk")


def every_badge() -> QuerySet[Badge]:
    return Badge.objects.select_related(
        "certificate__revocation", "rsa_key", "ed25519_key"
    ).prefetch_related("certificate__corrections")


def badge_for(certificate: IssuedDocument) -> Badge | None:
    """The badge of a certificate, once it is signed."""
    return every_badge().filter(certificate=certificate).first()


def badge_of(identifier: str) -> Badge | None:
    """The badge that a credential's id names."""
    return every_badge().filter(uuid=uuid_of(identifier)).first() if uuid_of(identifier) else None


def uuid_of(identifier: str) -> str:
    """The UUID of `urn:uuid:…`, or nothing for another identifier."""
    prefix, _, rest = identifier.rpartition(":")
    plain = rest.replace("-", "")
    fits = prefix == "urn:uuid" and len(plain) == 32 and plain.isalnum() and plain.isascii()
    return rest if fits and all(letter in "0123456789abcdef" for letter in plain) else ""


def key_documents(issuer: str = "") -> list[dict[str, Any]]:
    """The published documents of every issuer of this house, one an address, or of this one."""
    found: dict[str, list[BadgeKey]] = {}
    only = {"issuer": issuer} if issuer else {}
    for key in BadgeKey.objects.filter(**only).select_related("organisation"):
        found.setdefault(key.issuer, []).append(key)
    return [
        keys.controller_document(issuer, every[0].organisation.name, every)
        for issuer, every in found.items()
    ]


def key_document(organisation: Organisation) -> dict[str, Any]:
    """The published document of the address that a body has now."""
    issuer = keys.issuer_address(organisation)
    return keys.controller_document(issuer, organisation.name, keys_of(issuer))


def signed_by_key(organisation: Organisation) -> Counter[int]:
    """How many badges each key of a body has signed."""
    found: Counter[int] = Counter()
    rows = (
        Badge.objects.filter(rsa_key__organisation=organisation)
        .order_by()
        .values_list("rsa_key", "ed25519_key")
        .annotate(Count("pk"))
    )
    for rsa, ed25519, count in rows:
        found.update({rsa: count, ed25519: count})
    return found


def keys_of(issuer: str) -> QuerySet[BadgeKey]:
    return BadgeKey.objects.filter(issuer=issuer)


def revocation_list(issuer: str) -> dict[str, Any]:
    """The list of an issuer (1EdTech Revocation List Status Method 1.0); the reason is the public one."""
    return _list(issuer, Badge.objects.filter(rsa_key__issuer=issuer, revoked_at__isnull=False))


def revocation_of(badge: Badge) -> dict[str, Any]:
    """The list of its issuer, as far as one badge goes."""
    return _list(badge.issuer, [badge] if badge.revoked_at is not None else [])


def _list(issuer: str, revoked: Iterable[Badge]) -> dict[str, Any]:
    return {
        "id": f"{issuer}revocations/",
        "issuer": issuer,
        "revokedCredential": [
            {
                "id": badge.identifier,
                "revoked": True,
                "revocationReason": str(badge.get_revocation_reason_display()),
            }
            for badge in revoked
        ],
    }


def revocation_lists() -> list[dict[str, Any]]:
    issuers: Iterable[str] = BadgeKey.objects.values_list("issuer", flat=True).distinct()
    return [revocation_list(issuer) for issuer in sorted(set(issuers))]


def credential_of(badge: Badge) -> dict[str, Any]:
    """The credential of a kept badge, without its proof, as its text says it."""
    found: dict[str, Any] = json.loads(badge.json_ld)
    return {name: value for name, value in found.items() if name != "proof"}
