from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import Workspace
from acquis.certification.exam_sessions.models import SessionCandidate
from acquis.kernel.models import StoredFile


class Sitting(models.Model):
    """One candidate's exam: phases read from the framework, a private copy, productions."""

    class State(models.TextChoices):
        WAITING = "waiting", _("En attente d’ouverture")
        RUNNING = "running", _("En cours")
        FINISHED = "finished", _("Terminée")
        ABORTED = "aborted", _("Interrompue")

    candidate = models.OneToOneField(
        SessionCandidate, on_delete=models.PROTECT, related_name="sitting"
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    workspace = models.OneToOneField(
        Workspace, on_delete=models.PROTECT, null=True, related_name="sitting"
    )
    access_code = models.CharField(max_length=12)
    authorised_at = models.DateTimeField(null=True)  # the invigilator lets the candidate begin
    authorised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    abort_reason = models.CharField(max_length=300, blank=True)
    sealed_sha256 = models.CharField(max_length=64, blank=True)  # of the productions once finished

    def __str__(self) -> str:
        return f"sitting {self.pk}"

    @property
    def is_sealed(self) -> bool:
        return self.state in {self.State.FINISHED, self.State.ABORTED}

    @property
    def trace_stream(self) -> str:
        return f"sitting:{self.pk}"


class Phase(models.Model):
    """One step of the exam as the framework's data gave it, with this candidate's own clock."""

    class Kind(models.TextChoices):
        WRITTEN = "written", _("Travail écrit")
        PREPARATION = "preparation", _("Préparation")
        EXCHANGES = "exchanges", _("Échanges")
        REACTION = "reaction", _("Réaction à un enregistrement")
        INTERVIEW = "interview", _("Entretien")
        DEFENCE = "defence", _("Soutenance")
        DEPOSIT = "deposit", _("Remise d’un document")

    class State(models.TextChoices):
        WAITING = "waiting", _("À venir")
        RUNNING = "running", _("En cours")
        ENDED = "ended", _("Terminée")

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="phases")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)  # e.g. "roleplay.1"
    method = models.CharField(max_length=30)  # the contract's method
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    minutes = models.PositiveSmallIntegerField()  # the framework's, before accommodation
    planned_seconds = models.PositiveIntegerField()  # with the accommodation's extra time
    exchanges = models.PositiveSmallIntegerField(default=0)
    jury_present = models.BooleanField(default=False)
    invigilated = models.BooleanField(default=False)
    drawn_by_lot = models.BooleanField(default=False)
    listens = models.PositiveSmallIntegerField(default=1)  # how often a recording may be heard
    answer_recorded = models.BooleanField(default=False)  # an oral answer, in the browser
    spelling_help = models.BooleanField(default=False)
    late_refused = models.BooleanField(default=False)  # of a document, by the framework's own rule
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    started_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)  # moves with the time given back
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=20, blank=True)  # handed_in, time_over, invigilator
    pause_seconds = models.PositiveIntegerField(default=0)  # breaks that were decided
    paused_seconds = models.PositiveIntegerField(default=0)  # of breaks that are over
    paused_at = models.DateTimeField(null=True)  # a break was begun, and not ended by anybody

    class Meta:
        ordering = ["sitting", "position"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "position"], name="phase_position_once"),
            models.UniqueConstraint(
                fields=["sitting"],
                condition=models.Q(state="running"),
                name="phase_one_running_a_sitting",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def trace_stream(self) -> str:
        return f"sitting:{self.sitting_id}"


class TimeGrant(models.Model):
    """Time given back to a candidate: one reason each, audited."""

    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="grants")
    seconds = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField()
    request_key = models.CharField(max_length=64, null=True, unique=True)  # a double click is one

    class Meta:
        ordering = ["granted_at"]

    def __str__(self) -> str:
        return f"+{self.seconds} s"


class Production(models.Model):
    """What the candidate writes in one field, durable as soon as it is acknowledged."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="productions")
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="productions")
    key = models.SlugField()  # e.g. "summary", "stakes_customer", "letter_body"
    content = models.TextField(blank=True)
    rich = models.BooleanField(default=False)  # HTML of the editor (rich_text), else plain words
    seq = models.PositiveBigIntegerField(default=0)  # grows with each accepted save
    late = models.BooleanField(default=False)  # at least one save came after time: kept and marked
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["sitting", "phase", "key"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "key"], name="production_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.sitting} {self.key}"


class ProductionRevision(models.Model):
    """Each accepted save, never edited."""

    production = models.ForeignKey(Production, on_delete=models.PROTECT, related_name="revisions")
    seq = models.PositiveBigIntegerField()
    client_id = models.CharField(max_length=64)  # tab and number: a repetition is not saved twice
    content = models.TextField(blank=True)
    rich = models.BooleanField(default=False)
    late = models.BooleanField(default=False)
    conflicting = models.BooleanField(default=False)  # sent over a newer text: kept, not shown
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["production", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["production", "seq"], name="revision_seq_once"),
            models.UniqueConstraint(fields=["production", "client_id"], name="revision_sent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.production} #{self.seq}"


class HelpCall(models.Model):
    """A candidate's call to the invigilator."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="help_calls")
    asked_at = models.DateTimeField()
    message = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["sitting"],
                condition=models.Q(answered_at__isnull=True),
                name="one_open_help_call",
            )
        ]

    def __str__(self) -> str:
        return f"help {self.pk}"


