from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Organisation
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.kernel.models import StoredFile

METHODS = {
    "password": _("Mot de passe redonné"),
    "password+otp": _("Mot de passe et code à usage unique"),
    "password+recovery": _("Mot de passe et code de secours"),
}


class IssuedDocument(models.Model):
    """A result sheet, PV or certificate: frozen once issued, corrected only by a later document."""

    class Kind(models.TextChoices):
        RESULT_SHEET = "result_sheet", _("Fiche individuelle de résultat")
        PV = "pv", _("Procès-verbal de session")
        CERTIFICATE = "certificate", _("Certificat")
        BOOKLET = "booklet", _("Livret de certification")

    class State(models.TextChoices):
        SIGNING = "signing", _("À signer")
        ISSUED = "issued", _("Émis")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(ExamSession, on_delete=models.PROTECT, related_name="documents")
    candidate = models.ForeignKey(
        SessionCandidate, on_delete=models.PROTECT, null=True, related_name="documents"
    )
    kind = models.CharField(max_length=14, choices=Kind)
    number = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State)
    data = models.JSONField()  # all that is printed, copied at the time of writing
    data_sha256 = models.CharField(max_length=64)  # what the signatories sign
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    verification_code = models.CharField(max_length=24, unique=True, null=True)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections"
    )
    correction_reason = models.TextField(blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="document_number_once"),
            models.UniqueConstraint(
                fields=["session"],
                condition=models.Q(kind="pv", corrects__isnull=True),
                name="one_pv_a_session",
            ),
            models.UniqueConstraint(
                fields=["candidate", "kind"],
                condition=models.Q(candidate__isnull=False, corrects__isnull=True),
                name="one_document_a_candidate",
            ),
            models.UniqueConstraint(fields=["corrects"], name="document_corrected_once"),
            models.CheckConstraint(
                condition=~models.Q(state="issued")
                | models.Q(issued_at__isnull=False, file__isnull=False),
                name="issued_document_is_dated",
            ),
            models.CheckConstraint(
                condition=models.Q(corrects__isnull=True) | ~models.Q(correction_reason=""),
                name="correction_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def trace_stream(self) -> str:
        return f"session:{self.session_id}"

    @property
    def revoked(self) -> "Revocation | None":
        return getattr(self, "revocation", None)


class Revocation(models.Model):
    """The certifying body withdraws a certificate, for good: only a new document undoes it."""

    document = models.OneToOneField(
        IssuedDocument, on_delete=models.PROTECT, related_name="revocation"
    )
    reason = models.TextField()  # for the centre and the holder, never shown to the public
    revoked_at = models.DateTimeField()
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="revocation_has_a_reason")
        ]

    def __str__(self) -> str:
        return f"{self.document}"


class Signature(models.Model):
    """One person's signature of one document: who, as what, when, on which fingerprint."""

    class Quality(models.TextChoices):
        JUROR = "juror", _("Membre du jury")
        PRESIDENT = "president", _("Présidence du jury")
        COUNTERSIGN = "countersign", _("Responsable de session (contreseing)")

    document = models.ForeignKey(
        IssuedDocument, on_delete=models.PROTECT, related_name="signatures"
    )
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    quality = models.CharField(max_length=12, choices=Quality)
    name = models.CharField(max_length=200)  # as printed
    method = models.CharField(max_length=40)  # password, password+otp, password+recovery
    data_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["signed_at"]
        constraints = [models.UniqueConstraint(fields=["document", "signer"], name="signed_once")]

    def __str__(self) -> str:
        return f"{self.name} · {self.document}"

    @property
    def method_label(self) -> str:
        return str(METHODS.get(self.method, self.method))


class ResultNotice(models.Model):
    """A result told to one candidate: how it left and what became of it, the proof of the delay (X-09).

    Told again, corrected or sent to another address, it is another row; the former keeps its facts.
    """

    class Handed(models.TextChoices):
        IN_PERSON = "in_person", _("En main propre")
        POST = "post", _("Lettre recommandée")

    document = models.ForeignKey(IssuedDocument, on_delete=models.PROTECT, related_name="notices")
    candidate = models.ForeignKey(
        SessionCandidate, on_delete=models.PROTECT, related_name="result_notices"
    )
    current = models.BooleanField(default=True)  # the last one told to this candidate
    due = models.DateField(null=True)  # the rule's last day, copied; none for a correction
    email = models.EmailField(blank=True)  # as the record said then; none: handed over
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    message_id = models.CharField(max_length=200, blank=True, db_index=True)
    sent_at = models.DateTimeField(null=True)
    delay_reason = models.CharField(max_length=300, blank=True)  # of the last attempt that failed
    bounced_at = models.DateTimeField(null=True)
    bounce_reason = models.CharField(max_length=300, blank=True)  # in the words of the server
    opened_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    handed = models.CharField(max_length=9, choices=Handed, blank=True)
    handed_on = models.DateField(null=True)
    handed_detail = models.CharField(max_length=200, blank=True)  # the number of the post, a word
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["noted_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate"],
                condition=models.Q(current=True),
                name="result_notice_one_current",
            ),
            models.CheckConstraint(
                condition=models.Q(handed="", handed_on__isnull=True, handed_by__isnull=True)
                | (
                    ~models.Q(handed="")
                    & models.Q(handed_on__isnull=False, handed_by__isnull=False)
                ),
                name="result_notice_handed_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} · {self.noted_at:%Y-%m-%d}"

    @property
    def trace_stream(self) -> str:
        return self.document.trace_stream


class NumberSeries(models.Model):
    """The last number of a gapless series, e.g. PV-2026; the row is locked by writers."""

    name = models.CharField(max_length=60, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.last}"
