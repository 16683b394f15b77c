from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Organisation
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.kernel.models import StoredFile


class SessionArchive(models.Model):
    """A session's whole file as it was exported: one signed package."""

    class SignedWith(models.TextChoices):
        CERTIFICATE = "certificate", _("Certificat du centre")
        HOUSE_KEY = "house_key", _("Clé Ed25519 du centre")

    session = models.ForeignKey(ExamSession, on_delete=models.PROTECT, related_name="archives")
    number = models.PositiveSmallIntegerField()  # from 1, an export each
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    pieces = models.PositiveIntegerField()
    signed_with = models.CharField(max_length=12, choices=SignedWith)
    signer = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    keep_until = models.DateField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="archive_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.session} · {self.number}"

    @property
    def trace_stream(self) -> str:
        return f"session:{self.session_id}"


class Hold(models.Model):
    """Why nothing of a session may be destroyed for now: an appeal, an inspection, a lawsuit."""

    session = models.ForeignKey(ExamSession, on_delete=models.PROTECT, related_name="holds")
    candidate = models.ForeignKey(
        SessionCandidate, on_delete=models.PROTECT, null=True, related_name="holds"
    )  # whom it is about; the whole session is held all the same
    origin = models.CharField(max_length=60)  # who placed it: « manual », « appeal:12 »
    reason = models.CharField(max_length=300)
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-placed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "origin"],
                condition=models.Q(lifted_at__isnull=True),
                name="hold_once_an_origin",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="hold_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.session} · {self.origin}"

    @property
    def trace_stream(self) -> str:
        return f"session:{self.session_id}"


class Destruction(models.Model):
    """What was destroyed once its time was over: what, how many, their fingerprints, by which rule."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(ExamSession, on_delete=models.PROTECT, related_name="destructions")
    kind = models.CharField(max_length=20)  # policy.Kind
    rule = models.CharField(max_length=300)  # in the words of that day
    count = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField(default=0)  # bytes
    fingerprints = models.JSONField(default=list)  # SHA-256 of each, in the order of destruction
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.session} · {self.kind} · {self.count}"

    @property
    def trace_stream(self) -> str:
        return f"session:{self.session_id}"
