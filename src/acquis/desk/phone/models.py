from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow
from acquis.desk.conversations.models import Conversation
from acquis.desk.queues.models import Queue
from acquis.kernel.models import StoredFile


class Line(WorkspaceRow):
    """How the telephone of a desk is set; a desk without a row has the defaults."""

    public = models.BooleanField(_("page d’appel publique"), default=False)
    generation = models.PositiveIntegerField(default=1)  # a new one voids the public address
    queue = models.ForeignKey(  # where its calls wait, and whose hours it keeps
        Queue, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("file d’attente"),
    )  # fmt: skip
    ring_seconds = models.PositiveSmallIntegerField(_("durée de sonnerie"), default=30)
    voicemail = models.BooleanField(_("messagerie vocale"), default=True)
    recording_percent = models.PositiveSmallIntegerField(_("appels enregistrés"), default=0)
    recording_purpose = models.CharField(
        _("finalité de l’enregistrement"), max_length=200, blank=True
    )
    # Its customers are played by people who were told of the recording beforehand, as in an exam: every
    # call is kept from its first word, nobody may object on the line, and no page is shown that answers.
    played = models.BooleanField(default=False)
    # E.164, one of the trunk's: calls to it ring here, and calls of this desk leave by it. A copy
    # of a desk has it too and reaches nobody (`queries.outside_number`).
    number = models.CharField(_("numéro du réseau public"), max_length=20, blank=True)
    outage_since = models.DateTimeField(null=True, blank=True)  # the operator cannot be reached
    outage_status = models.PositiveSmallIntegerField(
        default=0
    )  # what it answered last, 0 for nothing

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace"], name="phone_line_once"),
            models.CheckConstraint(
                condition=models.Q(recording_percent__lte=100), name="phone_percent_at_most_100"
            ),
            models.CheckConstraint(
                condition=models.Q(ring_seconds__gte=5, ring_seconds__lte=120),
                name="phone_ring_seconds_bounded",
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Téléphone')} {self.workspace_id}"


class Call(WorkspaceRow):
    """The telephone side of a conversation: who is on the line, and how it went."""

    class State(models.TextChoices):
        RINGING = "ringing", _("Sonne")
        ACTIVE = "active", _("En ligne")
        VOICEMAIL = "voicemail", _("Messagerie vocale")
        ENDED = "ended", _("Terminé")

    class Ending(models.TextChoices):
        HUNG_UP = "hung_up", _("Raccroché")
        MISSED = "missed", _("Appel manqué")
        DECLINED = "declined", _("Appel refusé")
        MESSAGE = "message", _("Message vocal")
        LOST = "lost", _("Liaison perdue")
        INTERRUPTED = "interrupted", _("Interrompu par le serveur de téléphonie")
        BUSY = "busy", _("Ligne occupée")
        NO_ANSWER = "no_answer", _("Sans réponse")
        UNASSIGNED = "unassigned", _("Numéro non attribué")
        REFUSED = "refused", _("Refusé par l’opérateur")
        FAILED = "failed", _("Appel non abouti")

    class RecordingState(models.TextChoices):
        OFF = "off", _("Non enregistré")
        ANNOUNCED = "announced", _("Annonce de l’enregistrement")
        ON = "on", _("Enregistré")
        PAUSED = "paused", _("Enregistrement en pause")
        OPPOSED = "opposed", _("Opposition du client")

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="call")
    media_key = models.CharField(max_length=32)  # the room of the media worker
    epoch = models.CharField(max_length=32, blank=True)  # of the worker that carries it
    state = models.CharField(max_length=10, choices=State, default=State.RINGING)
    number = models.CharField(max_length=20, blank=True)  # E.164, as the caller gave it
    held = models.BooleanField(default=False)
    consulting = models.BooleanField(default=False)  # the customer waits while colleagues speak
    offered_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )  # a colleague to whom it was passed, who hears it ring before the others
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=12, choices=Ending, blank=True)
    returns = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="returned_by"
    )  # the missed call that this one returns
    recording_state = models.CharField(
        max_length=10, choices=RecordingState, default=RecordingState.OFF
    )
    recording_key = models.CharField(max_length=32, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["-pk"]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(fields=["workspace", "state"], name="call_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.number}"

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.workspace_id}"


class Leg(WorkspaceRow):
    """One person on a call. The key of a customer's leg is what their page holds to prove it."""

    class Side(models.TextChoices):
        CUSTOMER = "customer", _("Client")
        ADVISER = "adviser", _("Conseiller")
        COLLEAGUE = "colleague", _("Collègue")
        SUPERVISOR = "supervisor", _("Superviseur à l’écoute")

    class State(models.TextChoices):
        RINGING = "ringing", _("Sonne")
        JOINED = "joined", _("En ligne")
        LEFT = "left", _("Parti")

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="legs")
    side = models.CharField(max_length=10, choices=Side)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    label = models.CharField(max_length=160)
    key = models.CharField(max_length=32)
    trunk_call = models.CharField(
        max_length=32, blank=True
    )  # of a telephone: what rang, else its key
    state = models.CharField(max_length=10, choices=State, default=State.RINGING)
    connected_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["pk"]
        indexes = [*WorkspaceRow.Meta.indexes, models.Index(fields=["key"], name="leg_by_key")]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "trunk_call"],
                condition=~models.Q(trunk_call=""),
                name="leg_of_trunk_call_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.label}"


class Recording(WorkspaceRow):
    """What was kept of a call, until its purge."""

    class Kind(models.TextChoices):
        CALL = "call", _("Appel")
        VOICEMAIL = "voicemail", _("Message vocal")

    class State(models.TextChoices):
        RUNNING = "running", _("En cours")
        MIXING = "mixing", _("En préparation")
        READY = "ready", _("Disponible")
        FAILED = "failed", _("Illisible")
        DELETED = "deleted", _("Supprimé")

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="recordings")
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=32)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(default=0)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # everybody together
    peaks = models.JSONField(default=list, blank=True)  # of each part, in their order, 0 to 100
    purge_on = models.DateField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_why = models.CharField(max_length=200, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "key"], name="recording_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.call_id}"

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.workspace_id}"


class Transcript(WorkspaceRow):
    """What a machine heard of a recording: a help to find a place in it, erased with it.

    `sealed` holds the lines that are known so far, each with the side that spoke; `parts` which parts
    of the recording were heard whole, so that work that was cut goes on from there.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Transcription en attente")
        RUNNING = "running", _("Transcription en cours")
        READY = "ready", _("Transcrit")
        FAILED = "failed", _("Transcription en échec")

    recording = models.OneToOneField(Recording, on_delete=models.CASCADE, related_name="transcript")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    sealed = models.BinaryField(default=b"")
    parts = models.JSONField(default=list)  # primary keys
    lines = models.PositiveIntegerField(default=0)  # how many
    sha256 = models.CharField(max_length=64, blank=True)  # of what `sealed` holds, once it is whole
    model = models.CharField(max_length=120, blank=True)
    version = models.CharField(max_length=64, blank=True)  # the SHA-256 of its weights
    engine = models.CharField(max_length=60, blank=True)
    error = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["recording"]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.recording_id}"


class RecordingPart(WorkspaceRow):
    """What one leg said, as its browser sent it; begins with the recording."""

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="parts")
    side = models.CharField(max_length=10, choices=Leg.Side)
    label = models.CharField(max_length=160)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    seconds = models.FloatField()

    class Meta(WorkspaceRow.Meta):
        ordering = ["recording", "pk"]

    def __str__(self) -> str:
        return self.label
