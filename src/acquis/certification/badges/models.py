import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Organisation
from acquis.certification.awards.models import IssuedDocument


class BadgeKey(models.Model):
    """A signing key of a certifying body. Retired, it signs nothing more and stays published."""

    class Kind(models.TextChoices):
        RSA = "rsa", _("RSA 2048 (VC-JWT)")
        ED25519 = "ed25519", _("Ed25519 (preuve incorporée)")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="badge_keys"
    )
    issuer = models.CharField(max_length=300)  # the address that identified the body then
    name = models.CharField(max_length=64, unique=True)  # JWK thumbprint, RFC 7638
    kind = models.CharField(max_length=8, choices=Kind)
    public = models.TextField()  # a JWK for RSA, a Multikey for Ed25519
    sealed_private = models.BinaryField()  # crypto.seal(PKCS #8, DER); empty once retired
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    retirement_reason = models.TextField(blank=True)  # for the body and its trace, not published

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind"],
                condition=models.Q(retired_at__isnull=True),
                name="one_badge_key_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.name}"

    @property
    def trace_stream(self) -> str:
        return f"organisation:{self.organisation_id}"

    @property
    def address(self) -> str:
        return f"{self.issuer}cles/{self.name}/"


class Badge(models.Model):
    """The badge of one certificate, signed twice; both texts stay as they were signed."""

    class Reason(models.TextChoices):
        REPLACED = "replaced", _("Remplacé par un certificat corrigé")
        WITHDRAWN = "withdrawn", _("Certificat retiré par l’organisme certificateur")

    certificate = models.OneToOneField(
        IssuedDocument, on_delete=models.PROTECT, related_name="badge"
    )
    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    rsa_key = models.ForeignKey(BadgeKey, on_delete=models.PROTECT, related_name="+")
    ed25519_key = models.ForeignKey(BadgeKey, on_delete=models.PROTECT, related_name="+")
    achievement = models.CharField(max_length=120, db_index=True)  # its place under the issuer
    salt = models.CharField(max_length=64)  # of the hashed name of the holder
    jwt = models.TextField()
    json_ld = models.TextField()
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revocation_reason = models.CharField(max_length=9, choices=Reason, blank=True)

    class Meta:
        ordering = ["issued_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True, revocation_reason="")
                | (models.Q(revoked_at__isnull=False) & ~models.Q(revocation_reason="")),
                name="badge_revocation_has_a_reason",
            )
        ]

    def __str__(self) -> str:
        return self.identifier

    @property
    def identifier(self) -> str:
        return f"urn:uuid:{self.uuid}"

    @property
    def issuer(self) -> str:
        return self.rsa_key.issuer

    @property
    def trace_stream(self) -> str:
        return self.certificate.trace_stream