class DeviceClaim(models.Model):
    """One device that asked for a sitting; one at a time holds it."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="devices")
    device_key = models.CharField(max_length=64)
    label = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )  # null: the first device needs nobody
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "device_key"], name="device_asks_once"),
            models.UniqueConstraint(
                fields=["sitting"],
                condition=models.Q(accepted_at__isnull=False, released_at__isnull=True),
                name="one_device_a_sitting",
            ),
        ]

    def __str__(self) -> str:
        return f"device {self.pk}"

    @property
    def trace_stream(self) -> str:
        return f"sitting:{self.sitting_id}"

    @property
    def is_held(self) -> bool:
        return self.accepted_at is not None and self.released_at is None


class CodeTries(models.Model):
    """Access codes tried in vain for one exam, whatever the process that received them."""

    sitting = models.OneToOneField(Sitting, on_delete=models.CASCADE, related_name="code_tries")
    count = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    tried_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.count} × {self.sitting}"


class Listen(models.Model):
    """One hearing of the drawn recording: the server counts them, not the browser."""

    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="heard")
    number = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=64)  # of the page that asks: fetched again, it counts once
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)  # the sound was heard to begin: it is not sent again

    class Meta:
        ordering = ["phase", "number"]
        constraints = [
            models.UniqueConstraint(fields=["phase", "number"], name="listen_number_once"),
            models.UniqueConstraint(fields=["phase", "key"], name="listen_asked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.phase} · {self.number}"


class SittingFile(models.Model):
    """A file of an exam, kept as it came, with its fingerprint and until when it is kept (G-02)."""

    class Kind(models.TextChoices):
        ANSWER = "answer", _("Réponse orale enregistrée")
        DEPOSIT = "deposit", _("Document remis")
        CALL = "call", _("Appel enregistré")
        TRANSCRIPT = "transcript", _("Transcription automatique d’un appel")
        PACKAGE = "package", _("Dossier scellé")

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="files")
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, null=True, related_name="files")
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=80)  # what it is of its kind: kept twice, it is kept once
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=255)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    seconds = models.FloatField(default=0)  # of a sound
    began_at = models.DateTimeField(null=True)
    kept_at = models.DateTimeField()
    late = models.BooleanField(default=False)  # it came after time: kept and marked
    keep_until = models.DateField()

    class Meta:
        ordering = ["sitting", "kind", "key", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "kind", "key", "version"], name="sitting_file_once"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def trace_stream(self) -> str:
        return f"sitting:{self.sitting_id}"


class SoundTake(models.Model):
    """One stretch of an oral answer as a browser records it: pieces, each durable when acknowledged."""

    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="takes")
    key = models.CharField(max_length=64)  # a name that the browser draws for each recorder
    number = models.PositiveSmallIntegerField()  # a cut, a reload: the answer goes on in the next
    media_type = models.CharField(max_length=80)
    began_at = models.DateTimeField()
    pieces = models.PositiveIntegerField(null=True)  # how many there are, once the browser says so
    late = models.BooleanField(default=False)
    kept = models.OneToOneField(
        SittingFile, on_delete=models.PROTECT, null=True, related_name="take"
    )  # the pieces put together

    class Meta:
        ordering = ["phase", "number"]
        constraints = [
            models.UniqueConstraint(fields=["phase", "key"], name="take_once"),
            models.UniqueConstraint(fields=["phase", "number"], name="take_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.phase} · {self.number}"

    @property
    def trace_stream(self) -> str:
        return f"sitting:{self.phase.sitting_id}"


class SoundPiece(models.Model):
    """A few seconds of a take."""

    take = models.ForeignKey(SoundTake, on_delete=models.CASCADE, related_name="received")
    number = models.PositiveIntegerField()
    content = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["take", "number"]
        constraints = [models.UniqueConstraint(fields=["take", "number"], name="piece_once")]

    def __str__(self) -> str:
        return f"{self.take_id}/{self.number}"
