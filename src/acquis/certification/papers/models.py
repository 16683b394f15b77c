from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Organisation
from acquis.certification.exam_sessions.models import ExamSession, SessionCandidate
from acquis.kernel.models import StoredFile


class Subject(models.Model):
    """A secret exam subject: its content is encrypted at rest, its cover is readable."""

    class Kind(models.TextChoices):
        WRITTEN = "written", _("Dossier écrit")
        EXCHANGES = "exchanges", _("Échanges avec des clients")
        RECORDING = "recording", _("Enregistrement d’appel")

    class State(models.TextChoices):
        DRAFT = "draft", _("Brouillon")
        SUBMITTED = "submitted", _("Soumis à la direction")
        VALIDATED = "validated", _("Validé")
        WITHDRAWN = "withdrawn", _("Retiré")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="subjects"
    )
    reference = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=Kind)
    framework_code = models.CharField(max_length=40)
    block = models.CharField(max_length=40, blank=True)
    pack = models.SlugField()  # the fictitious enterprise it plays in
    title = models.CharField(max_length=200)  # says nothing of the content
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    sealed = models.BinaryField()  # crypto.seal(JSON)
    sha256 = models.CharField(max_length=64)  # of the clear content, the sound's fingerprint in it
    recording = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+"
    )  # crypto.seal(sound): the file of a call that is listened to
    recording_type = models.CharField(max_length=40, blank=True)
    recording_sha256 = models.CharField(max_length=64, blank=True)  # of the clear sound
    family = models.CharField(max_length=40)  # the reference of the first version
    number = models.PositiveSmallIntegerField(default=1)  # of this version
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    validated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    validated_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["reference"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "reference"], name="subject_reference_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="validated") | models.Q(validated_at__isnull=False),
                name="subject_validated_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def trace_stream(self) -> str:
        return f"subject:{self.pk}"


class Attachment(models.Model):
    """A file sealed with a subject; its name, its type and who reads it are in the sealed content."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="attachments")
    number = models.PositiveSmallIntegerField()  # from 1, as in the content
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)  # of the clear file, bound by the subject's own

    class Meta:
        ordering = ["subject", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "number"], name="subject_attachment_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} · {self.number}"


class BroughtFile(models.Model):
    """A file that an author brought into the form, sealed at once, until its subject is sealed.

    A form that comes back with an error keeps it; one that nobody sealed goes after a day.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()  # crypto.seal(JSON): name, media_type, size, sha256, reader
    brought_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.owner} · {self.brought_at:%Y-%m-%d %H:%M}"


class DrawCommitment(models.Model):
    """What the draws of a session follow from, sealed; its fingerprint is published before them.

    The seed is told once the exams are over: whoever kept the fingerprint can then check that
    neither the seed nor the subjects were changed in between.
    """

    session = models.ForeignKey(
        ExamSession, on_delete=models.PROTECT, related_name="draw_commitments"
    )
    commitment = models.CharField(max_length=64)  # SHA-256 of the seed and of what is frozen
    frozen = models.JSONField()  # {"session": reference, "pools": {kind: {reference: sha256}}}
    sealed_seed = models.BinaryField()  # crypto.seal(32 bytes of the operating system)
    committed_at = models.DateTimeField()
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True)  # why it replaced a former one
    # Beside the one in force, for a kind of which it froze nothing: made at that kind's first draw.
    supplement = models.BooleanField(default=False)
    replaced_at = models.DateTimeField(null=True)
    seed = models.CharField(max_length=64, blank=True)  # in hexadecimal, once it is told
    revealed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["committed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session"],
                condition=models.Q(replaced_at__isnull=True, supplement=False),
                name="draw_commitment_one_in_force",
            ),
            models.CheckConstraint(
                condition=models.Q(seed="") | models.Q(revealed_at__isnull=False),
                name="draw_commitment_told_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} · {self.commitment[:12]}"


class Draw(models.Model):
    """A subject drawn by lot for one candidate, with all that is needed to recompute it."""

    session = models.ForeignKey(ExamSession, on_delete=models.PROTECT, related_name="draws")
    candidate = models.ForeignKey(SessionCandidate, on_delete=models.PROTECT, related_name="draws")
    kind = models.CharField(max_length=12, choices=Subject.Kind)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="draws")
    commitment = models.ForeignKey(
        DrawCommitment, on_delete=models.PROTECT, null=True, related_name="draws"
    )
    pool = models.JSONField()  # references of the eligible subjects, sorted
    excluded = models.JSONField(default=list)  # [{reference, reason}]: already_seen, withdrawn
    seed = models.CharField(
        max_length=64
    )  # the candidate's own, derived from the session's, in hex
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["session", "candidate", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "kind"], name="draw_once_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.candidate} ← {self.subject}"


class SubjectOpening(models.Model):
    """Who opened which sealed subject, and when."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="openings")
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, null=True, related_name="openings")
    attachment = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, related_name="openings"
    )  # when a file was opened
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField()
    purpose = models.CharField(max_length=40)

    class Meta:
        ordering = ["opened_at"]

    def __str__(self) -> str:
        return f"{self.subject} · {self.opened_by}"
