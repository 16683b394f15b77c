from django.conf import settings
from django.db import models

from acquis.accounts.models import Organisation
from acquis.kernel.models import StoredFile


class SealingCertificate(models.Model):
    """The certificate with which a centre seals what it issues; its private key is sealed at rest."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="sealing_certificates"
    )
    subject = models.CharField(max_length=500)  # RFC 4514, as printed
    issuer = models.CharField(max_length=500)
    serial = models.CharField(max_length=64)  # in hexadecimal
    sha256 = models.CharField(max_length=64)  # of the certificate itself, DER
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    chain = models.TextField()  # PEM: its own certificate, then those above it
    sealed_key = models.BinaryField()  # crypto.seal(PKCS #8, DER)
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-loaded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(retired_at__isnull=True),
                name="one_sealing_certificate_in_force",
            )
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def trace_stream(self) -> str:
        return f"organisation:{self.organisation_id}"


class HouseKey(models.Model):
    """The Ed25519 key with which a centre without a certificate signs its packages."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="house_key"
    )
    public = models.TextField()  # PEM
    sealed_private = models.BinaryField()  # crypto.seal(PKCS #8, DER)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Ed25519 · {self.organisation}"

    @property
    def trace_stream(self) -> str:
        return f"organisation:{self.organisation_id}"


class Seal(models.Model):
    """The sealed copy of an issued file: the file it was made from stays as it was."""

    source = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="seal")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="sealed_from")
    certificate = models.ForeignKey(
        SealingCertificate, on_delete=models.PROTECT, related_name="seals"
    )
    digest = models.CharField(max_length=64, db_index=True)  # what the seal says of the bytes
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["-sealed_at", "-pk"]

    def __str__(self) -> str:
        return str(self.file)
