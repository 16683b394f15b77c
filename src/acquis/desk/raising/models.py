"""Ideas and malfunctions raised to the hierarchy, and what became of them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from acquis.accounts.models import WorkspaceRow
from acquis.desk.cases.models import Case, RecurrenceAlert
from acquis.desk.conversations.models import Conversation
from acquis.desk.knowledge.models import Article
from acquis.desk.raising import policy


class Raised(WorkspaceRow):
    """Something that whoever speaks with customers saw, told to whoever can change it."""

    class Kind(models.TextChoices):
        IDEA = "idea", _("Idée")
        MALFUNCTION = "malfunction", _("Dysfonctionnement")
        WORDING = "wording", _("Information fausse ou manquante")
        TOOL = "tool", _("Outil ou procédure")

    class State(models.TextChoices):
        RAISED = policy.RAISED, _("À étudier")
        ACCEPTED = policy.ACCEPTED, _("Retenue")
        IN_PROGRESS = policy.IN_PROGRESS, _("Engagée")
        DONE = policy.DONE, _("Réalisée")
        REFUSED = policy.REFUSED, _("Non retenue")

    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=12, choices=State, default=State.RAISED)
    title = models.CharField(max_length=160)
    seen = models.TextField()  # what was seen
    effect = models.TextField(blank=True)  # on customers
    proposal = models.TextField(blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    author_label = models.CharField(max_length=160)
    raised_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # What the author has read of the follow-up; what is newer is told to them.
    read_at = models.DateTimeField()
    article = models.ForeignKey(
        Article, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    conversation = models.ForeignKey(
        Conversation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    alert = models.ForeignKey(
        RecurrenceAlert, on_delete=models.SET_NULL, null=True, blank=True, related_name="raised"
    )

    class Meta(WorkspaceRow.Meta):
        ordering = ["-raised_at", "-pk"]
        indexes = [
            *WorkspaceRow.Meta.indexes,
            models.Index(fields=["workspace", "state", "raised_at"], name="raised_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["alert"],
                condition=models.Q(alert__isnull=False),
                name="raised_of_an_alert_once",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def trace_stream(self) -> str:
        return f"workspace:{self.workspace_id}"


class RaisedCase(WorkspaceRow):
    """A case that shows what was raised: how many say the effect on customers."""

    raised = models.ForeignKey(Raised, on_delete=models.CASCADE, related_name="ties")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="raised_ties")

    class Meta(WorkspaceRow.Meta):
        ordering = ["raised", "pk"]
        constraints = [models.UniqueConstraint(fields=["raised", "case"], name="raised_case_once")]

    def __str__(self) -> str:
        return f"{self.raised_id} · {self.case_id}"


class MeToo(WorkspaceRow):
    """Somebody else who sees the same."""

    raised = models.ForeignKey(Raised, on_delete=models.CASCADE, related_name="me_toos")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    person_label = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta(WorkspaceRow.Meta):
        ordering = ["raised", "pk"]
        constraints = [models.UniqueConstraint(fields=["raised", "person"], name="me_too_once")]

    def __str__(self) -> str:
        return self.person_label


class RaisedAnswer(WorkspaceRow):
    """One line of the follow-up, with the state that it gives."""

    raised = models.ForeignKey(Raised, on_delete=models.CASCADE, related_name="answers")
    at = models.DateTimeField()
    by_label = models.CharField(max_length=160)
    body = models.TextField(blank=True)
    new_state = models.CharField(max_length=12, choices=Raised.State, blank=True)

    class Meta(WorkspaceRow.Meta):
        ordering = ["raised", "at", "pk"]

    def __str__(self) -> str:
        return self.body[:60]
