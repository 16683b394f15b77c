from datetime import datetime

from django.db import transaction

from acquis.accounts.models import Organisation, User
from acquis.certification.seals import keys
from acquis.certification.seals.errors import AlreadyLoaded, NoCertificate
from acquis.certification.seals.keys import Identity
from acquis.certification.seals.models import HouseKey, SealingCertificate
from acquis.kernel import crypto, trace


@transaction.atomic
def load_certificate(
    *, organisation: Organisation, identity: Identity, by: User | None, at: datetime
) -> SealingCertificate:
    """Make this certificate the one that seals; the one before is retired, what it sealed stays.

    Raises AlreadyLoaded.
    """
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    print_ = keys.fingerprint(identity.certificate)
    former = organisation.sealing_certificates.filter(retired_at__isnull=True).first()
    if former is not None and former.sha256 == print_:
        raise AlreadyLoaded
    if former is not None:
        _retire(former, by, at)
    certificate = identity.certificate
    loaded = SealingCertificate.objects.create(
        organisation=organisation,
        subject=keys.words(certificate.subject)[:500],
        issuer=keys.words(certificate.issuer)[:500],
        serial=f"{certificate.serial_number:x}",
        sha256=print_,
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        chain=identity.chain,
        sealed_key=crypto.seal(identity.key_der),
        loaded_at=at,
        loaded_by=by,
    )
    trace.record(
        "seal.certificate_loaded",
        loaded,
        by=by,
        at=at,
        subject=loaded.subject,
        sha256=print_,
        not_after=loaded.not_after,
    )
    return loaded


@transaction.atomic
def retire_certificate(*, organisation: Organisation, by: User, at: datetime) -> None:
    """Seal nothing more; what was sealed stays, and still verifies. Raises NoCertificate."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    found = organisation.sealing_certificates.filter(retired_at__isnull=True).first()
    if found is None:
        raise NoCertificate
    _retire(found, by, at)


@transaction.atomic
def house_key(*, organisation: Organisation, at: datetime) -> HouseKey:
    """The centre's own Ed25519 key, made when it is first needed."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    existing = HouseKey.objects.filter(organisation=organisation).first()
    if existing is not None:
        return existing
    public, private = keys.make_house_key()
    made = HouseKey.objects.create(
        organisation=organisation,
        public=public,
        sealed_private=crypto.seal(private),
        made_at=at,
    )
    trace.record("seal.house_key_made", made, by=None, at=at, public=public)
    return made


def _retire(certificate: SealingCertificate, by: User | None, at: datetime) -> None:
    """The private key goes with it: a retired certificate seals nothing any more."""
    certificate.retired_at, certificate.sealed_key = at, b""
    certificate.save(update_fields=["retired_at", "sealed_key"])
    trace.record("seal.certificate_retired", certificate, by=by, at=at, sha256=certificate.sha256)
