from django.conf import settings
from django.core.files.base import File
from django.db import models
from django.utils.translation import gettext_lazy as _


class TraceHead(models.Model):
    """The end of one stream: the row that writers lock, and what a cut tail is checked against."""

    stream = models.CharField(max_length=80, unique=True)
    position = models.PositiveBigIntegerField(default=0)
    fingerprint = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.stream}@{self.position}"


class TraceLine(models.Model):
    """One act: who, when, what, on what; chained to the line before it.

    Append-only: database triggers refuse UPDATE and DELETE. No foreign keys, so that what it speaks
    of may disappear without it.
    """

    stream = models.CharField(max_length=80)
    position = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200)
    verb = models.CharField(max_length=80)
    object_type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=64)
    data = models.JSONField(default=dict)
    personal_digest = models.CharField(max_length=64, blank=True)
    previous = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)

    class Meta:
        ordering = ["stream", "position"]
        constraints = [
            models.UniqueConstraint(fields=["stream", "position"], name="trace_position_once")
        ]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="trace_by_object"),
            models.Index(fields=["stream", "verb"], name="trace_by_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.stream}#{self.position} {self.verb}"


class TracePersonalPart(models.Model):
    """The encrypted personal part of a line: may be erased, the chain still verifies."""

    stream = models.CharField(max_length=80)
    position = models.PositiveBigIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "position"], name="trace_personal_once")
        ]

    def __str__(self) -> str:
        return f"{self.stream}#{self.position}"


class OutboxMessage(models.Model):
    """News that leaves the process after commit, at least once."""

    topic = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(delivered_at__isnull=True),
                name="outbox_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.pk}"


class Job(models.Model):
    """Long work on the database queue: progress can be left and found again."""

    class State(models.TextChoices):
        WAITING = "waiting", _("En attente")
        RUNNING = "running", _("En cours")
        DONE = "done", _("Terminé")
        FAILED = "failed", _("En échec")
        CANCELLED = "cancelled", _("Annulé")

    kind = models.CharField(max_length=80)
    args = models.JSONField(default=dict)
    unique_key = models.CharField(max_length=120, null=True, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="jobs"
    )
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    message = models.CharField(max_length=300, blank=True)
    result = models.JSONField(null=True)
    error = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "created_at"], name="job_queue")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.state}"


class IdempotencyRecord(models.Model):
    """The answer given to a request, kept so that its repetition changes nothing."""

    scope = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="idempotency_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.scope}/{self.key}"


class StoredFile(models.Model):
    """A file kept by its content: same bytes, same row."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    content = models.FileField(upload_to="store/%Y/%m")
    stored_at = models.DateTimeField()
    stored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-stored_at"]

    def __str__(self) -> str:
        return self.name

    def open(self) -> "File[bytes]":
        return self.content.open("rb")
