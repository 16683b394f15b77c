from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow
from acquis.desk.conversations.models import Message
from acquis.desk.queues.models import Queue


class Channel(models.TextChoices):
    SMS = "sms", _("SMS")
    WHATSAPP = "whatsapp", _("WhatsApp")
    SOCIAL = "social", _("Réseau social")


class Gateway(WorkspaceRow):
    """What carries one channel to the outside and back.

    A row that came with a copy of a desk (`origin_id`) carries nothing: a copy reaches nobody.
    """

    channel = models.CharField(_("canal"), max_length=10, choices=Channel)
    name = models.CharField(_("nom"), max_length=80)
    key = models.CharField(max_length=40)  # in the address where it calls us
    address = models.URLField(_("adresse d’envoi"), max_length=300)
    sender = models.CharField(_("expéditeur"), max_length=60, blank=True)
    secret = models.BinaryField()  # sealed (kernel.crypto)
    queue = models.ForeignKey(  # where its messages wait, and whose hours it keeps
        Queue, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("file d’attente"),
    )  # fmt: skip
    closed_answer = models.TextField(  # sent at the beginning of an exchange; "": none
        _("réponse automatique hors des horaires"), max_length=600, blank=True
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        ordering = ["channel", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="gateway_key_once"),
            models.UniqueConstraint(
                fields=["workspace", "channel"],
                condition=models.Q(is_active=True),
                name="gateway_of_channel_once",
            ),
        ]
        indexes = [*WorkspaceRow.Meta.indexes, models.Index(fields=["key"], name="gateway_by_key")]

    def __str__(self) -> str:
        return self.name


class Delivery(WorkspaceRow):
    """What became of a message that left."""

    class State(models.TextChoices):
        QUEUED = "queued", _("En partance")
        SENT = "sent", _("Envoyé")
        DELIVERED = "delivered", _("Remis")
        FAILED = "failed", _("Non remis")

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="delivery")
    gateway = models.ForeignKey(
        Gateway, on_delete=models.SET_NULL, null=True, blank=True, related_name="deliveries"
    )  # null: the embedded one
    recipient = models.CharField(max_length=254)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    reason = models.CharField(max_length=300, blank=True)
    remote_id = models.CharField(max_length=120, blank=True)  # the gateway's own
    segments = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        ordering = ["-queued_at", "-pk"]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(fields=["gateway", "remote_id"], name="delivery_by_remote_id"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient} {self.state}"


class ReceivedEvent(WorkspaceRow):
    """An event that a gateway told us, so that its repetition changes nothing."""

    gateway = models.ForeignKey(Gateway, on_delete=models.CASCADE, related_name="events")
    event_id = models.CharField(max_length=120)
    received_at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["gateway", "event_id"], name="gateway_event_once")
        ]

    def __str__(self) -> str:
        return self.event_id


class OptOut(WorkspaceRow):
    """An address that answered STOP on a channel, from that instant."""

    channel = models.CharField(max_length=10, choices=Channel)
    address = models.CharField(max_length=254)
    said_at = models.DateTimeField()
    words = models.CharField(max_length=60)

    class Meta(WorkspaceRow.Meta):
        ordering = ["-said_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "channel", "address"], name="opt_out_once")
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.address}"


class ApprovedTemplate(WorkspaceRow):
    """A text that WhatsApp lets out after the 24 hours, its variables between braces."""

    name = models.CharField(_("nom"), max_length=80)
    body = models.TextField(_("texte"), max_length=1000)

    class Meta(WorkspaceRow.Meta):
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="approved_template_once")
        ]

    def __str__(self) -> str:
        return self.name
