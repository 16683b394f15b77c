from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow
from acquis.desk.agenda.models import Appointment
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.models import Customer
from acquis.desk.phone.models import Call
from acquis.desk.video import policy


class VideoInvitation(WorkspaceRow):
    """A link by which one customer comes to one video call, once."""

    class State(models.TextChoices):
        SENT = "sent", _("Invité")
        ARRIVED = "arrived", _("Le client attend")
        CALLING = "calling", _("En visio")
        DONE = "done", _("Visio terminée")
        WITHDRAWN = "withdrawn", _("Invitation annulée")

    class Way(models.TextChoices):
        EXCHANGE = "exchange", _("Dans cet échange")
        MAIL = "mail", _("Par courriel")
        SMS = "sms", _("Par SMS")
        COPY = "copy", _("Je copie le lien moi-même")

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    label = models.CharField(max_length=160)  # who is invited, as the desk names them
    subject = models.CharField(max_length=200, blank=True)
    source = models.ForeignKey(
        Conversation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )  # the exchange in which it was proposed
    way = models.CharField(max_length=10, choices=Way)
    address = models.CharField(max_length=254, blank=True)  # where the link was sent
    inviter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    inviter_label = models.CharField(max_length=160)
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    created_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    appointment = models.OneToOneField(
        Appointment, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )  # what the slot takes of the planning
    generation = models.PositiveIntegerField(default=1)  # a new one voids the link
    device = models.CharField(max_length=64, blank=True)  # digest of what the first browser holds
    arrived_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    call = models.OneToOneField(
        Call, on_delete=models.SET_NULL, null=True, blank=True, related_name="video_invitation"
    )
    leg_key = models.CharField(max_length=32, blank=True)  # of the customer on that call

    class Meta(WorkspaceRow.Meta):
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="video_invitation_ends_later",
            )
        ]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(fields=["workspace", "state"], name="video_by_state"),
        ]

    def __str__(self) -> str:
        return f"{_('Visio')} {self.label}"

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.workspace_id}"

    @property
    def has_slot(self) -> bool:
        """Whether a moment was agreed: an invitation for now has none."""
        return self.starts_at > self.created_at

    def door(self, now: datetime) -> policy.Door:
        return policy.door(self.state, starts=self.starts_at, expires=self.expires_at, now=now)
