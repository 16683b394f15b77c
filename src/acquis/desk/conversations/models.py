from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow
from acquis.desk.directory.models import Customer
from acquis.kernel.models import StoredFile


class ContactCode(WorkspaceRow):
    """A reason or an outcome that qualifies a contact; reasons form a tree of two levels."""

    class Kind(models.TextChoices):
        REASON = "reason", _("Motif")
        OUTCOME = "outcome", _("Résultat")

    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=20)
    label = models.CharField(max_length=120)
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="children"
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(WorkspaceRow.Meta):
        ordering = ["kind", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "kind", "code"], name="contact_code_once")
        ]

    def __str__(self) -> str:
        return self.label


class Conversation(WorkspaceRow):
    """One contact on one channel, from its first word to its qualification."""

    class Channel(models.TextChoices):
        PHONE = "phone", _("Téléphone")
        CHAT = "chat", _("Chat")
        MAIL = "mail", _("Courriel")
        LETTER = "letter", _("Courrier")
        SMS = "sms", _("SMS")
        WHATSAPP = "whatsapp", _("WhatsApp")
        SOCIAL = "social", _("Réseau social")
        VIDEO = "video", _("Vidéo")

    class Direction(models.TextChoices):
        IN = "in", _("Entrant")
        OUT = "out", _("Sortant")

    class State(models.TextChoices):
        WAITING = "waiting", _("En attente")
        OPEN = "open", _("En cours")
        ENDED = "ended", _("Terminée")

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, null=True, blank=True, related_name="conversations"
    )  # null until identified
    channel = models.CharField(max_length=10, choices=Channel)
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.IN)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    subject = models.CharField(max_length=200, blank=True)
    contact_label = models.CharField(max_length=160, blank=True)  # as the person presents themself
    # Where they can be answered: E.164 number, e-mail address, identifier of a network.
    contact_address = models.CharField(max_length=254, blank=True)
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    adviser_label = models.CharField(max_length=160, blank=True)
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.ForeignKey(
        ContactCode, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    outcome = models.ForeignKey(
        ContactCode, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    summary = models.TextField(_("compte rendu"), blank=True)
    details = models.JSONField(default=dict, blank=True)  # what the desk asks besides, by code
    qualified_at = models.DateTimeField(null=True, blank=True)
    played_key = models.CharField(max_length=60, blank=True)  # the exchange of a scenario, if any
    # The last message and the last note that whoever holds the exchange had before their eyes.
    read_position = models.PositiveIntegerField(default=0)
    read_note = models.BigIntegerField(default=0)

    class Meta(WorkspaceRow.Meta):
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "played_key"],
                condition=~models.Q(played_key=""),
                name="played_exchange_once",
            )
        ]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(
                fields=["workspace", "state", "started_at"], name="conversation_under_way"
            ),
            models.Index(fields=["workspace", "adviser", "state"], name="conversation_of_adviser"),
            models.Index(  # few among all that ended
                fields=["workspace", "adviser"],
                condition=models.Q(state="ended", qualified_at__isnull=True),
                name="conversation_to_qualify",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.started_at:%d/%m/%Y}"

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.workspace_id}"


class Message(WorkspaceRow):
    """One message of a conversation; kept as sent."""

    class Author(models.TextChoices):
        CUSTOMER = "customer", _("Client")
        ADVISER = "adviser", _("Conseiller")
        SYSTEM = "system", _("Système")

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    position = models.PositiveIntegerField()
    author = models.CharField(max_length=10, choices=Author)
    author_label = models.CharField(max_length=160, blank=True)
    body = models.TextField()
    sent_at = models.DateTimeField()
    client_key = models.CharField(max_length=80)  # of the sender: a repetition is not sent twice

    is_note = False  # notes stand among the messages of the desk

    class Meta(WorkspaceRow.Meta):
        ordering = ["conversation", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "position"], name="message_position_once"
            ),
            models.UniqueConstraint(
                fields=["conversation", "client_key"], name="message_sent_once"
            ),
        ]

    def __str__(self) -> str:
        return self.body[:60]


class ConversationNote(WorkspaceRow):
    """What the desk says to itself about an exchange: never sent, never shown to the customer."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="notes")
    # The last message when it was written: the note stands after it.
    after_position = models.PositiveIntegerField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    author_label = models.CharField(max_length=160)
    body = models.TextField()
    written_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # kept, and shown as withdrawn
    client_key = models.CharField(max_length=80)  # a repetition is not written twice

    is_note = True

    class Meta(WorkspaceRow.Meta):
        ordering = ["conversation", "after_position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "client_key"], name="conversation_note_once"
            )
        ]

    def __str__(self) -> str:
        return self.body[:60]


class Attachment(WorkspaceRow):
    """A file that came or left with a message."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)

    class Meta(WorkspaceRow.Meta):
        ordering = ["message", "pk"]

    def __str__(self) -> str:
        return self.name
