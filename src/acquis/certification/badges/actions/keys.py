from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from acquis.accounts.models import Organisation
from acquis.certification.badges import keys
from acquis.certification.badges.errors import RenewalReasonMissing
from acquis.certification.badges.models import BadgeKey
from acquis.kernel import crypto, trace

Kind = BadgeKey.Kind
ADDRESS_CHANGED = (
    "L’adresse publique de l’émetteur a changé."  # kept as it is, as a person's words are
)


@dataclass(frozen=True)
class Pair:
    rsa: BadgeKey
    ed25519: BadgeKey


@transaction.atomic
def keys_in_force(*, organisation: Organisation, by: Any | None, at: datetime) -> Pair:
    """The two keys that sign now, made when first needed.

    A body whose public address changed signs with new keys: a key belongs to one issuer's address.
    """
    pair = _pair(organisation)
    if pair is not None:
        return pair
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    # Meanwhile another process may have made them.
    return _pair(organisation) or _renew(organisation, ADDRESS_CHANGED, by, at)


@transaction.atomic
def renew_keys(*, organisation: Organisation, reason: str, by: Any | None, at: datetime) -> Pair:
    """Sign with new keys from now on; the former stay published and what they signed still holds.

    Raises RenewalReasonMissing.
    """
    if not reason.strip():
        raise RenewalReasonMissing
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    return _renew(organisation, reason.strip(), by, at)


def _pair(organisation: Organisation) -> Pair | None:
    """The two keys that sign, both for the address that the issuer has now."""
    found = {
        key.kind: key
        for key in BadgeKey.objects.filter(
            organisation=organisation,
            issuer=keys.issuer_address(organisation),
            retired_at__isnull=True,
        )
    }
    return Pair(found[Kind.RSA], found[Kind.ED25519]) if len(found) == len(Kind) else None


def _renew(organisation: Organisation, reason: str, by: Any | None, at: datetime) -> Pair:
    for former in BadgeKey.objects.filter(organisation=organisation, retired_at__isnull=True):
        former.retired_at, former.sealed_private, former.retirement_reason = at, b"", reason
        former.save(update_fields=["retired_at", "sealed_private", "retirement_reason"])
        trace.record("badge.key_retired", former, by=by, at=at, name=former.name, reason=reason)
    rsa = _keep(organisation, Kind.RSA, keys.make_rsa(), by, at)
    return Pair(rsa, _keep(organisation, Kind.ED25519, keys.make_ed25519(), by, at))


def _keep(
    organisation: Organisation, kind: BadgeKey.Kind, made: keys.Made, by: Any | None, at: datetime
) -> BadgeKey:
    kept = BadgeKey.objects.create(
        organisation=organisation,
        issuer=keys.issuer_address(organisation),
        name=made.name,
        kind=kind,
        public=made.public,
        sealed_private=crypto.seal(made.private),
        made_at=at,
    )
    trace.record("badge.key_made", kept, by=by, at=at, name=made.name, public=made.public)
    return kept
