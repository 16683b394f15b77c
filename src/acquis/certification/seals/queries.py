from collections.abc import Iterable
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from acquis.accounts.models import Organisation
from acquis.certification.seals import keys
from acquis.certification.seals.models import Seal, SealingCertificate
from acquis.kernel import crypto
from acquis.kernel.models import StoredFile


def certificate_of(organisation: Organisation | int) -> SealingCertificate | None:
    """The one that is loaded, whether or not its time has come or gone."""
    return SealingCertificate.objects.filter(
        organisation=organisation, retired_at__isnull=True
    ).first()


def certificate_in_force(
    organisation: Organisation | int, now: datetime
) -> SealingCertificate | None:
    found = certificate_of(organisation)
    return found if found is not None and found.not_before <= now < found.not_after else None


def identity_of(certificate: SealingCertificate) -> keys.Identity:
    return keys.identity_from(certificate.chain, crypto.unseal(bytes(certificate.sealed_key)))


def sealed_copy(file: StoredFile) -> StoredFile:
    """What is given to people: the sealed copy where there is one, else the file itself."""
    seal = Seal.objects.filter(source=file).select_related("file").first()
    return seal.file if seal is not None else file


def sealed_among(files: Iterable[int]) -> dict[int, datetime]:
    """When each of these files was sealed, by the key of the file."""
    rows = Seal.objects.filter(source__in=files)
    return dict(rows.values_list("source_id", "sealed_at"))


def known_roots() -> list[bytes]:
    """The top of the chain of every certificate that a centre of this house loaded, DER."""
    chains = SealingCertificate.objects.values_list("chain", flat=True)
    tops = {
        x509.load_pem_x509_certificates(chain.encode())[-1].public_bytes(Encoding.DER)
        for chain in chains
    }
    return sorted(tops)


def centre_named(sha256: str) -> str:
    """The centre of this house whose certificate this is; empty when it is nobody's here."""
    found = (
        SealingCertificate.objects.filter(sha256=sha256)
        .order_by("pk")
        .values_list("organisation__name", flat=True)
        .first()
    )
    return found or ""


def kept_of(digest: str) -> StoredFile | None:
    """The sealed file of this house whose seal says this fingerprint."""
    seal = Seal.objects.filter(digest=digest).select_related("file").first() if digest else None
    return seal.file if seal is not None else None
