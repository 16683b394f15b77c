"""Abusive contacts, what was said to the customer, and the measures decided afterwards."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow
from acquis.desk.conduct.policy import Step
from acquis.desk.conversations.models import Conversation
from acquis.desk.directory.models import Customer
from acquis.desk.documents.models import Letter

STEPS = [
    (Step.RECALL, _("Rappeler le cadre")),
    (Step.FIRST_WARNING, _("Premier avertissement")),
    (Step.SECOND_WARNING, _("Second avertissement")),
    (Step.END, _("Mettre fin à l’échange")),
]


class AbusiveContact(WorkspaceRow):
    """An exchange that its adviser marked as abusive; the facts alone, for a limited time."""

    class Nature(models.TextChoices):
        INSULT = "insult", _("Insultes")
        DISCRIMINATION = "discrimination", _("Propos discriminatoires")
        SEXUAL = "sexual", _("Propos sexistes ou sexuels")
        HARASSMENT = "harassment", _("Sollicitations malveillantes répétées")
        THREAT = "threat", _("Menaces")

    class Outcome(models.TextChoices):
        CALMED = "calmed", _("L’échange a repris")
        ENDED = "ended", _("Mis fin à l’échange")
        LEFT = "left", _("Échange déjà terminé")

    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, related_name="abusive_contact"
    )
    nature = models.CharField(max_length=14, choices=Nature)
    facts = models.TextField()
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    adviser_label = models.CharField(max_length=160)
    marked_at = models.DateTimeField()
    outcome = models.CharField(max_length=6, choices=Outcome, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)  # by the supervisor
    seen_by_label = models.CharField(max_length=160, blank=True)
    reply = models.TextField(blank=True)  # what the customer answers to it
    replied_at = models.DateTimeField(null=True, blank=True)
    keep_until = models.DateField()

    class Meta(WorkspaceRow.Meta):
        ordering = ["-marked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} {self.marked_at:%d/%m/%Y}"

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.workspace_id}"

    @property
    def is_threat(self) -> bool:
        return self.nature == self.Nature.THREAT


class ProtocolStep(WorkspaceRow):
    """Words that were said to the customer, copied, and when."""

    contact = models.ForeignKey(AbusiveContact, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=14, choices=STEPS)
    words = models.TextField()
    sent = models.BooleanField(default=False)  # written in the exchange; said aloud otherwise
    at = models.DateTimeField()
    by_label = models.CharField(max_length=160)

    class Meta(WorkspaceRow.Meta):
        ordering = ["contact", "at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "step"], name="protocol_step_once")
        ]

    def __str__(self) -> str:
        return self.words[:60]


class ContactMeasure(WorkspaceRow):
    """What is proposed after repeated abuse, and decided by the supervisor alone."""

    class Kind(models.TextChoices):
        WRITTEN_ONLY = "written_only", _("Échanges par écrit seulement")
        WARNING_LETTER = "warning_letter", _("Courrier d’avertissement")

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="contact_measures"
    )
    reason = models.TextField()
    proposed_at = models.DateTimeField()
    proposed_by_label = models.CharField(max_length=160)
    kind = models.CharField(max_length=14, choices=Kind, blank=True)  # once granted
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_label = models.CharField(max_length=160, blank=True)
    decision_reason = models.TextField(blank=True)
    until = models.DateField(null=True, blank=True)  # last day, of a granted one
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by_label = models.CharField(max_length=160, blank=True)
    letter = models.ForeignKey(
        Letter, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta(WorkspaceRow.Meta):
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="") | models.Q(until__isnull=False),
                name="measure_granted_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.reason[:60]

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.workspace_id}"

    def in_force(self, today: date) -> bool:
        return bool(self.kind) and self.lifted_at is None and (self.until or today) >= today
